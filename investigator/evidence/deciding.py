"""Rules decided on what few values can tell: once for each combination, and row by row only where that is open."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from investigator.domain.expression import Expression, Sought
from investigator.domain.search import Search, Term
from investigator.evidence.distinct import distinct
from investigator.evidence.engine import Engine
from investigator.evidence.hot import Hot, deciding
from investigator.evidence.loaded import Columns, Ranks
from investigator.evidence.looking import Looker
from investigator.evidence.outcomes import UNKNOWN, Kind, Outcomes
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
        certain, open_ = self._drafted(sought, [self._clear(one) for one in sought])
        unsure = self._sieve.left(sought, open_)
        looked_at = self._looker.fulfilling([(one.predicate, ranks) for one, ranks in zip(sought, unsure, strict=True)])
        return [_joined(*found) for found in zip(certain, looked_at, strict=True)]

    def _clear(self, sought: Sought) -> Ranks:
        """The events of the names sought that fulfil every clause."""
        among = self._of_names(sought.names)
        for clause in sought.clauses:
            among = np.compress(self._outcomes.fulfils(clause, among), among)
        return among

    def _drafted(self, sought: Sequence[Sought], among: Sequence[Ranks]) -> tuple[list[Ranks], list[Ranks]]:
        """Of each the events of which few values tell that they are sought, and those of which they tell nothing."""
        nothing = np.empty(0, np.int64)
        certain = [nothing if one.sketch else ranks for one, ranks in zip(sought, among, strict=True)]
        open_ = [ranks if one.sketch else nothing for one, ranks in zip(sought, among, strict=True)]
        asked: dict[int, tuple[Expression, Sequence[Kind], Ranks]] = {}
        for place, one in enumerate(sought):
            if one.sketch and one.sketch.columns and len(open_[place]):
                kinds, own = self._hot.kinds(one.sketch.columns, open_[place])
                if len(kinds) <= MANY:
                    asked[place] = (one.sketch, kinds, own)
        outcomes = self._outcomes.together([(sketch, kinds) for sketch, kinds, _ in asked.values()])
        for (place, (_, _, own)), values in zip(asked.items(), outcomes, strict=True):
            truth = np.array([{"true": 1, "false": 0}.get(value, UNKNOWN) for value in values], np.int8)[own]
            certain[place], open_[place] = among[place][truth == 1], among[place][truth == UNKNOWN]
        return certain, open_

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
