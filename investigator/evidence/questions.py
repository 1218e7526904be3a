"""Searches answered from the columns in memory and from held events, as far as these reach."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, islice, repeat
from pathlib import Path

from investigator.domain.coverage import Cell
from investigator.domain.event import Event, EventGroup, Tally
from investigator.domain.expression import Crowd, Expression, Sought
from investigator.domain.ids import MAX_IDS
from investigator.domain.search import Search
from investigator.evidence.choosing import Chooser
from investigator.evidence.crowds import Crowds
from investigator.evidence.deciding import Decider
from investigator.evidence.distinct import united
from investigator.evidence.engine import Engine
from investigator.evidence.few import (
    combinations,
    first_of_each,
    part_of,
    values_of,
)
from investigator.evidence.groups import GROUPED, MOST_VALUES, count_sql, distinct_sql, first_ranks_sql
from investigator.evidence.held import AMONG, Held
from investigator.evidence.hot import Hot, moment
from investigator.evidence.id_column import Ids
from investigator.evidence.loaded import COLUMNS, Columns, Ranks
from investigator.evidence.outcomes import Outcomes
from investigator.evidence.search_sql import Condition, both, condition, text_of
from investigator.evidence.tallying import Tallies


class Questions:
    """What is asked of one snapshot; each answer raises TooMany where only the engine can give it."""

    def __init__(self, engine: Engine, parts: Sequence[Path], *, folded: bool, filtered: bool) -> None:
        self._engine = engine
        self._columns = Columns(parts, _kept(engine, parts) if folded or filtered else None)
        self._hot = Hot(self._columns)
        self._held = Held(engine, self._columns)
        self._outcomes = Outcomes(engine, self._columns)
        self._decider = Decider(engine, self._columns, self._outcomes)
        self._crowds = Crowds(engine, self._columns, self._decider, self._outcomes)
        self._ids = Ids(engine, self._columns, folded=folded)
        self._chooser = Chooser(engine, self._columns, self._held, self._decider, self._ids)

    def warm(self) -> None:
        """Begin to read what most questions need."""
        self._columns.warm()

    def events(self, where: Search, limit: int | None = None) -> Iterator[Event]:
        """The matching events in their order."""
        among, left = self._chooser.narrowed(where)
        if limit is not None and not left:
            among = self._hot.tied(among, limit)
        return iter(self._held.events(self._chooser.matching(self._chooser.few(among), left))[:limit])

    def group(self, where: Search, cells: Sequence[Cell] = ()) -> EventGroup:
        """Count, first, last, ids and values of the matching events, in some cells only when there are any."""
        ranks = self._chooser.within(self._chooser.ranks(where), cells)
        first, last = self._hot.extent(ranks)
        ids = self.ids(ranks, MAX_IDS)
        return EventGroup(
            where=text_of(where),
            count=len(ranks),
            first=first,
            last=last,
            ids=ids,
            more=len(ranks) - len(ids),
            values={name: self._hot.counts(name, ranks, MOST_VALUES) for name in GROUPED} if len(ranks) else {},
        )

    def hours(self, where: Search) -> Iterator[tuple[datetime, int]]:
        """Matching events by hour, in order."""
        return self._hot.hours(self._chooser.ranks(where))

    def moments(self, ids: Sequence[str], field: str) -> dict[str, tuple[datetime | None, str]]:
        """The time of each of these events and what a column holds in it, in time order."""
        ranks = self._ids.ranks(ids)
        dated = map(moment, self._columns.times[ranks[ranks < self._columns.dated]].tolist())
        texts = (text or "" for text in self._columns.column(field).texts(ranks))
        return dict(zip(self._ids.at(ranks), zip(chain(dated, repeat(None)), texts, strict=False), strict=True))

    def first_each(self, where: Search, fields: Sequence[str], limit: int | None) -> Iterator[Event]:
        """The first matching event of each distinct combination of the fields, in order."""
        if COLUMNS.issuperset(fields):
            firsts = self._hot.firsts(fields, self._chooser.ranks(where))
        else:
            among, left = self._chooser.narrowed(where)
            if (few := self._chooser.looked_at(among, left, fields)) is not None:
                return islice(first_of_each(few, fields), limit)
            chosen = both(Condition(AMONG), condition(Search(terms=left)))
            firsts = self._chooser.asked(first_ranks_sql(chosen, fields), chosen, among)
        return iter(self._held.events(self._chooser.few(self._hot.tied(firsts, limit or len(firsts))))[:limit])

    def distinct(self, where: Search, fields: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The distinct combinations of what the fields hold, in order."""
        if COLUMNS.issuperset(fields):
            firsts = self._hot.firsts(fields, self._chooser.ranks(where))
            return iter(sorted(self._columns.values(fields, int(rank)) for rank in firsts))
        among, left = self._chooser.narrowed(where)
        if (few := self._chooser.looked_at(among, left, fields)) is not None:
            return iter(sorted({found for event in few for found in combinations(event, fields)}))
        chosen = both(Condition(AMONG), condition(Search(terms=left)))
        rows = self._held.asked(distinct_sql(chosen, fields, "held"), chosen.parameters, self._chooser.few(among))
        return (tuple(map(str, row)) for row in rows)

    def count(self, where: Search, over: str, cells: Sequence[Cell]) -> int:
        """Events, or distinct values of a record path, that match in these cells; in all when none are given."""
        ranks = self._chooser.within(self._chooser.ranks(where), cells)
        if over == "events" or not len(ranks):
            return len(ranks)
        if part_of(over) and (few := self._chooser.looked_at(ranks, (), (over,))) is not None:
            return len({value for event in few for value in values_of(event, over)})
        [(count,)] = self._held.asked(count_sql(Condition(AMONG), over, "held"), (), self._chooser.few(ranks))
        return int(str(count))

    def matches(self, sought: Sequence[Sought], by: Sequence[Expression]) -> Iterator[Sequence[Tally]]:
        """For each of these the events sought, grouped by expressions, in the order of their values."""
        found = self._decider.sought(sought)
        yield from map(self._tallies(united(found, len(self._columns)), by).of, found)

    def crowded(self, crowd: Crowd, by: Sequence[Expression]) -> Sequence[Tally]:
        """The events of a crowd, grouped likewise."""
        found = self._crowds.found(crowd)
        return self._tallies(found, by).of(found)

    def _tallies(self, ranks: Ranks, by: Sequence[Expression]) -> Tallies:
        return Tallies(self._hot, self._outcomes, self._ids, ranks, by)

    def ids(self, ranks: Ranks, most: int) -> tuple[str, ...]:
        """The ids of the first events."""
        first = self._hot.tied(ranks, most)
        return tuple(self._hot.by_id(first, self._ids.at(first)))[:most]


def _kept(engine: Engine, parts: Sequence[Path]) -> Sequence[Sequence[int]]:
    """The rows of each part that are events of the snapshot."""
    rows: dict[str, list[int]] = {str(part): [] for part in parts}
    for part, row in engine.rows("SELECT part, part_row FROM events"):
        rows[str(part)].append(int(str(row)))
    return list(rows.values())
