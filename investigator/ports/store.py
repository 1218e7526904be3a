"""The evidence store, as stages, tools and proof see it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from investigator.domain.coverage import Cell
from investigator.domain.event import Event, EventGroup, Tally
from investigator.domain.expression import Crowd, Expression, Sought
from investigator.domain.ids import EvidenceId
from investigator.domain.index_report import IndexReport
from investigator.domain.places import Place
from investigator.domain.search import Search
from investigator.domain.timeline import HourCount
from investigator.ports.progress import ProgressSink


class Store(Protocol):
    """One snapshot of evidence, folded by event id: each event once."""

    def events(self, where: Search, *, limit: int | None = None) -> Iterator[Event]:
        """The matching events by (time, account, Region, id); undated ones last."""
        ...

    def group(self, where: Search) -> EventGroup:
        """Count, first, last, ids and values of all matching events."""
        ...

    def first_each(self, where: Search, *fields: str, limit: int | None = None) -> Iterator[Event]:
        """The first matching event of each distinct combination of these columns, in time order.

        Events in which one of the fields holds nothing are left out. A field may be a record path, too; each text of a
        list there counts.
        """
        ...

    def distinct(self, where: Search, *fields: str) -> Iterator[tuple[str, ...]]:
        """The distinct combinations of what these fields hold in the matching events, in order; empty ones left out."""
        ...

    def hours(self, where: Search) -> Iterator[HourCount]:
        """Matching events by hour, in order; hours without any are left out."""
        ...


class RuleRunner(Protocol):
    """Runs compiled detection rules; SQL text comes in, only events go out."""

    def matching(self, predicate: str) -> Iterator[Event]:
        """The events for which a WHERE clause over the columns of `events` holds, in time order.

        `predicate` is DuckDB SQL that `detections` compiled from a rule, never text from evidence; it may hold a
        sub-select from the view `events`, which has every column of a search and every JSON column.
        """
        ...

    def matches(self, sought: Sequence[Sought], by: Sequence[Expression]) -> Iterator[Sequence[Tally]]:
        """For each of these the events sought, grouped by expressions, in the order of their values."""
        ...

    def crowded(self, crowd: Crowd, by: Sequence[Expression]) -> Sequence[Tally]:
        """The events of a crowd, grouped likewise."""
        ...

    def tallies(self, rows: str, by: Sequence[str]) -> Iterator[Tally]:
        """The rows of a query grouped by SQL expressions, in the order of their values.

        `rows` gives at least id, time, account and region of events; it and `by` are SQL of `detections`, as above.
        """
        ...

    def moments(self, ids: Sequence[EvidenceId], field: str) -> Mapping[EvidenceId, tuple[datetime | None, str]]:
        """The time of each of these events and what a column holds in it, such as `ip`; in time order."""
        ...


class Evidence(Store, RuleRunner, Protocol):
    """What detection asks."""


class Originals(Protocol):
    """Where the original bytes of records stand."""

    def places(self, ids: Sequence[EvidenceId]) -> Mapping[EvidenceId, tuple[Place, ...]]:
        """Every place of each record; an id that is not in the snapshot is left out."""
        ...


class Coverage(Protocol):
    """What the log files of a snapshot cover."""

    def cells(self) -> tuple[Cell, ...]:
        """One cell for each source, account, Region and kind of events, over hours of one state."""
        ...

    def count(self, where: Search, over: str, cells: Sequence[Cell]) -> int:
        """Events, or distinct values of a record path, that match in these cells."""
        ...

    def extent(self, where: Search, cells: Sequence[Cell]) -> EventGroup:
        """The group of the events that match in these cells."""
        ...


class Snapshot(Evidence, Originals, Coverage, Protocol):
    """Everything that one pinned snapshot answers."""

    def warm(self) -> None:
        """Begin to read what most questions need, beside what the caller does meanwhile."""
        ...


class Library(Protocol):
    """All evidence stores of this machine."""

    def index(self, paths: Sequence[Path], progress: ProgressSink) -> IndexReport:
        """Read files and folders into the store; goes on where an earlier run stopped. Raises Stopped."""
        ...

    def pin(self, paths: Sequence[Path]) -> str:
        """The id of an immutable snapshot of the parts that hold these files; the same files give the same id."""
        ...

    def open(self, snapshot: str) -> Snapshot:
        """The pinned evidence; raises LookupError for an id that is not there."""
        ...
