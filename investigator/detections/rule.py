"""One detection rule: what its YAML says, with its condition compiled; or why it is not run."""

from dataclasses import dataclass

from investigator.detections.detection import Detection
from investigator.domain.expression import Clause, Expression, Trace


@dataclass(frozen=True, slots=True)
class Rule(Detection):
    """A compiled rule; `predicate` is a DuckDB WHERE clause over the columns of the evidence store."""

    predicate: str
    clauses: tuple[Clause, ...]
    """What of the predicate stands on one column of few values each."""
    sketch: Expression | None
    """The rest of it as far as columns of few values decide; null where another field does; None without a rest."""
    traces: tuple[Trace, ...] | None = None
    """Of these one is in every record that it holds for; None where none is known."""
    names: frozenset[str] = frozenset()
    """Patterns of the event names that it can hold for, as regular expressions; empty for any name."""
    harmful: bool = False
    """Its effect is harmful whoever did it."""
    attempts_count: bool = False
    """A denied or failed call weighs as much as one that succeeded."""
    fixed: bool = False
    """The level already speaks of the kind of actor, so that it is not raised for it."""
    as_written: bool = False
    """A rule of others: every match counts, at the rule's own level."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that is not run, and why."""

    path: str
    """Of the file below the folder, with `#2` for the second of its documents."""
    reason: str
    damaged: bool = False
    """The file cannot be read at all."""
