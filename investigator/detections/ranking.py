"""The order in which hits are read: what weighs most, is rare, and stands among other steps of a day, comes first.

An intruder shows several tactics within a day, by one principal or by several from one address; what people and
programs do shows few, or as many on one day as on another.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from investigator.detections.habits import Sightings, Span, told_apart
from investigator.domain.hit import Hit, by_time
from investigator.domain.networks import is_address
from investigator.domain.search import Search
from investigator.domain.words import Severity, Tactic
from investigator.ports.store import Evidence

LEVELS = {Severity.LOW: 1.0, Severity.MEDIUM: 3.0, Severity.HIGH: 6.0, Severity.CRITICAL: 9.0}
HARMFUL, RARE, EACH_TACTIC, MOST_TACTICS = 2.0, 2.0, 1.5, 6
"""What harm by itself adds, a rule that hits one caller alone, and each further tactic of the day."""
CROWD = 5
"""Callers by name above which an address is one that many share on other days, and joins nothing."""
NOBODY = frozenset({"", "unknown", "anonymous"})
"""Principals that stand for many."""
Who = tuple[str, str]
"""A principal and its account, or an address and nothing."""
Group = tuple[Who, date]


def for_reading(
    hits: Sequence[Hit], store: Evidence, judged: Callable[[Iterable[Hit]], Iterable[Hit]], *, habits: bool
) -> tuple[Hit, ...]:
    """The hits in the order in which they are to be read.

    `habits` are told apart first, at the lowest level; then the site has its word.
    """
    days = [count.hour.date() for count in store.hours(Search())]
    seen = store.moments(list({id_ for hit in hits if _weighs(hit) for id_ in hit.event_ids}), "ip")
    told = told_apart(hits, seen, Span(days[0], days[-1])) if habits and days else hits
    return ranked([*judged(told)], seen)


def ranked(hits: Sequence[Hit], seen: Sightings) -> tuple[Hit, ...]:
    """The hits, those to be read first at the beginning; equal ones by time, rule and principal."""
    groups = [frozenset(_groups(hit, seen)) for hit in hits]
    shared = _shared(hits, groups)
    further = _further(hits, groups)
    callers = _callers(hits)

    def points(place: int) -> float:
        hit = hits[place]
        if not _weighs(hit):
            return 0
        steps = max((further.get(group, 0) for group in groups[place] - shared), default=0)
        return LEVELS[hit.level] + HARMFUL * hit.harmful + EACH_TACTIC * steps + RARE / len(callers[hit.name])

    order = sorted(range(len(hits)), key=lambda place: (-points(place), *by_time(hits[place])))
    return tuple(hits[place] for place in order)


def _weighs(hit: Hit) -> bool:
    return hit.level is not Severity.INFORMATIONAL


def _groups(hit: Hit, seen: Sightings) -> Iterator[Group]:
    """Whose days the events of a hit belong to: the caller's, and the address's where it is one."""
    somebody = hit.principal not in NOBODY and not hit.principal.endswith(".amazonaws.com")
    for id_ in hit.event_ids if _weighs(hit) else ():
        time, address = seen.get(id_, (None, ""))
        if time and somebody:
            yield (hit.principal, hit.account), time.date()
        if time and is_address(address):
            yield (address, ""), time.date()


def _shared(hits: Sequence[Hit], groups: Sequence[frozenset[Group]]) -> frozenset[Group]:
    """The days of addresses from which many call on other days; a role is one name in all accounts."""
    names: dict[Who, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for hit, found in zip(hits, groups, strict=True):
        for who, day in found:
            names[who][day].add(hit.principal.rpartition(":")[2])
    return frozenset((who, day) for who, days in names.items() for day in days if _others(days, day) > CROWD)


def _others(days: Mapping[date, set[str]], day: date) -> int:
    """How many names there are on other days than this one."""
    return len({name for one, names in days.items() if one != day for name in names})


def _further(hits: Sequence[Hit], groups: Sequence[frozenset[Group]]) -> Mapping[Group, int]:
    """How many tactics of weight each day has beyond the first, and beyond those of any other day of the same."""
    tactics: dict[Who, dict[date, set[Tactic]]] = defaultdict(lambda: defaultdict(set))
    for hit, found in zip(hits, groups, strict=True):
        if hit.level.number >= Severity.MEDIUM.number:
            for who, day in found:
                tactics[who][day].add(hit.tactic)
    return {(who, day): min(MOST_TACTICS, more) for who, days in tactics.items() for day, more in _beyond(days)}


def _beyond(days: Mapping[date, set[Tactic]]) -> Iterator[tuple[date, int]]:
    """How much more each day holds than any other one."""
    most = [*sorted((len(found) for found in days.values()), reverse=True), 0]
    for day, found in days.items():
        others = most[1] if len(found) == most[0] else most[0]
        yield day, max(0, len(found) - max(1, others))


def _callers(hits: Iterable[Hit]) -> Mapping[str, set[Who]]:
    """Who is hit by each rule above the lowest level."""
    callers: dict[str, set[Who]] = defaultdict(set)
    for hit in hits:
        if _weighs(hit):
            callers[hit.name].add((hit.principal, hit.account))
    return callers
