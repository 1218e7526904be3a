"""SQL that detection hands to the evidence store: which columns decide it, and what is sought with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL over some columns of few values, and nothing else."""

    sql: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """Events of some names, or of any, for which a predicate over all columns of `events` holds."""

    names: tuple[str, ...] | None
    sketch: Expression
    """True, false, or null where only the predicate can tell."""
    predicate: str
