"""What a Sigma value asks of one text, as DuckDB SQL: without case unless the rule says so."""

import re
from collections.abc import Callable, Sequence

from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from investigator.detections.addresses import inside
from investigator.detections.fields import Unsupported, literal

Ask = Callable[[str], str]
"""From the SQL of a text to SQL that is true where the value fits; false or null elsewhere."""
_WILDCARD = {SpecialChars.WILDCARD_MULTI: "%", SpecialChars.WILDCARD_SINGLE: "_"}
_FLAG = {
    SigmaRegularExpressionFlag.IGNORECASE: "i",
    SigmaRegularExpressionFlag.MULTILINE: "m",
    SigmaRegularExpressionFlag.DOTALL: "s",
}
_COMPARED = {
    CompareOperators.LT: "<",
    CompareOperators.LTE: "<=",
    CompareOperators.GT: ">",
    CompareOperators.GTE: ">=",
}
_NUMBER = "-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?"
"""A number as JSON writes it; the text of one counts as one, too."""
_EXACT = 2**53
"""The first whole number that pySigma, and a DOUBLE, cannot tell from its neighbour."""
_MOMENT = r"^\d{4}-\d\d-\d\d"
LONGEST_REGEX = 5_000


def asked(value: SigmaType) -> Ask:
    """What a value asks of a text; raises Unsupported with the modifier's name."""
    match value:
        case SigmaString() | SigmaBool():
            return _of_text(value)
        case SigmaTimestampPart():
            return lambda sql: f"{_part(value, sql)} = {value.number}"
        case SigmaNumber():
            return _number(value)
        case SigmaRegularExpression():
            pattern = literal(_regex(value))
            return lambda sql: f"regexp_matches({sql}, {pattern})"
        case SigmaCIDRExpression():
            return lambda sql: inside(value.network, sql)
        case _:
            return _ordered(value)


def _of_text(value: SigmaString | SigmaBool) -> Ask:
    text, cased = plain(value), isinstance(value, SigmaCasedString)
    if text is None and isinstance(value, SigmaString):
        return _like(value, "LIKE" if cased else "ILIKE")
    written = text or ""
    return (lambda sql: f"{sql} = {literal(written)}") if cased else (lambda sql: f"lower({sql}) = {lowered(written)}")


def plain(value: SigmaType) -> str | None:
    """The value as text when it holds no wildcard, else None. Raises Unsupported for a placeholder."""
    match value:
        case SigmaString(s=(str() as text,)) if "\x00" not in text:
            return text
        case SigmaString():
            parts = _parts(value)
            return None if any(isinstance(part, SpecialChars) for part in parts) else "".join(map(str, parts))
        case SigmaBool():
            return str(value.boolean).lower()
        case _:
            return None


def held(value: SigmaType) -> str:
    """A text that stands, but for case, in every text that fits the value; "" where none is known."""
    if not isinstance(value, SigmaString):
        return str(plain(value) or "")
    return max((part for part in _parts(value) if isinstance(part, str)), key=len, default="")


def lowered(text: str) -> str:
    """The literal in lower case; DuckDB folds what is not ASCII, as it folds the column."""
    return literal(text.lower()) if text.isascii() else f"lower({literal(text)})"


def anywhere(value: SigmaString) -> SigmaString:
    """The value with wildcards around it."""
    star = SpecialChars.WILDCARD_MULTI
    return star + (value + star)


def in_json(value: SigmaString) -> SigmaString:
    """The value as its characters stand inside a JSON text."""
    return value.map_str_parts(_escaped)


def with_text(value: SigmaString, text: str) -> SigmaString:
    """The same kind of value for a text without wildcards."""
    made = SigmaString.from_str(text)
    return SigmaCasedString.from_sigma_string(made) if isinstance(value, SigmaCasedString) else made


def word(value: SigmaType) -> str:
    """`cidr` for SigmaCIDRExpression, and so on: the modifier as rules write it."""
    name = type(value).__name__.removeprefix("Sigma").removesuffix("Expression").lower()
    return {"fieldreference": "fieldref", "regular": "re"}.get(name, name)


def _parts(value: SigmaString) -> Sequence[str | SpecialChars]:
    """Texts and wildcards; a NUL as the evidence store keeps it."""
    parts = [part for part in value.s if isinstance(part, str | SpecialChars)]
    if len(parts) < len(value.s):
        raise Unsupported("placeholders (%name% with expand)")
    return [part.replace("\x00", "\\x00") if isinstance(part, str) else part for part in parts]


def _like(value: SigmaString, operator: str) -> Ask:
    pattern = "".join(
        _WILDCARD[part] if isinstance(part, SpecialChars) else re.sub(r"([%_\\])", r"\\\1", part)
        for part in _parts(value)
    )
    return lambda sql: f"{sql} {operator} {literal(pattern)} ESCAPE '\\'"


def _number(value: SigmaNumber) -> Ask:
    text, number = str(value.number), float(value.number)
    if abs(number) >= _EXACT:
        raise Unsupported(f"the number {text}, which is too large to be told from its neighbours; write it as a text,")
    return lambda sql: f"({sql} = {literal(text)} OR {_as_number(sql)} = {number!r}::DOUBLE)"


def _ordered(value: SigmaType) -> Ask:
    if not isinstance(value, SigmaCompareExpression) or value.op not in _COMPARED:
        raise Unsupported(word(value))
    operator, number = _COMPARED[value.op], value.number
    if isinstance(number, SigmaTimestampPart):
        return lambda sql: f"{_part(number, sql)} {operator} {number.number}"
    return lambda sql: f"{_as_number(sql)} {operator} {float(number.number)!r}::DOUBLE"


def _as_number(sql: str) -> str:
    return f"TRY_CAST(CASE WHEN regexp_full_match({sql}, '{_NUMBER}') THEN {sql} END AS DOUBLE)"


def _part(value: SigmaTimestampPart, sql: str) -> str:
    """A part of a time in ISO 8601, as it is written; weeks are those of ISO 8601."""
    moment = f"TRY_CAST(CASE WHEN regexp_matches({sql}, '{_MOMENT}') THEN {sql} END AS TIMESTAMP)"
    return f"date_part('{value.timestamp_part.name.lower()}', {moment})"


def _regex(value: SigmaRegularExpression) -> str:
    """The expression with its flags; RE2 has checked it when it was read, and knows no look-around."""
    if not isinstance(getattr(value, "regexp", None), SigmaString):  # pySigma takes any value for an expression
        raise Unsupported("re with a value that is no text")
    if value.contains_placeholder():
        raise Unsupported("placeholders (%name% with expand)")
    text = str(value.regexp)
    if len(text) > LONGEST_REGEX:
        raise Unsupported(f"a regular expression of more than {LONGEST_REGEX:,} characters")
    flags = "".join(sorted(_FLAG[flag] for flag in value.flags))
    return f"(?{flags}){text}" if flags else text


def _escaped(text: str) -> str:
    named = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
    return "".join(named.get(one) or (f"\\u{ord(one):04x}" if one < " " else one) for one in text)
