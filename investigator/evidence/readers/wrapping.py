"""What other products put around a CloudTrail record, taken off.

LookupEvents rows and answers (AWS API reference), saved answers, search-engine hits, EventBridge events, CloudWatch
Logs subscriptions. The time that a wrapper gives stands in for a bad eventTime.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
from msgspec import Raw

from investigator.evidence.readers.document import placed
from investigator.evidence.readers.record import Wrapped
from investigator.evidence.readers.tolerant import NOT_JSON

_MEMBERS = msgspec.json.Decoder(dict[str, Raw])
_LIST = msgspec.json.Decoder(list[Raw])
_ANY = msgspec.json.Decoder()
_LISTS = ("Records", "Events", "logEvents", "hits")
_OBJECTS = ("_source", "detail", "body", "hits")
_TEXTS = ("CloudTrailEvent", "message", "Message")
_TIMES = ("EventTime", "@timestamp", "time", "timestamp")
_DEEPEST = 4


def unwrapped(raw: bytes, offset: int, deep: int = 0) -> list[Wrapped] | None:
    """The records inside a value, or None when no known wrapper is around it."""
    members = _members(raw)
    if members is None or deep > _DEEPEST:
        return None
    when = _time(members)
    for key in _TEXTS:
        if key in members and (inner := _text(members[key])):
            return [Wrapped(inner.encode("utf-8", "replace"), offset, len(raw), when, deep + 1)]
    for key in _LISTS:
        if key in members and (elements := _elements(members[key])) is not None:
            return list(_each(raw, offset, elements, raw.find(bytes(members[key])) + 1, deep))
    for key in _OBJECTS:
        if key in members and _members(inner := bytes(members[key])) is not None:
            found = unwrapped(inner, offset + raw.find(inner), deep + 1)
            return [Wrapped(inner, offset, len(raw), when, deep + 1)] if found is None else found
    return None


def wrapper_time(raw: bytes) -> str | None:
    """The time that a collector wrote beside the keys of a record (`@timestamp`)."""
    return _time(_members(raw) or {})


def _each(raw: bytes, offset: int, elements: list[Raw], start: int, deep: int) -> Iterator[Wrapped]:
    for element, position in placed(raw, elements, start):
        inner = unwrapped(element, offset + position, deep + 1)
        yield from [Wrapped(element, offset + position, len(element), None, deep + 1)] if inner is None else inner


def _members(raw: bytes) -> dict[str, Raw] | None:
    try:
        return _MEMBERS.decode(raw)
    except NOT_JSON:
        return None


def _elements(raw: Raw) -> list[Raw] | None:
    try:
        return _LIST.decode(raw)
    except NOT_JSON:
        return None


def _text(raw: Raw) -> str | None:
    value: object = _ANY.decode(raw)
    return value if isinstance(value, str) and value.lstrip().startswith("{") else None


def _time(members: dict[str, Raw]) -> str | None:
    for key in _TIMES:
        value: object = _ANY.decode(members[key]) if key in members else None
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int | float) and 0 < value < 1e14:
            seconds = value / 1000 if value > 1e11 else value
            return datetime.fromtimestamp(seconds, UTC).isoformat()
    return None
