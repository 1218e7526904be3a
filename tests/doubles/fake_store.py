"""An evidence store that holds a list of events in memory, folded by id."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice, product

from investigator.domain.columns import IDENTITY_COLUMNS, RECORD_COLUMNS
from investigator.domain.event import Event, EventGroup
from investigator.domain.ids import MAX_IDS, EvidenceId
from investigator.domain.paths import texts
from investigator.domain.search import COLUMNS, Operator, Search, Term
from investigator.domain.timeline import HourCount
from investigator.domain.times import to_text

HOT = ("key", "principal", "ip", "agent", "region", "name", "source", "error")


def _order(event: Event) -> tuple:
    return (event.time is None, to_text(event.time) if event.time else "", event.account, event.region, event.id)


class FakeStore:
    """Implements `ports.store.Store`."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events = tuple(sorted({event.id: event for event in events}.values(), key=_order))

    def events(self, where: Search, *, limit: int | None = None) -> Iterator[Event]:
        found = [event for event in self._events if _matches(event, where)]
        return iter(found[:limit])

    def group(self, where: Search) -> EventGroup:
        found = list(self.events(where))
        timed = [event.time for event in found if event.time]
        return EventGroup(
            where=str(where.terms),
            count=len(found),
            first=timed[0] if timed else None,
            last=timed[-1] if timed else None,
            ids=tuple(event.id for event in found[:MAX_IDS]),
            more=max(0, len(found) - MAX_IDS),
            values={column: dict(Counter(getattr(e, column) for e in found).most_common(50)) for column in HOT},
        )

    def first_each(self, where: Search, *fields: str, limit: int | None = None) -> Iterator[Event]:
        first: dict[tuple[str, ...], Event] = {}
        for values, event in self._valued(where, fields):
            first.setdefault(values, event)
        return islice({event.id: event for event in first.values()}.values(), limit)

    def distinct(self, where: Search, *fields: str) -> Iterator[tuple[str, ...]]:
        return iter(sorted({values for values, _ in self._valued(where, fields)}))

    def moments(self, ids: Sequence[EvidenceId], field: str) -> Mapping[EvidenceId, tuple[datetime | None, str]]:
        wanted = frozenset(ids)
        chosen = (event for event in self._events if event.id in wanted)
        return {event.id: (event.time, str(getattr(event, field))) for event in chosen}

    def _valued(self, where: Search, fields: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Event]]:
        for event in self.events(where):
            combinations = product(*(texts_of(event, field) for field in fields))
            yield from ((values, event) for values in combinations if all(values))

    def hours(self, where: Search) -> Iterator[HourCount]:
        hours = Counter(e.time.replace(minute=0, second=0, microsecond=0) for e in self.events(where) if e.time)
        return iter(HourCount(hour=hour, records=count) for hour, count in sorted(hours.items()))


def _matches(event: Event, where: Search) -> bool:
    if where.start and not (event.time and event.time >= where.start):
        return False
    if where.end and not (event.time and event.time < where.end):
        return False
    return all(_holds(event, term) is not term.negated for term in where.terms)


def _holds(event: Event, term: Term) -> bool:
    found = [text for text in texts_of(event, term.field) if text]
    match term.op:
        case Operator.EQUALS:
            return (not found and "null" in term.values) or any(text in term.values for text in found)
        case Operator.MATCHES:
            return any(re.search(term.values[0], text) for text in found)
        case Operator.AT_LEAST:
            return any(text >= term.values[0] for text in found)
        case Operator.BELOW:
            return any(text < term.values[0] for text in found)
        case _:
            return any(term.values[0] in text for column in COLUMNS for text in texts_of(event, column))


def texts_of(event: Event, field: str) -> tuple[str, ...]:
    if column := IDENTITY_COLUMNS.get(field):
        return texts_of(event, column)
    head, _, rest = field.partition(".")
    value = getattr(event, field if field in COLUMNS else RECORD_COLUMNS.get(head, ""), "")
    if rest and field not in COLUMNS:
        return texts(value, rest)
    if field == "time":
        return (to_text(value),) if value else ()
    if isinstance(value, bool):
        return (str(value).lower(),)
    return value if isinstance(value, tuple) else (str(value),)
