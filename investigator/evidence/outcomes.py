"""What expressions give for values of columns: worked out once for each value or combination of values."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, groupby

import numpy as np
from numpy.typing import NDArray

from investigator.domain.expression import Clause, Expression
from investigator.evidence.engine import Engine, Parameter
from investigator.evidence.loaded import Columns, Ranks

SMALL = 2_000
"""Values of a column up to which what is asked of it is decided for all of them."""
OFTEN, MARKED = 8, 32
"""Questions after which all events are marked that fulfil a clause, and clauses for which they are."""
UNKNOWN = -1
Kind = tuple[str | None, ...]
"""What some columns hold together."""
_TYPES = {"read_only": "::BOOLEAN"}


class Outcomes:
    """Of one snapshot."""

    def __init__(self, engine: Engine, columns: Columns) -> None:
        self._engine, self._columns = engine, columns
        self._known: dict[Expression, dict[Kind, str]] = {}
        self._truths: dict[Expression, NDArray[np.int8]] = {}
        self._asked: Counter[Clause] = Counter()
        self._marked: dict[Clause, NDArray[np.bool_]] = {}

    def work_out(self, expressions: Iterable[Expression]) -> None:
        """Decide expressions over each column of few values together: a query takes longer to plan than to answer."""
        new = {expression for expression in expressions if expression not in self._truths}
        for columns, alike in groupby(sorted(new, key=lambda one: (one.columns, one.sql)), key=lambda one: one.columns):
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

    def fulfils(self, clause: Clause, ranks: Ranks) -> NDArray[np.bool_]:
        """Which of the events fulfil one of the expressions; for what is asked often, all are marked once."""
        if clause in self._marked:
            return np.take(self._marked[clause], ranks)
        self._asked[clause] += 1
        if self._asked[clause] < OFTEN or len(self._marked) >= MARKED:
            return self._told(clause, ranks)
        self._marked[clause] = self._told(clause, np.arange(len(self._columns)))
        return np.take(self._marked[clause], ranks)

    def _told(self, clause: Clause, ranks: Ranks) -> NDArray[np.bool_]:
        """The same; each expression is worked out once for each value."""
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
                truths[new] = [value == "true" for value in self.of(expression.sql, expression.columns, rows)]
            found |= truths[codes] == 1
        return found

    def values(self, expression: Expression, rows: Sequence[Kind]) -> list[str]:
        """What an expression that many questions share gives for each of some combinations, once for each."""
        known = self._known.setdefault(expression, {})
        new = [row for row in rows if row not in known]
        if new:
            known.update(zip(new, self.of(expression.sql, expression.columns, new), strict=True))
        return [known[row] for row in rows]

    def together(self, asked: Sequence[tuple[Expression, Sequence[Kind]]]) -> list[list[str]]:
        """What each expression gives for its combinations; those over the same columns are asked in one query."""
        answers: list[list[str]] = [[] for _ in asked]
        of_columns: dict[tuple[str, ...], list[int]] = {}
        for place, (expression, _) in enumerate(asked):
            of_columns.setdefault(expression.columns, []).append(place)
        for columns, alike in of_columns.items():
            rows = {row: number for number, row in enumerate(dict.fromkeys(chain(*(asked[one][1] for one in alike))))}
            if len(rows) > SMALL:
                for place in alike:
                    answers[place] = self.of(asked[place][0].sql, columns, asked[place][1])
                continue
            found = self._outcomes([asked[one][0].sql for one in alike], columns, list(rows))
            for number, place in enumerate(alike):
                answers[place] = [found[rows[row]][number] for row in asked[place][1]]
        return answers

    def of(
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
