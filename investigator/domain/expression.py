"""SQL that detection hands to the evidence store: which columns decide it, and what is sought with it."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL over some columns of `events`, and nothing else."""

    sql: str
    columns: tuple[str, ...]


Clause = tuple[Expression, ...]
"""Expressions over one column of few values each, of which one has to be true."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Texts in small ASCII letters that all stand in the JSON of a column, whatever their case there.

    What other traces ask for too, such as a key, comes first: it is looked for once.
    """

    column: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """Events of some names, or of any, that fulfil every clause and the predicate over all columns of `events`."""

    names: tuple[str, ...] | None
    clauses: tuple[Clause, ...] = ()
    sketch: Expression | None = None
    """The predicate over columns of few values: true, false, or null where only the predicate can tell."""
    predicate: str = "true"
    traces: tuple[Trace, ...] | None = None
    """The predicate holds only for records that have one of these, or an escape or a letter that is not ASCII in the
    JSON of one of their columns; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Measure:
    """So many different values in a window; nulls are none. Without a value, every event counts."""

    least: int
    value: Expression | None = None
    many: bool = False
    """The expression gives a list, of which every element counts."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Events that stand in a window in which their caller reaches every measure."""

    scope: Sought
    callers: tuple[tuple[str, ...], ...]
    """What tells callers apart: of each group of columns of few values the first that holds something."""
    span: timedelta
    measures: tuple[Measure, ...]
    """At most one whose value is not in the columns of few values."""
