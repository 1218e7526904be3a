"""Searches answered from the columns in memory and from held events, as far as these reach."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

import numpy as np

from investigator.domain.columns import RECORD_COLUMNS
from investigator.domain.coverage import Cell
from investigator.domain.event import Event, EventGroup, Tally
from investigator.domain.expression import Crowd, Expression, Sought
from investigator.domain.ids import MAX_IDS
from investigator.domain.search import Search, Term
from investigator.evidence.cells import filtered_by
from investigator.evidence.crowds import Crowds
from investigator.evidence.deciding import Decider
from investigator.evidence.distinct import distinct
from investigator.evidence.engine import Engine
from investigator.evidence.few import (
    FEW,
    are_plain,
    can_be_read,
    combinations,
    first_of_each,
    fulfils,
    part_of,
    values_of,
)
from investigator.evidence.groups import GROUPED, MOST_VALUES, count_sql, distinct_sql, first_ranks_sql
from investigator.evidence.held import AMONG, Held
from investigator.evidence.hot import Hot, common, hot_name
from investigator.evidence.id_column import Ids
from investigator.evidence.loaded import COLUMNS, Columns, Ranks
from investigator.evidence.search_sql import Condition, both, condition, term_condition, text_of
from investigator.evidence.within import Within


class TooMany(Exception):
    """More events would have to be looked at whole than are held: the engine has to read the parts."""


class Questions:
    """What is asked of one snapshot; each answer raises TooMany where only the engine can give it."""

    def __init__(self, engine: Engine, parts: Sequence[Path], *, folded: bool, filtered: bool) -> None:
        self._engine = engine
        self._columns = Columns(parts, _kept(engine, parts) if folded or filtered else None)
        self._hot = Hot(self._columns)
        self._held = Held(engine, self._columns)
        self._decider = Decider(engine, self._columns, self._held)
        self._crowds = Crowds(engine, self._columns, self._decider)
        self._inside = Within(self._columns, self._hot)
        self._ids = Ids(engine, self._columns, folded=folded)

    def warm(self) -> None:
        """Begin to read what most questions need."""
        self._columns.warm()

    def events(self, where: Search, limit: int | None = None) -> Iterator[Event]:
        """The matching events in their order."""
        among, left = self._narrowed(where)
        if limit is not None and not left:
            among = self._hot.tied(among, limit)
        return iter(self._held.events(self._matching(self._few(among), left))[:limit])

    def group(self, where: Search, cells: Sequence[Cell] = ()) -> EventGroup:
        """Count, first, last, ids and values of the matching events, in some cells only when there are any."""
        ranks = self._within(self._ranks(where), cells)
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
        return self._hot.hours(self._ranks(where))

    def first_each(self, where: Search, fields: Sequence[str], limit: int | None) -> Iterator[Event]:
        """The first matching event of each distinct combination of the fields, in order."""
        if COLUMNS.issuperset(fields):
            firsts = self._hot.firsts(fields, self._ranks(where))
        else:
            among, left = self._narrowed(where)
            if (few := self._looked_at(among, left, fields)) is not None:
                return islice(first_of_each(few, fields), limit)
            chosen = both(Condition(AMONG), condition(Search(terms=left)))
            firsts = self._asked(first_ranks_sql(chosen, fields), chosen, among)
        return iter(self._held.events(self._few(self._hot.tied(firsts, limit or len(firsts))))[:limit])

    def distinct(self, where: Search, fields: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The distinct combinations of what the fields hold, in order."""
        if COLUMNS.issuperset(fields):
            firsts = self._hot.firsts(fields, self._ranks(where))
            return iter(sorted(self._columns.values(fields, int(rank)) for rank in firsts))
        among, left = self._narrowed(where)
        if (few := self._looked_at(among, left, fields)) is not None:
            return iter(sorted({found for event in few for found in combinations(event, fields)}))
        chosen = both(Condition(AMONG), condition(Search(terms=left)))
        rows = self._held.asked(distinct_sql(chosen, fields, "held"), chosen.parameters, self._few(among))
        return (tuple(map(str, row)) for row in rows)

    def count(self, where: Search, over: str, cells: Sequence[Cell]) -> int:
        """Events, or distinct values of a record path, that match in these cells; in all when none are given."""
        ranks = self._within(self._ranks(where), cells)
        if over == "events" or not len(ranks):
            return len(ranks)
        if part_of(over) and (few := self._looked_at(ranks, (), (over,))) is not None:
            return len({value for event in few for value in values_of(event, over)})
        [(count,)] = self._held.asked(count_sql(Condition(AMONG), over, "held"), (), self._few(ranks))
        return int(str(count))

    def _within(self, ranks: Ranks, cells: Sequence[Cell]) -> Ranks:
        if not cells:
            return ranks
        terms = [filtered_by(cell) for cell in cells]
        plain = (cell for cell, filtered in zip(cells, terms, strict=True) if not filtered)
        inside = [self._inside(ranks, plain)]
        inside += [
            self._filtered(self._inside(ranks, (cell,)), filtered)
            for cell, filtered in zip(cells, terms, strict=True)
            if filtered
        ]
        return distinct(np.concatenate(inside))

    def _filtered(self, ranks: Ranks, terms: Sequence[Term]) -> Ranks:
        for term in terms:
            ranks = self._hot.also(ranks, term, self._decide) if hot_name(term) else self._matching(ranks, (term,))
        return ranks

    def matches(self, sought: Sequence[Sought], by: Sequence[Expression]) -> Iterator[Sequence[Tally]]:
        """For each of these the events sought, grouped by expressions, in the order of their values."""
        return (self._tallies(found, by) for found in self._decider.sought(sought))

    def crowded(self, crowd: Crowd, by: Sequence[Expression]) -> Sequence[Tally]:
        """The events of a crowd, grouped likewise."""
        return self._tallies(self._crowds.found(crowd), by)

    def _tallies(self, found: Ranks, by: Sequence[Expression]) -> Sequence[Tally]:
        ids = self._ids.at(found)
        tallies: list[Tally] = []
        for values, group in self._decider.grouped(found, by):
            first, last = self._hot.extent(found[group])
            positions: list[int] = group.tolist()
            named = self._hot.by_id(found[group], [ids[position] for position in positions])
            tallies.append(Tally(values, first, last, tuple(named)))
        return tallies

    def ids(self, ranks: Ranks, most: int) -> tuple[str, ...]:
        """The ids of the first events."""
        first = self._hot.tied(ranks, most)
        return tuple(self._hot.by_id(first, self._ids.at(first)))[:most]

    def _narrowed(self, where: Search) -> tuple[Ranks, tuple[Term, ...]]:
        """What the columns and the ids decide, and the terms for which events have to be looked at whole."""
        terms = tuple(map(self._of_column, where.terms))
        among, rest = self._hot.select(where.model_copy(update={"terms": terms}), self._decide)
        left: list[Term] = []
        for term in rest:
            ids = self._ids.named_by(term)
            fewer = self._decider.fulfilling(term, among) if ids is None else common(among, self._ids.ranks(ids))
            if fewer is None:
                left.append(term)
            else:
                among = fewer
        return among, tuple(left)

    def _of_column(self, term: Term) -> Term:
        """A term over a key of records as one over its column, unless a record has that key in another way beside."""
        column = RECORD_COLUMNS.get(term.field, "")
        if column not in COLUMNS or column == "read_only" or self._columns.beside(term.field):
            return term
        return term.model_copy(update={"field": column})

    def _ranks(self, where: Search) -> Ranks:
        return self._matching(*self._narrowed(where))

    def _matching(self, among: Ranks, left: tuple[Term, ...]) -> Ranks:
        if not left or not len(among):
            return among
        if len(among) <= FEW and are_plain(left):
            return among[[fulfils(event, left) for event in self._held.at(among)]]
        chosen = both(Condition(AMONG), condition(Search(terms=left)))
        return self._asked(f"SELECT rank FROM held WHERE {chosen.sql}", chosen, among)

    def _looked_at(self, ranks: Ranks, terms: Sequence[Term], fields: Sequence[str]) -> Sequence[Event] | None:
        """Those of the events that fulfil what is left of a search, when what is asked of them needs no engine."""
        if len(ranks) > FEW or not are_plain(terms) or not can_be_read(fields):
            return None
        return [event for event in self._held.events(ranks) if fulfils(event, terms)]

    def _asked(self, sql: str, chosen: Condition, among: Ranks) -> Ranks:
        rows = self._held.asked(sql, chosen.parameters, self._few(among))
        return np.sort(np.array([int(str(rank)) for (rank,) in rows], np.int64))

    def _few(self, ranks: Ranks) -> Ranks:
        if len(ranks) > self._held.most:
            raise TooMany
        return ranks

    def _decide(self, term: Term, values: Sequence[str]) -> Iterable[int]:
        """Which values of its column fulfil a term, as the engine compares them."""
        holds, column = term_condition(term), hot_name(term)
        given = f'SELECT unnest(?::VARCHAR[]) AS "{column}", unnest(?::BIGINT[]) AS code'
        sql = f"SELECT code FROM ({given}) WHERE {holds.sql}"
        rows = self._engine.rows(sql, [list(values), list(range(len(values))), *holds.parameters])
        return (int(str(code)) for (code,) in rows)


def _kept(engine: Engine, parts: Sequence[Path]) -> Sequence[Sequence[int]]:
    """The rows of each part that are events of the snapshot."""
    rows: dict[str, list[int]] = {str(part): [] for part in parts}
    for part, row in engine.rows("SELECT part, part_row FROM events"):
        rows[str(part)].append(int(str(row)))
    return list(rows.values())
