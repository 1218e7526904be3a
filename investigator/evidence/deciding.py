"""Rules decided on what few values can tell: once for each combination, and row by row only where that is open."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from investigator.domain.expression import Sought
from investigator.domain.search import Search, Term
from investigator.evidence.distinct import distinct
from investigator.evidence.engine import Engine
from investigator.evidence.hot import Hot, deciding
from investigator.evidence.loaded import Columns, Ranks
from investigator.evidence.looking import Looker
from investigator.evidence.outcomes import UNKNOWN, Outcomes
from investigator.evidence.search_sql import condition
from investigator.evidence.sieve import Sieve

MANY = 20_000
"""Combinations up to which each is decided on its own."""


class Decider:
    """Finds what rules seek in one snapshot, and groups it."""

    def __init__(self, engine: Engine, columns: Columns, outcomes: Outcomes) -> None:
        self._columns = columns
        self._hot = Hot(columns)
        self._outcomes = outcomes
        self._sieve = Sieve(columns)
        self._looker = Looker(engine, columns)

    def sought(self, sought: Sequence[Sought]) -> list[Ranks]:
        """For each of these the events that fulfil it; what has to be looked at is fetched together."""
        self._outcomes.work_out({expression for one in sought for clause in one.clauses for expression in clause})
        certain, open_ = zip(*map(self._drafted, sought), strict=True) if sought else ((), ())
        unsure = self._sieve.left(sought, open_)
        looked_at = self._looker.fulfilling([(one.predicate, ranks) for one, ranks in zip(sought, unsure, strict=True)])
        return [_joined(*found) for found in zip(certain, looked_at, strict=True)]

    def _drafted(self, sought: Sought) -> tuple[Ranks, Ranks]:
        """The events of which few values tell that they are sought, and those of which they tell nothing."""
        among = self._of_names(sought.names)
        for clause in sought.clauses:
            among = np.compress(self._outcomes.fulfils(clause, among), among)
        nothing = np.empty(0, np.int64)
        if sought.sketch is None:
            return among, nothing
        if not sought.sketch.columns:
            return nothing, among
        rows, numbers = self._hot.kinds(sought.sketch.columns, among)
        if len(rows) > MANY:
            return nothing, among
        values = self._outcomes.of(sought.sketch.sql, sought.sketch.columns, rows)
        truth = np.array([{"true": 1, "false": 0}.get(value, UNKNOWN) for value in values], np.int8)[numbers]
        return among[truth == 1], among[truth == UNKNOWN]

    def _of_names(self, names: Sequence[str] | None) -> Ranks:
        if names is None:
            return np.arange(len(self._columns))
        codes = (self._columns.column("name").positions.get(name) for name in names)
        order, starts = self._by_name
        found = [order[starts[code] : starts[code + 1]] for code in codes if code is not None]
        return found[0] if len(found) == 1 else np.sort(np.concatenate([np.empty(0, np.int64), *found]))

    @cached_property
    def _by_name(self) -> tuple[Ranks, list[int]]:
        """The events name by name, and where those of each name begin."""
        column = self._columns.column("name")
        counts = np.bincount(column.codes, minlength=len(column.values))
        return np.argsort(column.codes, kind="stable"), [0, *np.cumsum(counts).tolist()]

    def fulfilling(self, term: Term, ranks: Ranks) -> Ranks | None:
        """Those of the events that fulfil a term, where columns of few values decide it."""
        names = deciding(term)
        rows, numbers = self._hot.kinds(names, ranks) if names else ((), ranks)
        if not names or len(rows) > MANY:
            return None
        holds = condition(Search(terms=(term,)))
        outcomes = self._outcomes.of(holds.sql, names, rows, holds.parameters)
        return np.compress(np.array([outcome == "true" for outcome in outcomes], np.bool_)[numbers], ranks)


def _joined(some: Ranks, others: Ranks) -> Ranks:
    if not len(others):
        return some
    return distinct(np.concatenate((some, others)))
