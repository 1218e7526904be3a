"""A pinned snapshot that holds a list of events in memory; its coverage is one cell a Region."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from investigator.domain.coverage import Cell
from investigator.domain.event import Event, EventGroup, Tally
from investigator.domain.expression import Crowd, Expression, Sought
from investigator.domain.places import Place
from investigator.domain.search import Search
from investigator.domain.times import Window
from investigator.domain.words import CellState
from tests.doubles.fake_store import FakeStore, texts_of


class FakeSnapshot(FakeStore):
    """Implements `ports.store.Snapshot`, but for rules: hits are told beside it."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        super().__init__(events)
        self.all = tuple(FakeStore(events).events(Search()))

    def matching(self, predicate: str) -> Iterable[Event]:
        raise AssertionError("a fake snapshot runs no SQL")

    def matches(self, sought: Sequence[Sought], by: Sequence[Expression]) -> Iterable[Sequence[Tally]]:
        raise AssertionError("a fake snapshot runs no SQL")

    def crowded(self, crowd: Crowd, by: Sequence[Expression]) -> Sequence[Tally]:
        raise AssertionError("a fake snapshot runs no SQL")

    def tallies(self, rows: str, by: Sequence[str]) -> Iterable[Tally]:
        raise AssertionError("a fake snapshot runs no SQL")

    def places(self, ids: Sequence[str]) -> Mapping[str, tuple[Place, ...]]:
        return {}

    def cells(self) -> tuple[Cell, ...]:
        regions = sorted({event.region for event in self.all})
        return tuple(self._cell(region) for region in regions)

    def _cell(self, region: str) -> Cell:
        events = [event for event in self.all if event.region == region and event.time]
        start = min(event.time for event in events).replace(minute=0, second=0)
        end = max(event.time for event in events).replace(minute=0, second=0) + timedelta(hours=1)
        return Cell(
            source="logs",
            account=events[0].account,
            region=region,
            events="management",
            window=Window(start=start, end=end),
            records=len(events),
            state=CellState.UNVERIFIED,
        )

    def count(self, where: Search, over: str, cells: Sequence[Cell]) -> int:
        if over == "events":
            return self.group(where).count
        return len({text for event in self.events(where) for text in texts_of(event, over)})

    def extent(self, where: Search, cells: Sequence[Cell]) -> EventGroup:
        return self.group(where)
