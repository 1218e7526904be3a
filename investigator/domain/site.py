"""What the operator says of his own accounts: deploy roles whose changes are routine, rules that count or rest."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from investigator.domain.hit import Hit
from investigator.domain.words import Severity

_MODE = re.compile(r"(?P<account>\d{12}|\*)(?:/(?P<rule>[A-Za-z0-9_.-]+|\*))?=(?P<does>off|count|report)")


class Does(StrEnum):
    """What becomes of the hits of a rule in an account."""

    OFF = "off"
    """They are not told; a case says so in a Gap."""
    COUNT = "count"
    """They are told at the lowest level and make no finding."""
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Mode:
    """What an account, or all of them, does with a rule, or with all."""

    account: str
    rule: str
    does: Does

    def fits(self, hit: Hit) -> bool:
        """Whether it speaks of the hit: by the name of the rule or by its row."""
        return self.account in ("*", hit.account) and self.rule in ("*", hit.name, hit.rule_id)

    @property
    def exactness(self) -> tuple[bool, bool]:
        """An account weighs more than all accounts, then a rule more than all rules."""
        return (self.account != "*", self.rule != "*")


def mode(text: str) -> Mode:
    """`ACCOUNT[/RULE]=off|count|report`, with `*` for all; raises ValueError."""
    found = _MODE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not ACCOUNT[/RULE]=off|count|report, such as 111122223333/assume-role=count")
    return Mode(found["account"], found["rule"] or "*", Does(found["does"]))


@dataclass(frozen=True, slots=True)
class Site:
    """The lists of one site."""

    automation: frozenset[str] = frozenset()
    """Names of roles, or ARNs, whose changes are routine: a hit on one is a level lower, never nothing.

    A user goes by its ARN alone: whoever makes one chooses its name.
    """
    modes: Sequence[Mode] = ()
    """The most exact one that fits a hit holds; among equals, the last."""

    def judged(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        """The hits as the site wants them told."""
        for hit in hits:
            match self._does(hit):
                case Does.OFF:
                    continue
                case Does.COUNT:
                    yield hit.model_copy(update={"level": Severity.INFORMATIONAL, "harmful": False})
                case Does.REPORT:
                    yield self._weighed(hit)

    def resting(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        """The hits of which a case makes nothing because the site says so."""
        return (hit for hit in hits if self._does(hit) is not Does.REPORT)

    def is_off(self, hit: Hit) -> bool:
        """Whether it is not told at all."""
        return self._does(hit) is Does.OFF

    def _does(self, hit: Hit) -> Does:
        fitting = [mode for mode in self.modes if mode.fits(hit)]
        return max(reversed(fitting), key=lambda mode: mode.exactness).does if fitting else Does.REPORT

    def _weighed(self, hit: Hit) -> Hit:
        role = hit.principal.rpartition("/")[2] if ":role/" in hit.principal else ""
        listed = not self.automation.isdisjoint((hit.principal, role))
        return hit.model_copy(update={"level": hit.level.lowered()}) if listed else hit
