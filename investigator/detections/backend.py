"""Sigma conditions as DuckDB predicates: two-valued, without case, missing fields being null."""

import re
from collections.abc import Iterator, Sequence

from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR
from sigma.types import SigmaBool, SigmaCasedString, SigmaNull, SigmaNumber, SigmaString, SigmaType, SpecialChars

from investigator.detections.fields import Field, Unsupported, few_valued, field_sql, literal
from investigator.domain.expression import Clause, Expression

_WILDCARD = {SpecialChars.WILDCARD_MULTI: "%", SpecialChars.WILDCARD_SINGLE: "_"}
UNKNOWN = "NULL::BOOLEAN"
_PIECE = re.compile(r"[A-Za-z0-9_.:-]*[A-Za-z][A-Za-z0-9_.:-]*")
"""Characters that stand in JSON as they are, unless one is escaped; a number has several forms."""
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
            return few_valued(node.field) is not None
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
    return _holds(field_sql(leaves[0].field), f"lower({{}}) IN ({options})", [text for text in texts if text])


def _compared(field: str, value: SigmaType) -> str:
    column = field_sql(field)
    text = _plain(field, value)
    if text is not None:
        return _missing(column) if text == "" else _equal(column, text)
    match value:
        case SigmaNull():
            return _missing(column)
        case SigmaString():
            parts = [part for part in value.s if isinstance(part, str)]
            return _holds(
                column, f"{{}} ILIKE {literal(_pattern(value))} ESCAPE '\\'", [max(parts, key=len, default="")]
            )
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
        return _holds(field, f"lower({{}}) = {_lowered(text)}", [text])
    return f"(lower({field.sql}) IS NOT DISTINCT FROM {_lowered(text)})"


def _holds(field: Field, condition: str, texts: Sequence[str]) -> str:
    """Whether a value fulfils a condition; one that does holds one of the texts."""
    if field.many:
        test = condition.replace("{}", "v", 1)
        holds = f"coalesce(len(list_filter({field.sql}, lambda v: {test})) > 0, false)"
        return f"CASE WHEN {_can_hold(field.document, texts)} THEN {holds} ELSE false END"
    return f"coalesce({condition.replace('{}', field.sql, 1)}, false)"


def _can_hold(document: str, texts: Sequence[str]) -> str:
    """Whether a JSON text can have a value with one of some texts in it, told without reading the JSON."""
    pieces = [max(_PIECE.findall(text), key=len, default="") for text in texts]
    if not all(pieces):
        return f"{document} IS NOT NULL"
    tests = (f"contains(lower({document}), {literal(piece.lower())})" for piece in pieces)
    return f"({' OR '.join(tests)} OR contains({document}, '\\'))"


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
