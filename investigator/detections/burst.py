"""Bursts: many different things by one caller within minutes, found by the engine of the evidence store."""

from dataclasses import dataclass
from datetime import timedelta

from investigator.detections.detection import Detection
from investigator.detections.pipeline import NO_FORWARDED_READ, SCOPE
from investigator.domain.expression import Clause, Crowd, Expression, Measure, Sought

CREDENTIAL = (("key", "principal"),)
"""Callers are told apart by their key, or else their principal."""


@dataclass(frozen=True, slots=True)
class Burst(Detection):
    """A rule over many events: within `minutes`, one caller reaches every measure."""

    minutes: int
    measures: tuple[Measure, ...]
    names: tuple[str, ...] | None = None
    clauses: tuple[Clause, ...] = ()
    request: str | None = None
    """SQL over the request that has to hold too."""
    callers: tuple[tuple[str, ...], ...] = CREDENTIAL

    @property
    def crowd(self) -> Crowd:
        """What the evidence store looks for; a service that reads on the caller's behalf makes no burst of it."""
        scope = (*self.clauses, *SCOPE, *NO_FORWARDED_READ)
        if self.request is None:
            sought = Sought(self.names, scope)
        else:
            sought = Sought(self.names, scope, Expression("NULL::BOOLEAN", ()), self.request)
        return Crowd(sought, self.callers, timedelta(minutes=self.minutes), self.measures)
