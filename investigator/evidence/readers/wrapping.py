"""What other products put around a CloudTrail record, taken off.

LookupEvents rows and answers (AWS API reference), saved answers, search-engine hits, EventBridge events, CloudWatch
Logs subscriptions, queue and topic messages, results of queries. Objects and lists are looked into under whatever key,
texts only under the keys that hold records: a text elsewhere may be an intruder's. The time that a wrapper gives
stands in for a bad eventTime.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
from msgspec import Raw

from investigator.domain.canonical import canonical, loads
from investigator.evidence.readers.document import placed
from investigator.evidence.readers.record import Wrapped
from investigator.evidence.readers.recovery import Recovery
from investigator.evidence.readers.results import result_rows
from investigator.evidence.readers.tolerant import NOT_JSON

_MEMBERS = msgspec.json.Decoder(dict[str, Raw])
_LIST = msgspec.json.Decoder(list[Raw])
_ANY = msgspec.json.Decoder()
_LISTS = ("Records", "Events", "logEvents", "hits")
_OBJECTS = ("_source", "detail", "body", "hits")
_TEXTS = (
    "CloudTrailEvent", "message", "Message", "@message", "Body", "body", "_raw", "raw", "raw_data", "rawEvent",
    "original", "event", "record", "log",
)  # fmt: skip
_TIMES = ("EventTime", "@timestamp", "time", "timestamp")
_MARKS = re.compile(rb'"(?:eventName|eventSource|eventID|eventVersion|userIdentity|class_uid)\\*"', re.IGNORECASE)
"""One of these stands in every record and in everything that is wrapped around one."""
DEEPEST = 8
"""Wrappers around one record."""


def unwrapped(raw: bytes, offset: int) -> list[Wrapped] | None:
    """The records inside a value, or None when no wrapper is around any."""
    try:
        return _strictly(raw, offset, 0)
    except NOT_JSON:
        return _tolerantly(raw, offset)


def _tolerantly(raw: bytes, offset: int) -> list[Wrapped] | None:
    """The same for a value that only the tolerant reader takes: what is inside stands where the value does."""
    text = raw.decode("utf-8", "replace")
    try:
        found = _strictly(canonical(loads(text)), offset, 0)
    except (ValueError, *NOT_JSON):
        return None
    words = ("encoding_replaced",) if "\ufffd" in text and text.encode() != raw else ("control_character",)
    return found and [replace(one, offset=offset, length=len(raw), flags=(*one.flags, *words)) for one in found]


def _strictly(raw: bytes, offset: int, deep: int) -> list[Wrapped] | None:
    """Raises one of NOT_JSON for a value that is not strict JSON."""
    members = _members(raw)
    if members is None or deep > DEEPEST:
        return None
    when = _time(members)
    for key in _TEXTS:
        if key in members and (inner := _text(members[key])):
            return _in_text(inner.encode("utf-8", "replace"), Wrapped(raw, offset, len(raw), when, deep + 1))
    for key in _LISTS:
        if key in members and (elements := _elements(bytes(members[key]))) is not None:
            return list(_each(raw, offset, elements, raw.find(bytes(members[key])) + 1, deep))
    for key in _OBJECTS:
        if key in members and _members(inner := bytes(members[key])) is not None:
            found = _strictly(inner, offset + raw.find(inner), deep + 1)
            if found is not None or _MARKS.search(inner):
                return found or [Wrapped(inner, offset, len(raw), when, deep + 1)]
    return _in_results(raw, members, offset, deep) or list(_anywhere(raw, members, offset, deep)) or None


def wrapper_time(raw: bytes) -> str | None:
    """The time that a collector wrote beside the keys of a record (`@timestamp`)."""
    try:
        return _time(_members(raw) or {})
    except NOT_JSON:
        return None


def _in_text(inner: bytes, outer: Wrapped) -> list[Wrapped]:
    """What a text holds: a record, or what is wrapped around some; each stands where the outer one does."""
    try:
        elements = _elements(inner.strip())
        values = [inner] if elements is None else list(map(bytes, elements))
        found = [one for value in values for one in _strictly(value, 0, outer.depth) or [Wrapped(value, 0, 0)]]
    except NOT_JSON:
        found = [Wrapped(value, 0, 0) for value in (inner, *(raw for raw, _ in Recovery(inner).inside(inner, 0)))]
    places = {"offset": outer.offset, "length": outer.length, "depth": outer.depth}
    return [replace(one, when=one.when or outer.when, **places) for one in found]


def _in_results(raw: bytes, members: Mapping[str, Raw], offset: int, deep: int) -> list[Wrapped]:
    found = result_rows(raw, members)
    return [
        Wrapped(text, offset + start, length, None, deep + 1, (form,) if form else ())
        for text, start, length, form in found
    ]


def _anywhere(raw: bytes, members: Mapping[str, Raw], offset: int, deep: int) -> Iterator[Wrapped]:
    """Records under keys that no known product uses, each one whole by itself."""
    start = 0
    for value in map(bytes, members.values()):
        start = raw.find(value, start)
        if value[:1] not in (b"{", b"[") or not _MARKS.search(value):
            continue
        if value[:1] == b"{":
            yield from _inside(value, offset + start, deep)
        else:
            for element, position in placed(raw, _elements(value) or (), start + 1):
                yield from _inside(element, offset + position, deep)


def _inside(value: bytes, offset: int, deep: int) -> Iterator[Wrapped]:
    members = _members(value)
    if members is None:
        return
    if members.keys() >= {"eventName"} and members.keys() & {"eventTime", "eventID", "eventVersion", "userIdentity"}:
        yield Wrapped(value, offset, len(value), None, deep + 1)
    else:
        yield from _strictly(value, offset, deep + 1) or ()


def _each(raw: bytes, offset: int, elements: Sequence[Raw], start: int, deep: int) -> Iterator[Wrapped]:
    for element, position in placed(raw, elements, start):
        inner = _strictly(element, offset + position, deep + 1)
        yield from [Wrapped(element, offset + position, len(element), None, deep + 1)] if inner is None else inner


def _members(raw: bytes) -> dict[str, Raw] | None:
    """The members of an object; None for another value. Raises one of NOT_JSON."""
    return _MEMBERS.decode(raw) if raw[:1] == b"{" else None


def _elements(raw: bytes) -> list[Raw] | None:
    """The elements of a list; None for another value. Raises one of NOT_JSON."""
    return _LIST.decode(raw) if raw[:1] == b"[" else None


def _text(raw: Raw) -> str | None:
    """The text of a record or of what is wrapped around one."""
    if not _MARKS.search(bytes(raw)):
        return None
    value: object = _ANY.decode(raw)
    return value if isinstance(value, str) and value.lstrip().startswith(("{", "[")) else None


def _time(members: Mapping[str, Raw]) -> str | None:
    for key in _TIMES:
        value: object = _ANY.decode(members[key]) if key in members else None
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int | float) and 0 < value < 1e14:
            seconds = value / 1000 if value > 1e11 else value
            return datetime.fromtimestamp(seconds, UTC).isoformat()
    return None
