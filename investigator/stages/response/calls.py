"""What is called for: a template, what it is about, and the findings and records that call for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Call:
    """A template by name, what it is about, and the findings that call for it."""

    template: str
    on: str
    values: Mapping[str, str]
    needs: tuple[str, ...]
    account: str = ""
    region: str = ""
    partition: str = "aws"
    """Where its ARN does not say it."""
    disrupts: bool = False
    """It stops work that may be legitimate: only where the user allowed that."""
    also: frozenset[str] = frozenset()
    """Other names of the same thing, by which it may have been undone."""
    first: datetime | None = None
    last: datetime | None = None
    """When the effect was had that it undoes; None for what an accused entity calls for."""

    @property
    def key(self) -> tuple[str, ...]:
        """Calls of one key are one action."""
        return (self.template, self.account, self.region, *self.values.values(), "" if self.values else self.on)

    def with_also(self, other: "Call") -> "Call":
        """This call, needed by the findings of another one of its key too."""
        needs = sorted({*self.needs, *other.needs}, key=lambda finding: (len(finding), finding))
        times = sorted(time for call in (self, other) for time in (call.first, call.last) if time)
        span = {"first": times[0], "last": times[-1]} if times else {}
        return replace(
            self, needs=tuple(needs), disrupts=self.disrupts and other.disrupts, also=self.also | other.also, **span
        )
