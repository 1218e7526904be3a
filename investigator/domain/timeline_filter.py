"""Search expressions over timeline entries: the grammar of `domain/search.py`, the columns that entries have."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import SchemaError

from investigator.domain.search import NotASearch, Operator, Search, Term, parse_search
from investigator.domain.timeline import TimelineEntry
from investigator.domain.times import parse_instant, to_text

FIELDS: Mapping[str, Callable[[TimelineEntry], Iterable[str]]] = {
    "time": lambda e: (to_text(e.time),) if e.time else (),
    "id": lambda e: (e.id, *e.evidence),
    "source": lambda e: (e.source, e.action.partition(":")[0] + ".amazonaws.com"),
    "name": lambda e: (e.action.rpartition(":")[2],),
    "action": lambda e: (e.action,),
    "account": lambda e: (e.place.account,),
    "region": lambda e: (e.place.region,),
    "ip": lambda e: (e.origin.ip,),
    "agent": lambda e: (e.origin.agent,),
    "outcome": lambda e: (e.outcome.value,),
    "principal": lambda e: (e.actor.arn,),
    "arn": lambda e: (e.actor.arn,),
    "actor": lambda e: (e.actor.kind,),
    "key": lambda e: (e.credential,),
    "on": lambda e: e.on,
    "tactic": lambda e: (e.tactic.value,) if e.tactic else (),
    "phase": lambda e: (e.phase,),
    "why": lambda e: (e.why,),
    "count": lambda e: (str(e.count),),
}
_WORDS = tuple(reader for field, reader in FIELDS.items() if field not in {"count", "name", "arn"})
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def matching(entries: Sequence[TimelineEntry], expression: str) -> Sequence[TimelineEntry]:
    """The entries for which every term holds; raises NotASearch with what cannot be read."""
    if not expression.strip():
        return entries
    wanted = parse_search(expression)
    tests = [_test(term) for term in wanted.terms]
    return [entry for entry in entries if _within(entry, wanted) and all(test(entry) for test in tests)]


def _within(entry: TimelineEntry, wanted: Search) -> bool:
    if wanted.start is None and wanted.end is None:
        return True
    if entry.time is None:
        return False
    after = wanted.start is None or (entry.last or entry.time) >= wanted.start
    return after and (wanted.end is None or entry.time < wanted.end)


def _test(term: Term) -> Callable[[TimelineEntry], bool]:
    value = term.values[0]
    if term.op is Operator.WORD:
        word = value.casefold()
        return _signed(term, lambda e: any(word in text.casefold() for read in _WORDS for text in read(e)))
    if term.field not in FIELDS:
        raise NotASearch(f"the timeline has no field {term.field}; it has {', '.join(FIELDS)}")
    read = FIELDS[term.field]
    holds = _comparison(term.op, _time_text(value) if term.field == "time" else value)
    if value == "null" and term.op is Operator.EQUALS:
        return _signed(term, lambda e: not any(read(e)))
    return _signed(term, lambda e: any(holds(text) for text in read(e)))


def _signed(term: Term, test: Callable[[TimelineEntry], bool]) -> Callable[[TimelineEntry], bool]:
    return (lambda e: not test(e)) if term.negated else test


def _comparison(op: Operator, value: str) -> Callable[[str], bool]:
    match op:
        case Operator.MATCHES:
            return _pattern(value)
        case Operator.AT_LEAST:
            return lambda text: _ordered(text) >= _ordered(value)
        case Operator.BELOW:
            return lambda text: _ordered(text) < _ordered(value)
        case _:
            return lambda text: text == value


def _pattern(expression: str) -> Callable[[str], bool]:
    """A search in linear time, as RE2 does it: no expression can hang who reads it. Raises NotASearch."""
    try:
        texts = TypeAdapter[str](Annotated[str, StringConstraints(pattern=expression)])
    except SchemaError:
        raise NotASearch("takes a regular expression in the form of RE2") from None

    def found(text: str) -> bool:
        try:
            texts.validate_python(text)
        except ValidationError:
            return False
        return True

    return found


def _ordered(text: str) -> tuple[float, str]:
    """Numbers by size, other texts by letters."""
    return (float(text), "") if text.isdecimal() else (-1, text)


def _time_text(value: str) -> str:
    try:
        return to_text(parse_instant(value))
    except ValueError:
        return value


def place_of(entries: Sequence[TimelineEntry], text: str, near: datetime | None) -> int:
    """The index of the first entry at or after a time; `19:21` is on the day of `near`.

    Raises ValueError for what is no time.
    """
    wanted = _moment(text.strip(), near)
    latest = datetime.max.replace(tzinfo=UTC)
    return bisect_left(entries, wanted, key=lambda entry: entry.time or latest)


def _moment(text: str, near: datetime | None) -> datetime:
    if near is not None and _CLOCK.fullmatch(text):
        text = f"{near:%Y-%m-%d}T{text.zfill(5)}"
    try:
        return parse_instant(text)
    except ValueError:
        raise ValueError("takes a time such as 2026-01-27T19:21, 2026-01-27, or 19:21 on the same day") from None
