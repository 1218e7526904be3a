"""The order in which hits are read: what weighs most, is rare, and stands among other steps of a day, comes first.

An intruder shows several tactics within a day, by one principal or by several from one address; what people and
programs do every day shows few.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from investigator.detections.habits import Sightings, Span, told_apart
from investigator.domain.hit import Hit
from investigator.domain.search import Search
from investigator.domain.words import Severity, Tactic
from investigator.ports.store import Evidence

WEIGHT = {
    Severity.INFORMATIONAL: 0.0,
    Severity.LOW: 1.0,
    Severity.MEDIUM: 3.0,
    Severity.HIGH: 6.0,
    Severity.CRITICAL: 9.0,
}
HARMFUL, RARE, EACH_TACTIC, MOST_TACTICS = 2.0, 2.0, 1.5, 6
"""What harm by itself adds, a rule that hits one caller alone, and each further tactic of the day."""
CROWD = 5
"""Principals above which an address is one that many share, and joins nothing."""
_LAST = datetime.max.replace(tzinfo=UTC)
Group = tuple[str, date]
"""A principal or an address, and a day."""


def for_reading(hits: Sequence[Hit], store: Evidence, *, habits: bool) -> tuple[Hit, ...]:
    """The hits in the order in which they are to be read; `habits` are told apart first, at the lowest level."""
    days = [count.hour.date() for count in store.hours(Search())]
    seen = store.moments(list({id_ for hit in hits if _weighs(hit) for id_ in hit.event_ids}), "ip")
    told = told_apart(hits, seen, Span(days[0], days[-1])) if habits and days else hits
    return ranked([*told], seen)


def ranked(hits: Sequence[Hit], seen: Sightings) -> tuple[Hit, ...]:
    """The hits, those to be read first at the beginning; equal ones by time, rule and principal."""
    groups = {place: frozenset(_groups(hit, seen)) for place, hit in enumerate(hits)}
    shared = _shared(hits, groups)
    tactics = _tactics(hits, groups)
    callers = _callers(hits)

    def points(place: int) -> float:
        hit = hits[place]
        together = max((len(tactics[group]) for group in groups[place] - shared if group in tactics), default=1)
        further = min(MOST_TACTICS, max(0, together - 1)) if _weighs(hit) else 0
        rare = RARE / max(1, len(callers.get(hit.name, ())))
        return WEIGHT[hit.level] + HARMFUL * hit.harmful + EACH_TACTIC * further + rare

    order = sorted(range(len(hits)), key=lambda place: (-points(place), *_ties(hits[place])))
    return tuple(hits[place] for place in order)


def _weighs(hit: Hit) -> bool:
    return hit.level is not Severity.INFORMATIONAL


def _ties(hit: Hit) -> tuple[datetime, str, str, str, str]:
    return (hit.first or _LAST, hit.name, hit.account, hit.principal, hit.outcome)


def _groups(hit: Hit, seen: Sightings) -> Iterator[Group]:
    """Whose days the events of a hit belong to; an address that is none, such as a service's name, is left out."""
    for id_ in hit.event_ids if _weighs(hit) else ():
        time, address = seen.get(id_, (None, ""))
        if time:
            yield hit.principal, time.date()
            if address and not address.endswith(".amazonaws.com"):
                yield address, time.date()


def _shared(hits: Sequence[Hit], groups: Mapping[int, frozenset[Group]]) -> frozenset[Group]:
    """The groups of addresses that many principals share."""
    principals: dict[str, set[str]] = defaultdict(set)
    for place, found in groups.items():
        for name, _ in found:
            principals[name].add(hits[place].principal)
    return frozenset(group for found in groups.values() for group in found if len(principals[group[0]]) > CROWD)


def _tactics(hits: Sequence[Hit], groups: Mapping[int, frozenset[Group]]) -> Mapping[Group, set[Tactic]]:
    """The tactics of weight in each group."""
    tactics: dict[Group, set[Tactic]] = defaultdict(set)
    for place, found in groups.items():
        if hits[place].level.number >= Severity.MEDIUM.number:
            for group in found:
                tactics[group].add(hits[place].tactic)
    return tactics


def _callers(hits: Iterable[Hit]) -> Mapping[str, set[tuple[str, str]]]:
    """Who is hit by each rule above the lowest level."""
    callers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for hit in hits:
        if _weighs(hit):
            callers[hit.name].add((hit.principal, hit.account))
    return callers
