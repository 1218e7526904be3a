"""Few events, looked at in memory as the engine would: planning such a question takes it longer than answering it."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic import JsonValue

from investigator.domain.columns import RECORD_COLUMNS
from investigator.domain.event import Event
from investigator.domain.paths import parse_path, texts
from investigator.domain.search import COLUMNS, Operator, Term
from investigator.evidence.search_sql import NULL

FEW = 2_000
"""Events up to which this is faster."""
_PARTS = frozenset({"request", "response", "additional", "resources"})
"""JSON columns that an Event holds whole."""
_NO_TEXT = frozenset({"time", "read_only", "flags"})
"""Columns that are no text."""


def are_plain(terms: Iterable[Term]) -> bool:
    """Whether these can be decided here: equality of what stands at paths of an event's JSON parts."""
    return all(term.op is Operator.EQUALS and part_of(term.field) for term in terms)


def can_be_read(fields: Iterable[str]) -> bool:
    """Whether what these fields hold can be read here."""
    return all((field in COLUMNS and field not in _NO_TEXT) or part_of(field) for field in fields)


def fulfils(event: Event, terms: Iterable[Term]) -> bool:
    """Whether all terms hold for it."""
    return all(_holds(event, term) for term in terms)


def first_of_each(events: Iterable[Event], fields: Sequence[str]) -> Iterator[Event]:
    """The first event of each combination of what the fields hold."""
    seen: set[tuple[str, ...]] = set()
    for event in events:
        new = set(combinations(event, fields)) - seen
        if new:
            yield event
        seen |= new


def combinations(event: Event, fields: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What the fields hold together; several lists go side by side, as far as all of them reach."""
    single = {field: getattr(event, field) for field in fields if field in COLUMNS}
    lists = [values_of(event, field) for field in fields if field not in single]
    for values in zip(*lists, strict=False) if lists else ((),):
        rest = iter(values)
        found = tuple(single[field] if field in single else next(rest) for field in fields)
        if all(found):
            yield found


def values_of(event: Event, path: str) -> tuple[str, ...]:
    """The texts at a record path below one of the JSON parts."""
    (key, _), *_ = parse_path(path)
    part: JsonValue = getattr(event, RECORD_COLUMNS[key])
    return texts({key: part}, path)


def part_of(path: str) -> str:
    """The JSON part of an event that holds a record path, or ""."""
    try:
        (key, _), *below = parse_path(path)
    except ValueError:
        return ""
    column = RECORD_COLUMNS.get(key, "")
    return column if below and column in _PARTS else ""


def _holds(event: Event, term: Term) -> bool:
    found = values_of(event, term.field)
    holds = any(text in term.values and text != NULL for text in found) or (NULL in term.values and not found)
    return holds is not term.negated
