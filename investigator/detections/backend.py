"""Sigma conditions as DuckDB predicates: two-valued, without case, missing fields being null."""

import re
from collections.abc import Iterator, Sequence

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.types import SigmaString, SigmaType

from investigator.detections.fields import Unsupported, few_valued
from investigator.detections.leaves import UNKNOWN, decided_by, keyword, leaf, normal, of_plain_name, one_of
from investigator.detections.values import plain
from investigator.domain.expression import Clause, Expression


def predicate(node: object, *, sketched: bool = False) -> str:
    """The WHERE clause of a parsed condition; never NULL for any row. Raises Unsupported.

    A sketch of it knows the columns of few values alone, and is NULL where another field decides.
    """
    match node:
        case ConditionAND():
            return _joined(node.args, " AND ", sketched)
        case ConditionOR():
            return _one_of_one_field(node.args, sketched) or _joined(node.args, " OR ", sketched)
        case ConditionNOT():
            return f"(NOT {predicate(node.args[0], sketched=sketched)})"
        case ConditionFieldEqualsValueExpression():
            return UNKNOWN if sketched and decided_by(node) is None else leaf(node.field, node.value)
        case ConditionValueExpression():
            return UNKNOWN if sketched else keyword(node.value)
        case _:
            raise Unsupported("a condition that asks nothing")


def columns(node: object) -> frozenset[str]:
    """The columns of few values that a condition asks."""
    match node:
        case ConditionAND() | ConditionOR() | ConditionNOT():
            return frozenset[str]().union(*map(columns, node.args))
        case ConditionFieldEqualsValueExpression():
            return decided_by(node) or frozenset()
        case _:
            return frozenset()


def clauses(node: object) -> tuple[tuple[Clause, ...], tuple[object, ...]]:
    """What a condition asks of single columns of few values, and its other parts: it holds where all of these do."""
    found: list[Clause] = []
    rest: list[object] = []
    for part in _parts(node):
        clause = _clause(part)
        if clause is None:
            rest.append(part)
        else:
            found.append(clause)
    return tuple(found), tuple(rest)


def _parts(node: object) -> Iterator[object]:
    if isinstance(node, ConditionAND):
        for part in node.args:
            yield from _parts(part)
    else:
        yield node


def _clause(part: object) -> Clause | None:
    alternatives = [part] if len(columns(part)) == 1 or not isinstance(part, ConditionOR) else part.args
    if not all(_is_decided(one) and len(columns(one)) == 1 for one in alternatives):
        return None
    return tuple(Expression(predicate(one), tuple(columns(one))) for one in alternatives)


def _is_decided(node: object) -> bool:
    """Whether columns of few values decide all of a condition."""
    match node:
        case ConditionAND() | ConditionOR() | ConditionNOT():
            return all(map(_is_decided, node.args))
        case ConditionFieldEqualsValueExpression():
            return decided_by(node) is not None
        case _:
            return False


def names(node: object) -> frozenset[str] | None:
    """Patterns of the event names that a condition may hold for, as regular expressions; None for any name."""
    match node:
        case ConditionAND():
            known = [found for part in node.args if (found := names(part)) is not None]
            return min(known, key=len, default=None)
        case ConditionOR():
            parts = [names(part) for part in node.args]
            known = [part for part in parts if part is not None]
            return frozenset[str]().union(*known) if len(known) == len(parts) else None
        case ConditionFieldEqualsValueExpression() if node.field == "eventName":
            return _name_pattern(node.value)
        case _:
            return None


def _name_pattern(value: SigmaType) -> frozenset[str] | None:
    """A pattern of the names that fit; None where it is no text, or a name that is empty or has a suffix may fit."""
    if not isinstance(value, SigmaString) or not of_plain_name(value):
        return None
    text = plain(normal("eventName", value))
    pattern = "".join(map(_regex_part, value.s)) if text is None else re.escape(text)
    return frozenset({pattern}) if pattern.strip(".*") else None


def _regex_part(part: object) -> str:
    return re.escape(part) if isinstance(part, str) else ".*"


def _joined(nodes: Sequence[object], word: str, sketched: bool) -> str:
    return "(" + word.join(predicate(node, sketched=sketched) for node in nodes) + ")"


def _one_of_one_field(nodes: Sequence[object], sketched: bool) -> str | None:
    """A list of values of one field together."""
    leaves = [node for node in nodes if isinstance(node, ConditionFieldEqualsValueExpression)]
    if len(leaves) != len(nodes) or len({leaf.field for leaf in leaves}) != 1:
        return None
    field = leaves[0].field
    together = one_of(field, [leaf.value for leaf in leaves])
    return UNKNOWN if together and sketched and few_valued(field) is None else together
