"""Rules decided on what few values can tell: once for each combination, and row by row only where that is open."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from investigator.domain.expression import Expression, Sought
from investigator.domain.search import Search, Term
from investigator.evidence.engine import Engine, Parameter, quoted
from investigator.evidence.held import AMONG, Held
from investigator.evidence.hot import Hot, deciding
from investigator.evidence.loaded import Columns, Ranks
from investigator.evidence.search_sql import condition

MANY = 20_000
"""Combinations up to which each is decided on its own."""
FEW = 2_000
"""Events up to which open ones are looked at whole; with more, the engine reads their columns."""


class Decider:
    """Finds what rules seek in one snapshot, and groups it."""

    def __init__(self, engine: Engine, columns: Columns, held: Held) -> None:
        self._engine, self._columns, self._held = engine, columns, held
        self._hot = Hot(columns)

    def sought(self, sought: Sought) -> Ranks:
        """The events for which the predicate holds."""
        among = self._of_names(sought.names)
        rows, numbers = self._hot.kinds(sought.sketch.columns, among)
        if len(rows) > MANY:
            return self._looked_at(among, sought)
        values = self._outcomes(sought.sketch.sql, sought.sketch.columns, rows)
        truth = np.array([{"true": 1, "false": 0}.get(value, -1) for value in values], np.int8)[numbers]
        found, unsure = among[truth == 1], among[truth == -1]
        return np.union1d(found, self._looked_at(unsure, sought)) if len(unsure) else found

    def grouped(self, ranks: Ranks, by: Sequence[Expression]) -> Iterator[tuple[tuple[str, ...], Ranks]]:
        """Positions among the events, in groups that share the values of some expressions, in the order of these."""
        if not len(ranks):
            return
        kinds = [self._hot.kinds(expression.columns, ranks) for expression in by]
        told = [(self._outcomes(one.sql, one.columns, rows), own) for one, (rows, own) in zip(by, kinds, strict=True)]
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
        column = self._columns.column("name")
        wanted = np.zeros(len(column.values), np.bool_)
        wanted[[column.positions[name] for name in names]] = True
        return np.flatnonzero(np.take(wanted, column.codes))

    def fulfilling(self, term: Term, ranks: Ranks) -> Ranks | None:
        """Those of the events that fulfil a term, where columns of few values decide it."""
        names = deciding(term)
        rows, numbers = self._hot.kinds(names, ranks) if names else ((), ranks)
        if not names or len(rows) > MANY:
            return None
        holds = condition(Search(terms=(term,)))
        outcomes = self._outcomes(holds.sql, names, rows, holds.parameters)
        return np.compress(np.array([outcome == "true" for outcome in outcomes], np.bool_)[numbers], ranks)

    def _outcomes(
        self,
        expression: str,
        columns: Sequence[str],
        rows: Sequence[tuple[str | None, ...]],
        parameters: Sequence[Parameter] = (),
    ) -> list[str]:
        """What an expression gives for each of some combinations of values, as text, "" for null."""
        names = ", ".join(f'unnest(?::VARCHAR[]){_TYPES.get(name, "")} AS "{name}"' for name in columns)
        sql = f"SELECT number, ({expression})::VARCHAR FROM (SELECT unnest(?::BIGINT[]) AS number, {names})"
        given: list[Parameter] = [[row[place] for row in rows] for place in range(len(columns))]
        answers = dict(self._answers(sql, [*parameters, list(range(len(rows))), *given]))
        return [answers[number] for number in range(len(rows))]

    def _answers(self, sql: str, given: Sequence[Parameter]) -> Iterable[tuple[int, str]]:
        for number, answer in self._engine.rows(sql, given):
            yield int(str(number)), "" if answer is None else str(answer)

    def _looked_at(self, ranks: Ranks, sought: Sought) -> Ranks:
        if len(ranks) <= FEW:
            rows = self._held.asked(f"SELECT rank FROM held WHERE {AMONG} AND ({sought.predicate})", (), ranks)
            return np.array(sorted(int(str(rank)) for (rank,) in rows), np.int64)
        named = "" if sought.names is None else f"name IN ({', '.join(map(quoted, sought.names))}) AND "
        found = self._engine.rows(f"SELECT part, part_row FROM events WHERE {named}({sought.predicate})")
        return self._columns.ranks_at([self._columns.place_of(str(part), int(str(row))) for part, row in found])


_TYPES = {"read_only": "::BOOLEAN"}
