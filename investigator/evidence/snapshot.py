"""One pinned snapshot: searched, grouped, counted, and led back to the original files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

from investigator.domain.coverage import Cell
from investigator.domain.event import Event, EventGroup, Tally
from investigator.domain.expression import Crowd, Expression, Sought
from investigator.domain.ids import EvidenceId
from investigator.domain.places import Place
from investigator.domain.search import Search
from investigator.domain.timeline import HourCount
from investigator.evidence.cells import cells_of, within
from investigator.evidence.choosing import TooMany
from investigator.evidence.engine import Engine
from investigator.evidence.groups import count_sql, distinct_sql, first_of_each, group_of, tally, tally_sql
from investigator.evidence.manifest import Holding, Manifest, SnapshotRow
from investigator.evidence.questions import Questions
from investigator.evidence.quick import Quick
from investigator.evidence.rows import EVENT_COLUMNS, ORDER, event
from investigator.evidence.search_sql import Condition, both, condition, text_of
from investigator.evidence.spans import hours_of, spans

WINDOW = 20_000
"""Events that are sorted at a time, so that memory does not grow with a search."""


class EvidenceSnapshot:
    """Reads the parts that its row names, and nothing else; opened at its first question."""

    def __init__(self, folder: Path, manifest: Manifest, row: SnapshotRow) -> None:
        self._folder, self._manifest, self._row = folder, manifest, row
        self._paths: dict[str, tuple[Path, ...]] = {}

    @cached_property
    def _holding(self) -> Holding:
        return self._manifest.holding(self._row.contents)

    @cached_property
    def _engine(self) -> Engine:
        return Engine.over(self._folder, self._holding, self._row)

    @cached_property
    def _questions(self) -> Questions:
        parts = [self._folder / "parts" / name for name in (*self._holding.whole, *self._holding.mixed)]
        return Questions(self._engine, parts, folded=self._row.folded > 0, filtered=bool(self._holding.mixed))

    @cached_property
    def _quick(self) -> Quick | None:
        """What answers before anything else is read; none for parts that hold copies, or rows of other snapshots."""
        if self._row.folded or self._holding.mixed:
            return None
        return Quick([self._folder / "parts" / name for name in self._holding.whole])

    @cached_property
    def _cells(self) -> tuple[Cell, ...]:
        return cells_of(self._engine)

    def warm(self) -> None:
        self._questions.warm()

    def events(self, where: Search, *, limit: int | None = None) -> Iterator[Event]:
        """The matching events by (time, account, Region, id); undated ones last."""
        if "_questions" not in vars(self) and self._quick:  # their columns would be read a second time
            found = self._quick.events(where, limit)
            if found is not None:
                return iter(found)
        try:
            return self._questions.events(where, limit)
        except TooMany:
            chosen = condition(where)
        return self._all(chosen) if limit is None else self._sorted(chosen, _limited(limit))

    def matching(self, predicate: str) -> Iterator[Event]:
        """The events for which a compiled rule holds, in time order."""
        return self._all(Condition(f"({predicate})"))

    def matches(self, sought: Sequence[Sought], by: Sequence[Expression]) -> Iterator[Sequence[Tally]]:
        """For each of these the events sought, grouped by expressions, in the order of their values."""
        return self._questions.matches(sought, by)

    def crowded(self, crowd: Crowd, by: Sequence[Expression]) -> Sequence[Tally]:
        """The events of a crowd, grouped likewise."""
        return self._questions.crowded(crowd, by)

    def tallies(self, rows: str, by: Sequence[str]) -> Iterator[Tally]:
        """The rows of a query grouped by SQL expressions, in the order of their values."""
        return map(tally, self._engine.rows(tally_sql(rows, by)))

    def moments(self, ids: Sequence[EvidenceId], field: str) -> Mapping[EvidenceId, tuple[datetime | None, str]]:
        """The time of each of these events and what a column holds in it, in time order."""
        return self._questions.moments(ids, field)

    def first_each(self, where: Search, *fields: str, limit: int | None = None) -> Iterator[Event]:
        """The first matching event of each distinct combination of these fields, in time order."""
        try:
            return self._questions.first_each(where, fields, limit)
        except TooMany:
            return self._sorted(first_of_each(condition(where), fields), _limited(limit))

    def distinct(self, where: Search, *fields: str) -> Iterator[tuple[str, ...]]:
        """The distinct combinations of what these fields hold, in order."""
        try:
            return self._questions.distinct(where, fields)
        except TooMany:
            chosen = condition(where)
            rows = self._engine.rows(distinct_sql(chosen, fields), chosen.parameters)
            return (tuple(map(str, row)) for row in rows)

    def group(self, where: Search) -> EventGroup:
        """Count, first, last, ids and values of all matching events."""
        try:
            return self._questions.group(where)
        except TooMany:
            return group_of(self._engine, text_of(where), condition(where))

    def hours(self, where: Search) -> Iterator[HourCount]:
        """Matching events by hour, in order; hours without any are left out."""
        try:
            found = self._questions.hours(where)
        except TooMany:
            found = ((hour, records) for hour, records in hours_of(self._engine, condition(where)) if hour is not None)
        return (HourCount(hour=hour, records=records) for hour, records in found)

    def places(self, ids: Sequence[EvidenceId]) -> Mapping[EvidenceId, tuple[Place, ...]]:
        """Every place of each record; an id that is not in the snapshot is left out."""
        found: dict[EvidenceId, list[Place]] = {}
        for id_, sha256, row, offset, length in self._engine.rows(self._engine.places_sql, [list(ids)]):
            for path in self._seen_at(str(sha256)):
                place = Place.model_validate({"path": path, "row": row, "offset": offset, "length": length})
                found.setdefault(str(id_), []).append(place)
        return {id_: tuple(found[id_]) for id_ in ids if id_ in found}

    def cells(self) -> tuple[Cell, ...]:
        """What the log files cover, by account, Region and kind of events."""
        return self._cells

    def count(self, where: Search, over: str, cells: Sequence[Cell]) -> int:
        """Events, or distinct values of a record path, that match in these cells; in all when none are given."""
        try:
            return self._questions.count(where, over, cells)
        except TooMany:
            chosen = both(condition(where), within(cells))
            return int(str(self._engine.one(count_sql(chosen, over), chosen.parameters)[0]))

    def extent(self, where: Search, cells: Sequence[Cell]) -> EventGroup:
        """The group of the events that match in these cells; in all when none are given."""
        try:
            return self._questions.group(where, cells)
        except TooMany:
            return group_of(self._engine, text_of(where), both(condition(where), within(cells)))

    def _all(self, chosen: Condition) -> Iterator[Event]:
        if self._row.events <= WINDOW:
            yield from self._sorted(chosen)
            return
        for span in spans(self._engine, chosen, WINDOW):
            yield from self._sorted(both(chosen, span))

    def _sorted(self, chosen: Condition, limit: str = "") -> Iterator[Event]:
        sql = f"SELECT {', '.join(EVENT_COLUMNS)} FROM events WHERE {chosen.sql} ORDER BY {ORDER}{limit}"
        return map(event, self._engine.rows(sql, chosen.parameters))

    def _seen_at(self, sha256: str) -> tuple[Path, ...]:
        if sha256 not in self._paths:
            known = self._manifest.paths(self._row.id, sha256)
            self._paths[sha256] = tuple(path for path in known if path.exists()) or known
        return self._paths[sha256]


def _limited(limit: int | None) -> str:
    return "" if limit is None else f" LIMIT {int(limit)}"
