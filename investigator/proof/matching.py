"""Search expressions of claims, evaluated on raw records.

In a claim stand only record paths, `outcome`, `actor` and `time`, with `=`, `>=`, `<`, `from:`, `to:` and `-`: the
other columns of the evidence store are derived by the ingest, and a claim must not rest on them.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from pydantic import JsonValue

from investigator.domain.paths import parse_path, select, texts
from investigator.domain.search import COLUMNS, NotASearch, Operator, Search, Term, parse_search
from investigator.domain.times import parse_instant
from investigator.proof.actors import actor_of
from investigator.proof.record import Record, outcome_of, time_of

DERIVED = frozenset({"outcome", "actor", "time"})
"""Words of the columns that proof derives from the raw record itself."""
NULL = "null"


def read_where(text: str) -> Search:
    """The expression of a claim; raises NotASearch for what no claim may say."""
    where = parse_search(text)
    if not where.terms and where.start is None and where.end is None:
        raise NotASearch("a claim must say what it looks for")
    for term in where.terms:
        _check(term)
    return where


def _check(term: Term) -> None:
    if term.op in (Operator.MATCHES, Operator.WORD):
        raise NotASearch(f"{term} has no place in a claim: it takes =, >= and <")
    if term.field in COLUMNS and term.field not in DERIVED:
        raise NotASearch(f"{term.field} is a column of the evidence store; a claim names the record path")
    if term.field not in DERIVED:
        try:
            parse_path(term.field)
        except ValueError as unreadable:
            raise NotASearch(str(unreadable)) from None


def matches(record: Record, where: Search) -> bool:
    """Whether every term holds for the record, and its time lies in the window."""
    if where.start is not None or where.end is not None:
        moment = time_of(record)
        if moment is None or (where.start and moment < where.start) or (where.end and moment >= where.end):
            return False
    return all(_holds(record, term) is not term.negated for term in where.terms)


def _holds(record: Record, term: Term) -> bool:
    return any(_compares(record, term.field, term.op, value) for value in term.values)


def _compares(record: Record, field: str, op: Operator, wanted: str) -> bool:
    if field == "time":
        return _time_compares(record, op, wanted)
    if field in _SAID:
        return op is Operator.EQUALS and _SAID[field](record) == wanted
    if op is Operator.EQUALS and wanted == NULL:
        return all(value is None for value in select(record.document, field))
    return any(COMPARE[op](text, wanted) for text in texts(record.document, field))


_SAID: Mapping[str, Callable[[Record], str]] = {"outcome": outcome_of, "actor": actor_of}


def _time_compares(record: Record, op: Operator, wanted: str) -> bool:
    moment = time_of(record)
    if moment is None:
        return op is Operator.EQUALS and wanted == NULL
    try:
        other = parse_instant(wanted)
    except ValueError:
        return False
    return {Operator.EQUALS: moment == other, Operator.AT_LEAST: moment >= other}.get(op, moment < other)


def _equal(text: str, wanted: str) -> bool:
    return text == wanted


def _at_least(text: str, wanted: str) -> bool:
    left, right = number(text), number(wanted)
    return text >= wanted if left is None or right is None else left >= right


def _below(text: str, wanted: str) -> bool:
    return not _at_least(text, wanted)


COMPARE: dict[Operator, Callable[[str, str], bool]] = {
    Operator.EQUALS: _equal,
    Operator.AT_LEAST: _at_least,
    Operator.BELOW: _below,
}


def number(text: JsonValue) -> Decimal | None:
    """The finite number that a text or JSON number writes, or None."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return None
    try:
        amount = Decimal(str(text))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
