"""Which events a search finds: as far as columns in memory tell, then by looking at few, then by the engine."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

import numpy as np

from investigator.domain.columns import RECORD_COLUMNS
from investigator.domain.coverage import Cell
from investigator.domain.event import Event
from investigator.domain.search import Operator, Search, Term, equals
from investigator.evidence.cells import filtered_by
from investigator.evidence.deciding import Decider
from investigator.evidence.distinct import distinct
from investigator.evidence.engine import Engine
from investigator.evidence.few import FEW, are_plain, can_be_read, fulfils
from investigator.evidence.held import AMONG, Held
from investigator.evidence.hot import Hot, common, hot_name
from investigator.evidence.id_column import Ids
from investigator.evidence.loaded import COLUMNS, Columns, Ranks
from investigator.evidence.search_sql import NULL, Condition, both, condition, term_condition
from investigator.evidence.within import Within

SELECTIVE = 16
"""One event in so many, or fewer: looking at these alone is faster than at all."""

LED = 8
"""Searches for one term whose events are remembered: what is asked of one key is asked at once."""


class TooMany(Exception):
    """More events would have to be looked at whole than are held: the engine has to read the parts."""


class Chooser:
    """Chooses among the events of one snapshot; raises TooMany where only the engine can."""

    def __init__(self, engine: Engine, columns: Columns, held: Held, decider: Decider, ids: Ids) -> None:
        self._engine, self._columns, self._held, self._decider, self._ids = engine, columns, held, decider, ids
        self._hot = Hot(columns)
        self._inside = Within(columns, self._hot)
        self._led = lru_cache(LED)(self._find)

    def ranks(self, where: Search) -> Ranks:
        """The events that a search finds."""
        return self.matching(*self.narrowed(where))

    def narrowed(self, where: Search) -> tuple[Ranks, tuple[Term, ...]]:
        """What the columns and the ids decide, and the terms for which events have to be looked at whole."""
        terms = tuple(map(self._of_column, where.terms))
        among, rest = self._selected(where.model_copy(update={"terms": terms}))
        left: list[Term] = []
        for term in rest:
            ids = self._ids.named_by(term)
            fewer = self._decider.fulfilling(term, among) if ids is None else self._with_id(among, ids)
            if fewer is None:
                left.append(term)
            else:
                among = fewer
        return among, tuple(left)

    def _with_id(self, among: Ranks, ids: Sequence[str]) -> Ranks:
        if len(among) > FEW:
            return common(among, self._ids.ranks(ids))
        wanted = frozenset(ids)
        return among[[id_ in wanted for id_ in self._ids.at(among)]]

    def _selected(self, where: Search) -> tuple[Ranks, tuple[Term, ...]]:
        """What the columns decide; the term that leaves fewest goes first, the others are asked of what it leaves."""
        leading = self._leading(where.terms)
        if leading is not None:
            among = self._led(leading.field, leading.values, where.start, where.end)
            if len(among) * SELECTIVE < len(self._columns):
                others = [term for term in where.terms if term is not leading]
                for term in filter(hot_name, others):
                    among = self._hot.also(among, term, self._decide)
                return among, tuple(term for term in others if not hot_name(term))
        return self._hot.select(where, self._decide)

    def _find(self, field: str, values: Sequence[str], start: datetime | None, end: datetime | None) -> Ranks:
        where = Search(terms=(equals(field, *values),), start=start, end=end)
        return self._hot.select(where, self._decide)[0]

    def _leading(self, terms: Sequence[Term]) -> Term | None:
        """Of several terms that want values, the one whose column has the most different ones."""
        wanting = [
            (len(self._columns.column(name).values), place)
            for place, term in enumerate(terms)
            if (name := hot_name(term)) and term.op is Operator.EQUALS and not term.negated and NULL not in term.values
        ]
        return terms[max(wanting)[1]] if wanting and len(terms) > 1 else None

    def _of_column(self, term: Term) -> Term:
        """A term over a key of records as one over its column, unless a record has that key in another way beside."""
        column = RECORD_COLUMNS.get(term.field, "")
        if column not in COLUMNS or column == "read_only" or self._columns.beside(term.field):
            return term
        return term.model_copy(update={"field": column})

    def within(self, ranks: Ranks, cells: Sequence[Cell]) -> Ranks:
        """Those of the events that lie in some cells; all, when none are given."""
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
            ranks = self._hot.also(ranks, term, self._decide) if hot_name(term) else self.matching(ranks, (term,))
        return ranks

    def looked_at(self, ranks: Ranks, terms: Sequence[Term], fields: Sequence[str]) -> Sequence[Event] | None:
        """Those of the events that fulfil what is left of a search, when what is asked of them needs no engine."""
        if len(ranks) > FEW or not are_plain(terms) or not can_be_read(fields):
            return None
        return [event for event in self._held.events(ranks) if fulfils(event, terms)]

    def matching(self, among: Ranks, left: tuple[Term, ...]) -> Ranks:
        """Those of the events that fulfil what is left of a search."""
        if not left or not len(among):
            return among
        if len(among) <= FEW and are_plain(left):
            return among[[fulfils(event, left) for event in self._held.at(among)]]
        chosen = both(Condition(AMONG), condition(Search(terms=left)))
        return self.asked(f"SELECT rank FROM held WHERE {chosen.sql}", chosen, among)

    def asked(self, sql: str, chosen: Condition, among: Ranks) -> Ranks:
        """The ranks that a query over held events gives."""
        rows = self._held.asked(sql, chosen.parameters, self.few(among))
        return np.sort(np.array([int(str(rank)) for (rank,) in rows], np.int64))

    def few(self, ranks: Ranks) -> Ranks:
        """These events, when so many can be held."""
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
