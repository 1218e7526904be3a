"""Habits: what a caller has long done from the same network tells little, and is said at the lowest level.

A day is one of a habit when the same rule hit the same caller from the same network on three other days, of which the
first is a week ago or more; or, in the first week of evidence that reaches over two, on three days of that week: then
it was so when the records begin. A day with far more than any day a week before is none. What is harmful by itself,
what weighs more than medium, and a change that makes a way in or hides one never becomes a habit, nor does what a
service forwards: its name is no network.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from investigator.domain.hit import Hit
from investigator.domain.ids import EvidenceId
from investigator.domain.networks import is_address, network_of
from investigator.domain.words import Severity, Tactic

WEEK = timedelta(days=7)
SHORTEST = timedelta(days=14)
"""What evidence has to reach over before its first week can be called usual."""
DAYS = 3
"""Days that make a habit."""
MORE = 3
"""So many times the most of an earlier day is still as usual."""
NEVER = frozenset(
    {
        Tactic.INITIAL_ACCESS, Tactic.EXECUTION, Tactic.PERSISTENCE, Tactic.PRIVILEGE_ESCALATION,
        Tactic.DEFENSE_EVASION, Tactic.LATERAL_MOVEMENT, Tactic.EXFILTRATION,
    }
)  # fmt: skip
"""Tactics whose hits of medium weight are told however usual."""
Sightings = Mapping[EvidenceId, tuple[datetime | None, str]]
"""The time and the address of each event."""


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day of the evidence."""

    first: date
    last: date

    @property
    def first_week(self) -> date:
        """The day behind the week in which things may be usual from the beginning; the first day when it is short."""
        return self.first + WEEK if self.last - self.first >= SHORTEST else self.first


def told_apart(hits: Iterable[Hit], seen: Sightings, span: Span) -> Iterator[Hit]:
    """The hits; what is habit in one becomes a hit of its own, of the lowest level."""
    for hit in hits:
        usual = frozenset[EvidenceId]() if _stays(hit) else _usual(hit.event_ids, seen, span)
        if not usual:
            yield hit
            continue
        if len(usual) < len(hit.event_ids):
            yield hit.part({id_: seen[id_][0] for id_ in hit.event_ids if id_ not in usual}, hit.level)
        yield hit.part({id_: seen[id_][0] for id_ in hit.event_ids if id_ in usual}, Severity.INFORMATIONAL)


def _stays(hit: Hit) -> bool:
    medium = hit.level is Severity.MEDIUM and hit.tactic in NEVER
    weighty = hit.harmful or medium or hit.level.number > Severity.MEDIUM.number
    return weighty or hit.level is Severity.INFORMATIONAL or hit.count <= DAYS


def _usual(ids: Sequence[EvidenceId], seen: Sightings, span: Span) -> frozenset[EvidenceId]:
    """The ids that stand in days of a habit."""
    dated = ((id_, *seen[id_]) for id_ in ids)
    places = {id_: (network_of(address), time.date()) for id_, time, address in dated if time and is_address(address)}
    calls = Counter(places.values())
    days: dict[str, dict[date, int]] = {}
    for (network, day), number in calls.items():
        days.setdefault(network, {})[day] = number
    usual = {(network, day) for network, by_day in days.items() for day in _of_habit(by_day, span)}
    return frozenset(id_ for id_, place in places.items() if place in usual)


def _of_habit(calls: Mapping[date, int], span: Span) -> Iterator[date]:
    """The days of a habit among days with so many calls each."""
    begun = min(calls)
    early = [day for day in calls if day < span.first_week]
    for day, number in calls.items():
        long_since = [one for one in calls if one < day] if begun <= day - WEEK else []
        others = early if day in early else long_since
        as_usual = [one for one in others if one <= day - WEEK or day in early]
        most = max((calls[one] for one in as_usual if one != day), default=0)
        if len(others) >= DAYS and number <= MORE * most:
            yield day
