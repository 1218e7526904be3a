"""Rules decided on what few values can tell: once for each combination, and row by row only where that is open."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from investigator.domain.expression import Clause, Expression, Sought
from investigator.domain.search import Search, Term
from investigator.evidence.distinct import distinct
from investigator.evidence.engine import Engine, Parameter, quoted
from investigator.evidence.held import AMONG, Held
from investigator.evidence.hot import Hot, common, deciding
from investigator.evidence.loaded import Columns, Ranks
from investigator.evidence.search_sql import condition

MANY = 20_000
"""Combinations up to which each is decided on its own."""
SMALL = 2_000
"""Values of a column up to which what is asked of it is decided for all of them."""
FEW = 2_000
"""Events up to which open ones are looked at whole; with more, the engine reads their columns."""

UNKNOWN = -1
Kind = tuple[str | None, ...]
"""What some columns hold together."""


class Decider:
    """Finds what rules seek in one snapshot, and groups it."""

    def __init__(self, engine: Engine, columns: Columns, held: Held) -> None:
        self._engine, self._columns, self._held = engine, columns, held
        self._hot = Hot(columns)
        self._known: dict[Expression, dict[Kind, str]] = {}
        self._truths: dict[Expression, NDArray[np.int8]] = {}

    def sought(self, sought: Sequence[Sought]) -> Iterator[Ranks]:
        """For each of these the events that fulfil it; what has to be looked at whole is fetched together."""
        self._work_out({expression for one in sought for clause in one.clauses for expression in clause})
        drafts = [self._drafted(one) for one in sought]
        few = [unsure for _, unsure in drafts if len(unsure) <= FEW]
        self._held.hold(distinct(np.concatenate([np.empty(0, np.int64), *few])))
        scanned = self._scanned([one for one, (_, unsure) in zip(sought, drafts, strict=True) if len(unsure) > FEW])
        for one, (found, unsure) in zip(sought, drafts, strict=True):
            if not len(unsure):
                yield found
            elif len(unsure) <= FEW:
                yield _joined(found, self._looked_at(unsure, one))
            else:
                yield _joined(found, common(unsure, scanned[one]))

    def _drafted(self, sought: Sought) -> tuple[Ranks, Ranks]:
        """The events of which few values tell that they are sought, and those of which they tell nothing."""
        among = self._of_names(sought.names)
        for clause in sought.clauses:
            among = np.compress(self._fulfils(clause, among), among)
        nothing = np.empty(0, np.int64)
        if sought.sketch is None:
            return among, nothing
        if not sought.sketch.columns:
            return nothing, among
        rows, numbers = self._hot.kinds(sought.sketch.columns, among)
        if len(rows) > MANY:
            return nothing, among
        values = self._outcome(sought.sketch.sql, sought.sketch.columns, rows)
        truth = np.array([{"true": 1, "false": 0}.get(value, UNKNOWN) for value in values], np.int8)[numbers]
        return among[truth == 1], among[truth == UNKNOWN]

    def _fulfils(self, clause: Clause, ranks: Ranks) -> NDArray[np.bool_]:
        """Which of the events fulfil one of the expressions; each is worked out once for each value."""
        found = np.zeros(len(ranks), np.bool_)
        for expression in clause:
            [name] = expression.columns
            column = self._columns.column(name)
            truths = self._truths.setdefault(expression, np.full(len(column.values), UNKNOWN, np.int8))
            codes = np.take(column.codes, ranks)
            used = np.zeros(len(column.values), np.bool_)
            used[codes] = True
            new = np.flatnonzero(used & (truths == UNKNOWN))
            if len(new):
                rows = [(column.values[code] if code else None,) for code in new.tolist()]
                truths[new] = [value == "true" for value in self._outcome(expression.sql, expression.columns, rows)]
            found |= truths[codes] == 1
        return found

    def _work_out(self, expressions: Iterable[Expression]) -> None:
        """Decide expressions over each column of few values together: a query takes longer to plan than to answer."""
        new = sorted(set(expressions) - self._truths.keys(), key=lambda one: (one.columns, one.sql))
        for columns, alike in groupby(new, key=lambda one: one.columns):
            values = self._columns.column(columns[0]).values
            if len(values) > SMALL:
                continue
            same = list(alike)
            rows = [(value if code else None,) for code, value in enumerate(values)]
            outcomes = self._outcomes([one.sql for one in same], columns, rows)
            self._truths.update(
                (one, np.array([values[place] == "true" for values in outcomes], np.int8))
                for place, one in enumerate(same)
            )

    def _scanned(self, sought: Sequence[Sought]) -> dict[Sought, Ranks]:
        """The events for which predicates hold that the engine has to read, which it does once for all of them."""
        if not sought:
            return {}
        tests = [f"({_named(one.names)}({one.predicate}))" for one in sought]
        columns = self._columns
        rows = [
            (columns.place_of(str(part), int(str(row))), holds)
            for part, row, *holds in self._engine.rows(
                f"SELECT part, part_row, {', '.join(tests)} FROM events WHERE {' OR '.join(tests)}"
            )
        ]
        return {
            one: columns.ranks_at([where for where, holds in rows if holds[place]]) for place, one in enumerate(sought)
        }

    def grouped(self, ranks: Ranks, by: Sequence[Expression]) -> Iterator[tuple[tuple[str, ...], Ranks]]:
        """Positions among the events, in groups that share the values of some expressions, in the order of these."""
        if not len(ranks):
            return
        kinds = [self._hot.kinds(expression.columns, ranks) for expression in by]
        told = [(self.values(one, rows), own) for one, (rows, own) in zip(by, kinds, strict=True)]
        numbers = np.zeros(len(ranks), np.int64)
        for values, own in told:
            places = {value: place for place, value in enumerate(sorted(set(values)))}
            numbers = numbers * len(places) + np.array([places[value] for value in values], np.int64)[own]
        order = np.argsort(numbers, kind="stable")
        edges = np.flatnonzero(np.diff(numbers[order])) + 1
        for group in np.split(order, edges):
            yield tuple(values[int(own[group[0]])] for values, own in told), np.sort(group)

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
        outcomes = self._outcome(holds.sql, names, rows, holds.parameters)
        return np.compress(np.array([outcome == "true" for outcome in outcomes], np.bool_)[numbers], ranks)

    def values(self, expression: Expression, rows: Sequence[Kind]) -> list[str]:
        """What an expression that many questions share gives for each of some combinations, once for each."""
        known = self._known.setdefault(expression, {})
        new = [row for row in rows if row not in known]
        if new:
            known.update(zip(new, self._outcome(expression.sql, expression.columns, new), strict=True))
        return [known[row] for row in rows]

    def _outcome(
        self,
        expression: str,
        columns: Sequence[str],
        rows: Sequence[Kind],
        parameters: Sequence[Parameter] = (),
    ) -> list[str]:
        """What an expression gives for each of some combinations of values, as text, "" for null."""
        return [answer for (answer,) in self._outcomes([expression], columns, rows, parameters)]

    def _outcomes(
        self,
        expressions: Sequence[str],
        columns: Sequence[str],
        rows: Sequence[Kind],
        parameters: Sequence[Parameter] = (),
    ) -> list[tuple[str, ...]]:
        """The same of several expressions."""
        texts = ", ".join(f"coalesce(({expression})::VARCHAR, '')" for expression in expressions)
        names = ", ".join(f'unnest(?::VARCHAR[]){_TYPES.get(name, "")} AS "{name}"' for name in columns)
        sql = f"SELECT number, {texts} FROM (SELECT unnest(?::BIGINT[]) AS number, {names})"
        given: list[Parameter] = [[row[place] for row in rows] for place in range(len(columns))]
        found = self._engine.rows(sql, [*parameters, list(range(len(rows))), *given])
        answers = {int(str(number)): tuple(map(str, values)) for number, *values in found}
        return [answers[number] for number in range(len(rows))]

    def _looked_at(self, ranks: Ranks, sought: Sought) -> Ranks:
        rows = self._held.asked(f"SELECT rank FROM held WHERE {AMONG} AND ({sought.predicate})", (), ranks)
        return np.array(sorted(int(str(rank)) for (rank,) in rows), np.int64)


def _named(names: Sequence[str] | None) -> str:
    return "" if names is None else f"name IN ({', '.join(map(quoted, names))}) AND "


def _joined(some: Ranks, others: Ranks) -> Ranks:
    return distinct(np.concatenate((some, others)))


_TYPES = {"read_only": "::BOOLEAN"}
