"""Search expressions: one grammar for `logs search`, the API, the timeline filter and claims.

Terms are ANDed: `field=value`, `field~regex` (RE2), `field>=value`, `field<value`, `from:TIME`, `to:TIME`, a bare word
(any text field), `-term` (not). Values with spaces stand in double quotes, `\\"` inside. `path=null` is null or absent.
`field="a","b"` is any of several values, each in quotes.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from investigator.domain.times import Instant, parse_instant, to_text
from investigator.domain.value import Value

COLUMNS = (
    "time id source name account region ip agent error error_message outcome identity arn user key principal issuer "
    "session session_start mfa source_identity invoked_by actor read_only category event_type request_id shared_id "
    "vpce issued_key flags"
).split()
"""The names of the evidence store's columns; every other field of an expression is a dotted record path."""


class Operator(StrEnum):
    EQUALS = "="
    MATCHES = "~"
    AT_LEAST = ">="
    BELOW = "<"
    WORD = "word"


class Term(Value):
    """One condition; it holds when any of `values` does. Only `=` takes several."""

    field: str
    op: Operator
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        sign = "-" if self.negated else ""
        if self.op is Operator.WORD:
            return sign + _quoted(self.values[0])
        values = _quoted(self.values[0]) if len(self.values) == 1 else ",".join(map(_in_quotes, self.values))
        return f"{sign}{self.field}{self.op.value}{values}"


class Search(Value):
    """A parsed expression."""

    terms: tuple[Term, ...] = ()
    start: Instant | None = None
    end: Instant | None = None

    def __str__(self) -> str:
        times = [f"from:{to_text(self.start)}"] if self.start else []
        times += [f"to:{to_text(self.end)}"] if self.end else []
        return " ".join([*map(str, self.terms), *times])

    def also(self, *terms: Term) -> "Search":
        """The same search with more conditions."""
        return self.model_copy(update={"terms": (*self.terms, *terms)})

    def within(self, start: datetime | None, end: datetime | None) -> "Search":
        """The same search, from `start` (included) to `end` (excluded)."""
        return self.model_copy(update={"start": start, "end": end})


class NotASearch(ValueError):
    """The expression cannot be read; the message names the part and what is expected."""


_TOKEN = re.compile(r'\s*((?:"(?:\\.|[^"\\])*"|[^\s"])+)')
_TERM = re.compile(r'([A-Za-z_@][^=~<>"\s]*?)(>=|=|~|<)(.*)', re.DOTALL)
_SEVERAL = re.compile(r'"(?:\\.|[^"\\])*"(?:,"(?:\\.|[^"\\])*")+')
_ONE = re.compile(r'"(?:\\.|[^"\\])*"')
_PLAIN = re.compile(r'[^\s"\\-][^\s"\\]*')


def equals(field: str, *values: str) -> Term:
    """`field=value`, or any of several values."""
    return Term(field=field, op=Operator.EQUALS, values=values)


def search(*terms: Term) -> Search:
    """A search of these terms."""
    return Search(terms=terms)


def where(**columns: str) -> Search:
    """A search for exact column values: `where(key="AKIA…", name="StopLogging")`."""
    return Search(terms=tuple(equals(field, value) for field, value in columns.items()))


def any_of(field: str, values: Iterable[str]) -> Search:
    """A search for records whose field is one of the values."""
    return Search(terms=(equals(field, *values),))


def parse_search(text: str) -> Search:
    """Read an expression; raises NotASearch with the part that cannot be read."""
    terms: list[Term] = []
    start: datetime | None = None
    end: datetime | None = None
    for token in _tokens(text):
        if token.startswith("from:"):
            start = _time(token)
        elif token.startswith("to:"):
            end = _time(token)
        else:
            terms.append(_term(token))
    return Search(terms=tuple(terms), start=start, end=end)


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    while match := _TOKEN.match(text, position):
        tokens.append(match[1])
        position = match.end()
    if text[position:].strip():
        raise NotASearch(f'a quote is not closed in {text!r}; write field="a value"')
    return tokens


def _time(token: str) -> datetime:
    word, _, value = token.partition(":")
    try:
        return parse_instant(_unquoted(value))
    except ValueError:
        raise NotASearch(f"{word}: takes an ISO 8601 time, not {value!r}") from None


def _term(token: str) -> Term:
    negated = token.startswith("-") and len(token) > 1
    body = token[1:] if negated else token
    if match := _TERM.fullmatch(body):
        field, op, value = match.groups()
        if op == "~":
            _check_regex(field, _unquoted(value))
        several = op == "=" and _SEVERAL.fullmatch(value)
        values = tuple(map(_unquoted, _ONE.findall(value))) if several else (_unquoted(value),)
        return Term(field=field, op=Operator(op), values=values, negated=negated)
    return Term(field="", op=Operator.WORD, values=(_unquoted(body),), negated=negated)


def _check_regex(field: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise NotASearch(f"{field}~ takes a regular expression: {error}") from None


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _in_quotes(text)


def _in_quotes(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
