"""The records inside a text, whatever is wrapped around them, found by walking the JSON as it is written.

Read are a `Records` object, a bare array, one document a line, LookupEvents rows with a `CloudTrailEvent` text, log
events with a `message`, objects and lists under whatever key (search hits, EventBridge envelopes, saved answers), rows
of query results, and OCSF events. A damaged place costs its line; what stands before and after is read.
"""

import json
import re
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from investigator.domain.canonical import decode
from investigator.domain.converted import of_object
from investigator.proof.record import BESIDE
from investigator.proof.results import result_records

LISTS = frozenset({"Records", "Events", "hits", "body", "logEvents"})
"""Keys whose value holds many records."""
TEXTS = frozenset({
    "CloudTrailEvent", "message", "Message", "@message", "Body", "body", "_raw", "raw", "raw_data", "rawEvent",
    "original", "event", "record", "log",
})  # fmt: skip
"""Keys whose value may tell a record as text."""
MARKS = frozenset({"eventName", "eventSource", "eventID", "eventTime", "eventVersion", "userIdentity"})
"""An object with two of these keys is a record, unless it is a notification of S3, whose source is `aws:s3`."""
DEEPEST = 12
MOST_DAMAGES = 10_000

BLANK = re.compile(r"[\s,\x1e\0]*")
_SPACE = re.compile(r"\s*")


class Piece(NamedTuple):
    """The text of one record, and the time that its wrapper gives."""

    text: str
    time: str = ""


class Member(NamedTuple):
    key: str
    value: JsonValue
    start: int


Walk = Generator[Piece, None, int]
"""Yields records and returns where the value that it walked ends."""


def records_in(text: str, time: str = "", depth: int = 0) -> Iterator[Piece]:
    """Every record in a text, in the order in which they stand."""
    at, damages = past(BLANK, text, 0), 0
    while at < len(text) and damages < MOST_DAMAGES:
        try:
            at = yield from _value(text, at, time, depth)
        except ValueError as damage:
            damages += 1
            at = _after(damage, text, at)
        at = past(BLANK, text, at)


def walked(text: str, at: int) -> tuple[Sequence[Piece], int]:
    """The records of the value that begins here, and where it ends; raises ValueError, then none of them is given."""
    walk = _value(text, at, "", 0)
    pieces: list[Piece] = []
    while True:
        try:
            pieces.append(next(walk))
        except StopIteration as end:
            return pieces, end.value


def _after(damage: ValueError, text: str, start: int) -> int:
    """Where to read on: at the line that holds the damage, or at the next when reading began on that one."""
    place = max(start, damage.pos if isinstance(damage, json.JSONDecodeError) else start)
    own_line = text.rfind("\n", start, place)
    next_line = text.find("\n", place)
    return own_line if own_line > start else next_line if next_line >= 0 else len(text)


def past(blank: re.Pattern[str], text: str, at: int) -> int:
    match = blank.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, time: str, depth: int) -> Walk:
    opening = text[at : at + 1]
    if depth < DEEPEST and opening == "{":
        return (yield from _object(text, at, time, depth + 1))
    if depth < DEEPEST and opening == "[":
        return (yield from _array(text, at, time, depth + 1))
    return decode(text, at)[1]


def _array(text: str, at: int, time: str, depth: int) -> Walk:
    at = past(_SPACE, text, at + 1)
    while text[at : at + 1] != "]":
        at = yield from _value(text, at, time, depth)
        at = past(BLANK, text, at)
    return at + 1


def _object(text: str, start: int, time: str, depth: int) -> Walk:
    members: list[Member] = []
    at = past(_SPACE, text, start + 1)
    while text[at : at + 1] != "}":
        key, at = _key(text, at)
        if key in LISTS and text[at : at + 1] in ("{", "["):
            at = yield from _value(text, at, time, depth)
        else:
            value, end = decode(text, at)
            members.append(Member(key, value, at))
            at = end
        at = past(BLANK, text, at)
    yield from _from_members(Piece(text[start : at + 1], time), members, text, depth)
    return at + 1


def _key(text: str, start: int) -> tuple[str, int]:
    key, at = decode(text, start)
    at = past(_SPACE, text, at)
    if not isinstance(key, str) or text[at : at + 1] != ":":
        raise json.JSONDecodeError("a key and a colon are expected", text, start)
    return key, past(_SPACE, text, at + 1)


def _from_members(whole: Piece, members: Sequence[Member], text: str, depth: int) -> Iterator[Piece]:
    if _is_record(members):
        yield whole
        return
    time = _time(members) or whole.time
    values = {member.key: member.value for member in members}
    if converted := of_object(values):
        yield Piece(converted[0].decode("utf-8", "replace"), time)
        return
    yield from (Piece(row, time) for row in result_records(values))
    for member in members:
        if member.key in TEXTS and isinstance(member.value, str):
            yield from records_in(member.value, time, depth)
        elif isinstance(member.value, dict | list):
            yield from _value(text, member.start, time, depth)


def _is_record(members: Sequence[Member]) -> bool:
    held = {member.key for member in members if member.key in MARKS and member.value not in (None, "", {}, [])}
    notices = any(member.key == "eventSource" and str(member.value).startswith("aws:") for member in members)
    return len(held) >= 2 and not notices


def _time(members: Sequence[Member]) -> str:
    given = {member.key: member.value for member in members}
    return next((value for key in BESIDE if isinstance(value := given.get(key), str) and value), "")
