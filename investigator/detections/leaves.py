"""What stands at the leaves of a condition, as SQL: one field and a value, or a keyword."""

import re
from collections.abc import Iterator, Sequence

from sigma.conditions import ConditionFieldEqualsValueExpression
from sigma.types import (
    SigmaBool,
    SigmaCasedString,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from investigator.detections.fields import (
    Field,
    Unsupported,
    few_valued,
    field_sql,
    literal,
    texts_sql,
    written_name,
)
from investigator.detections.values import Ask, anywhere, asked, held, in_json, lowered, plain, with_text, word
from investigator.domain.columns import JSON_COLUMNS, RECORD_COLUMNS

UNKNOWN = "NULL::BOOLEAN"
_PIECE = re.compile(r"[A-Za-z0-9_.:-]*[A-Za-z][A-Za-z0-9_.:-]*")
"""Characters that stand in JSON as they are, unless one is escaped; a number has several forms."""
MOST_PIECES = 200
"""Texts that are looked for before JSON is read."""
_DATE_SUFFIX = re.compile(r"(?<=[A-Za-z])(?:19|20)\d{2}(?:\d{4}(?:v\d+)?|_\d{2}_\d{2})$")
_MESSAGE = tuple(field for field, column in RECORD_COLUMNS.items() if column not in JSON_COLUMNS)
"""Keys whose value is a text of its own in what keywords look through; JSON is looked through as such."""


def leaf(field: str, value: SigmaType) -> str:
    """Whether a field fits a value; never null."""
    match value:
        case SigmaExpansion():
            return f"({' OR '.join(leaf(field, one) for one in value.values)})"
        case SigmaNull():
            return f"(NOT {_filled(field_sql(field))})"
        case SigmaExists():
            there = field_sql(field).exists
            return there if value.exists else f"(NOT {there})"
        case SigmaFieldReference():
            return _refers(field_sql(field), value)
        case _:
            return _compared(field, normal(field, value))


def keyword(value: SigmaType) -> str:
    """Whether a record has a keyword somewhere in it; never null.

    A record is looked through value by value of its top level: texts as they are, anything else as JSON.
    """
    match value:
        case SigmaExpansion():
            return f"({' OR '.join(map(keyword, value.values))})"
        case SigmaString():
            around, inside = anywhere(value), anywhere(in_json(value))
            return _said(asked(_like(around, value)), asked(_like(inside, value)))
        case SigmaRegularExpression():
            return _said(asked(value), asked(value))
        case SigmaNumber() if not isinstance(value, SigmaTimestampPart):
            return keyword(SigmaString(str(value.number)))
        case _:
            raise Unsupported(f"{word(value)} without a field")


def one_of(field: str, values: Sequence[SigmaType]) -> str | None:
    """Whether a field fits one of some values, looked at once for all of them; None where they differ too much."""
    brought = [normal(field, one) for value in values for one in _flat(value)]
    if any(isinstance(value, SigmaNull | SigmaExists | SigmaFieldReference) for value in brought):
        return None
    if field == "eventName" and not all(map(of_plain_name, brought)):
        return None
    texts = [_plain_text(value) for value in brought]
    if None not in texts:
        options = ", ".join(lowered(text or "") for text in texts)
        return _holds(field_sql(field), lambda sql: f"lower({sql}) IN ({options})", [text or "" for text in texts])
    asks = [_asked(field, value) for value in brought]
    return _holds(field_sql(field), lambda sql: f"({' OR '.join(ask(sql) for ask in asks)})", list(map(held, brought)))


def _flat(value: SigmaType) -> Iterator[SigmaType]:
    if isinstance(value, SigmaExpansion):
        for one in value.values:
            yield from _flat(one)
    else:
        yield value


def _plain_text(value: SigmaType) -> str | None:
    return (
        plain(value) if isinstance(value, SigmaString | SigmaBool) and not isinstance(value, SigmaCasedString) else None
    )


def decided_by(node: ConditionFieldEqualsValueExpression) -> frozenset[str] | None:
    """The columns of few values that decide a leaf; None where others have a say."""
    fields = [node.field]
    if isinstance(node.value, SigmaFieldReference):
        fields.append(node.value.field)
    elif node.field == "eventName" and not of_plain_name(node.value):
        return None
    known = [column for field in fields if (column := few_valued(field)) is not None]
    return frozenset(known) if len(known) == len(fields) else None


def normal(field: str, value: SigmaType) -> SigmaType:
    """The value with an event name brought to the form of the store: without its date suffix."""
    if field != "eventName" or not isinstance(value, SigmaString):
        return value
    text = plain(value)
    return value if text is None else with_text(value, _DATE_SUFFIX.sub("", text))


def of_plain_name(value: SigmaType) -> bool:
    """Whether what is asked of an event name cannot depend on its date suffix."""
    if isinstance(value, SigmaExpansion):
        return all(map(of_plain_name, value.values))
    if not isinstance(value, SigmaString):
        return not isinstance(value, SigmaRegularExpression)
    if plain(value) is not None:
        return True
    wild = "".join("?" if part is SpecialChars.WILDCARD_SINGLE else "" for part in value.s)
    ends_open = value.s[-1] is SpecialChars.WILDCARD_MULTI
    return ends_open and not wild and not re.search(r"[0-9_]|v$", "".join(map(_text, value.s)))


def _text(part: object) -> str:
    return part if isinstance(part, str) else ""


def _compared(field: str, value: SigmaType) -> str:
    column = field_sql(field) if field != "eventName" or of_plain_name(value) else written_name()
    return _holds(column, _asked(field, value), [held(value)])


def _asked(field: str, value: SigmaType) -> Ask:
    try:
        return asked(value)
    except Unsupported as unsupported:
        raise Unsupported(f"{unsupported} on the field {field}") from None


def _holds(field: Field, ask: Ask, texts: Sequence[str]) -> str:
    """Whether a text of a field fits; one that does holds one of some texts."""
    if not field.many:
        return f"coalesce({ask(field.sql)}, false)"
    found = f"coalesce(len(list_filter({field.sql}, lambda v: {ask('v')})) > 0, false)"
    return f"CASE WHEN {_can_hold(field.document, texts)} THEN {found} ELSE false END" if field.document else found


def _can_hold(document: str, texts: Sequence[str]) -> str:
    """Whether a JSON text can have a value with one of some texts in it, told without reading the JSON."""
    pieces = list(map(piece, texts))
    if not all(pieces) or len(pieces) > MOST_PIECES:
        return f"{document} IS NOT NULL"
    tests = (f"contains(lower({document}), {literal(piece.lower())})" for piece in dict.fromkeys(pieces))
    return f"({' OR '.join(tests)} OR contains({document}, '\\'))"


def piece(text: str) -> str:
    """The longest part of a text that stands in JSON as it is; "" where there is none."""
    return max(_PIECE.findall(text), key=len, default="")


def _filled(field: Field) -> str:
    if not field.many:
        return f"({field.sql} IS NOT NULL)"
    return f"coalesce(len(list_filter({field.sql}, lambda v: v IS NOT NULL)) > 0, false)"


def _refers(field: Field, value: SigmaFieldReference) -> str:
    """Whether some text of one field is, contains, begins or ends with some text of another, whatever their case."""
    names = {(True, True): "contains", (True, False): "starts_with", (False, True): "ends_with"}
    test = names.get((value.starts_with, value.ends_with))
    told = f"{test}(lower(v), lower(w))" if test else "lower(v) = lower(w)"
    other = f"list_filter({texts_sql(field_sql(value.field))}, lambda w: {told})"
    return f"coalesce(len(list_filter({texts_sql(field)}, lambda v: len({other}) > 0)) > 0, false)"


def _like(value: SigmaString, original: SigmaString) -> SigmaString:
    return SigmaCasedString.from_sigma_string(value) if isinstance(original, SigmaCasedString) else value


def _said(of_text: Ask, of_json: Ask) -> str:
    """Whether a text of the record fits, or the JSON of one of its parts without needless escapes."""
    texts = [of_text(field_sql(field).sql) for field in ("eventID", *_MESSAGE)]
    parts = [
        of_json(
            f"CASE WHEN contains({column}, '\\') THEN CAST(json_extract({column}, '$') AS VARCHAR) ELSE {column} END"
        )
        for column in JSON_COLUMNS
    ]
    return f"coalesce({' OR '.join(f'coalesce({test}, false)' for test in (*texts, *parts))}, false)"
