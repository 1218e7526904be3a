"""A snapshot in memory that counts the questions it is asked."""

from collections import Counter
from collections.abc import Iterator

from investigator.domain.event import Event, EventGroup
from investigator.domain.search import Search
from tests.doubles.fake_snapshot import FakeSnapshot


class CountingStore(FakeSnapshot):
    """Implements `ports.store.Snapshot`; `asked` holds how often each of its questions was asked, and how widely."""

    def __init__(self, events=()) -> None:
        super().__init__(tuple(events))
        self._inner = FakeSnapshot(self.all)
        self.asked: Counter[str] = Counter()
        self.given = 0
        """Whole events that were handed out."""

    def events(self, where: Search, *, limit: int | None = None) -> Iterator[Event]:
        return self._counted("events", self._inner.events(where, limit=limit))

    def first_each(self, where: Search, *fields: str, limit: int | None = None) -> Iterator[Event]:
        return self._counted("first_each", self._inner.first_each(where, *fields, limit=limit))

    def distinct(self, where: Search, *fields: str) -> Iterator[tuple[str, ...]]:
        self.asked["distinct"] += 1
        return self._inner.distinct(where, *fields)

    def group(self, where: Search) -> EventGroup:
        self.asked["group"] += 1
        return self._inner.group(where)

    def _counted(self, question: str, events: Iterator[Event]) -> Iterator[Event]:
        self.asked[question] += 1
        found = list(events)
        self.given += len(found)
        return iter(found)
