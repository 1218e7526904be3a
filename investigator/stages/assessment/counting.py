"""Numbers that sentences may say: an expression that finds exactly the records meant, for proof to count again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from investigator.domain.claim import Count, First, Last, Predicate
from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.event import Event
from investigator.domain.ids import MAX_IDS
from investigator.domain.search import Search, Term, equals
from investigator.domain.times import Window
from investigator.ports.store import Snapshot
from investigator.stages.assessment.record_terms import DATED_NAMES, caller_terms

SECOND = timedelta(seconds=1)
_RECORD = "ct:"


@dataclass(frozen=True, slots=True)
class Counted:
    """Records that an expression finds in cells: all of them, and no other."""

    where: Search
    cells: tuple[str, ...]
    n: int
    first: datetime
    last: datetime

    @property
    def number(self) -> tuple[Predicate, ...]:
        """That there are exactly so many."""
        return (Count(where=str(self.where), n=self.n, cells=self.cells),)

    @property
    def extent(self) -> tuple[Predicate, ...]:
        """That none is earlier than the first or later than the last."""
        where = str(self.where)
        return (
            First(where=where, time=self.first, cells=self.cells),
            Last(where=where, time=self.last, cells=self.cells),
        )

    def distinct(self, path: str, n: int) -> tuple[Predicate, ...]:
        """That they hold exactly so many different values at a record path."""
        return (Count(where=str(self.where), over=path, n=n, cells=self.cells),)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Finds the expression for a set of records: what they share, then their addresses, then their very ids."""

    store: Snapshot
    cells: tuple[Cell, ...]
    window: Window
    """The time of the case."""

    def tally(self, events: Sequence[Event], within: Window, *terms: Term) -> Counted | None:
        """The tally of dated records of one caller; `terms` say what else the sentence does.

        None when no expression finds just these: then no number may be said.
        """
        times = [event.time for event in events if event.time is not None]
        cells = self.of_time(within)
        if len(times) != len(events) or not times or not cells:
            return None
        for where in _descriptions(events, terms):
            bounded = where.within(within.start, within.end)
            if self.store.count(bounded, "events", cells) == len(events):
                names = tuple(cell.id for cell in cells)
                return Counted(bounded, names, len(events), min(times), max(times))
        return None

    def of_time(self, span: Window) -> tuple[Cell, ...]:
        """The cells of log files that share some time with the span."""
        return tuple(
            cell
            for cell in self.cells
            if cell.source == LOG_FILES and cell.window.start < span.end and span.start < cell.window.end
        )


def span_of(events: Iterable[Event]) -> Window:
    """From the first of some dated records until just after the last."""
    times = [event.time for event in events if event.time is not None]
    return Window(start=min(times), end=max(times) + SECOND)


def named_calls(events: Sequence[Event]) -> tuple[Term, ...]:
    """What some records share in name, service and outcome; nothing of names that carry a date."""
    terms = [equals("outcome", *sorted({event.outcome for event in events}))]
    if not any(event.source in DATED_NAMES for event in events):
        terms.append(equals("eventName", *sorted({event.name for event in events})))
    return (equals("eventSource", *sorted({event.source for event in events})), *terms)


def from_addresses(events: Sequence[Event]) -> tuple[Term, ...]:
    """The addresses of some records; none when one of them has no address."""
    found = sorted({event.ip for event in events})
    return (equals("sourceIPAddress", *found),) if all(found) else ()


def _descriptions(events: Sequence[Event], terms: Sequence[Term]) -> Iterable[Search]:
    """From the plainest to the narrowest."""
    shared = Search(terms=(*caller_terms(events), *terms))
    yield shared
    at = shared.also(*from_addresses(events))
    if at != shared:
        yield at
    ids = sorted(event.id.removeprefix(_RECORD).partition("@")[0] for event in events)
    if len(ids) <= MAX_IDS and all(event.id.startswith(_RECORD) for event in events):
        yield at.also(equals("eventID", *ids))
