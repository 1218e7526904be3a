"""Sigma conditions as DuckDB predicates: two-valued, without case, missing fields being null."""

import re
from collections.abc import Sequence

from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR
from sigma.types import SigmaBool, SigmaCasedString, SigmaNull, SigmaNumber, SigmaString, SigmaType, SpecialChars

from investigator.detections.fields import Field, Unsupported, few_valued, field_sql, literal

_WILDCARD = {SpecialChars.WILDCARD_MULTI: "%", SpecialChars.WILDCARD_SINGLE: "_"}
UNKNOWN = "NULL::BOOLEAN"
_DATE_SUFFIX = re.compile(r"(?<=[A-Za-z])(?:19|20)\d{2}(?:\d{4}(?:v\d+)?|_\d{2}_\d{2})$")


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
            return UNKNOWN if sketched and few_valued(node.field) is None else _compared(node.field, node.value)
        case _:
            raise Unsupported("keywords without a field")


def columns(node: object) -> frozenset[str]:
    """The columns of few values that a condition asks."""
    match node:
        case ConditionAND() | ConditionOR() | ConditionNOT():
            return frozenset[str]().union(*map(columns, node.args))
        case ConditionFieldEqualsValueExpression():
            return frozenset(filter(None, [few_valued(node.field)]))
        case _:
            return frozenset()


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
        case ConditionFieldEqualsValueExpression() if node.field == "eventName" and isinstance(node.value, SigmaString):
            text = _plain(node.field, node.value)
            return frozenset({re.escape(text) if text else "".join(map(_regex_part, node.value.s))})
        case _:
            return None


def _regex_part(part: object) -> str:
    return re.escape(part) if isinstance(part, str) else ".*"


def _joined(nodes: Sequence[object], word: str, sketched: bool) -> str:
    return "(" + word.join(predicate(node, sketched=sketched) for node in nodes) + ")"


def _one_of_one_field(nodes: Sequence[object], sketched: bool) -> str | None:
    """A list of plain values of one field as one IN, which scans far faster than many ORs."""
    leaves = [node for node in nodes if isinstance(node, ConditionFieldEqualsValueExpression)]
    texts = [_plain(leaf.field, leaf.value) for leaf in leaves]
    if len(leaves) != len(nodes) or len({leaf.field for leaf in leaves}) != 1 or not all(texts):
        return None
    if sketched and few_valued(leaves[0].field) is None:
        return UNKNOWN
    options = ", ".join(_lowered(text) for text in texts if text)
    return _holds(field_sql(leaves[0].field), f"lower({{}}) IN ({options})")


def _compared(field: str, value: SigmaType) -> str:
    column = field_sql(field)
    text = _plain(field, value)
    if text is not None:
        return _missing(column) if text == "" else _equal(column, text)
    match value:
        case SigmaNull():
            return _missing(column)
        case SigmaString():
            return _holds(column, f"{{}} ILIKE {literal(_pattern(value))} ESCAPE '\\'")
        case _:
            raise Unsupported(f"{_word(value)} on the field {field}")


def _plain(field: str, value: SigmaType) -> str | None:
    """The value as text when it holds no wildcard, else None."""
    match value:
        case SigmaCasedString():
            raise Unsupported(f"cased on the field {field}")
        case SigmaString() if all(isinstance(part, str) for part in value.s):
            text = "".join(part for part in value.s if isinstance(part, str))
            return _DATE_SUFFIX.sub("", text) if field == "eventName" else text
        case SigmaNumber():
            return str(value.number)
        case SigmaBool():
            return str(value.boolean).lower()
        case _:
            return None


def _pattern(value: SigmaString) -> str:
    return "".join(_pattern_part(part) for part in value.s)


def _pattern_part(part: object) -> str:
    if isinstance(part, str):
        return re.sub(r"([%_\\])", r"\\\1", part)
    if isinstance(part, SpecialChars):
        return _WILDCARD[part]
    raise Unsupported("placeholders")


def _equal(field: Field, text: str) -> str:
    if field.many:
        return _holds(field, f"lower({{}}) = {_lowered(text)}")
    return f"(lower({field.sql}) IS NOT DISTINCT FROM {_lowered(text)})"


def _holds(field: Field, condition: str) -> str:
    if field.many:
        test = condition.replace("{}", "v", 1)
        return f"coalesce(len(list_filter({field.sql}, lambda v: {test})) > 0, false)"
    return f"coalesce({condition.replace('{}', field.sql, 1)}, false)"


def _missing(field: Field) -> str:
    if field.many:
        return f"(NOT coalesce(len(list_filter({field.sql}, lambda v: v <> '')) > 0, false))"
    return f"(coalesce({field.sql}, '') = '')"


def _lowered(text: str) -> str:
    """The literal in lower case; DuckDB folds what is not ASCII, as it folds the column."""
    return literal(text.lower()) if text.isascii() else f"lower({literal(text)})"


def _word(value: SigmaType) -> str:
    """`re` for SigmaRegularExpression, and so on: the modifier as rules write it."""
    name = type(value).__name__.removeprefix("Sigma").removesuffix("Expression").lower()
    return {"regular": "re", "fieldreference": "fieldref"}.get(name, name)
