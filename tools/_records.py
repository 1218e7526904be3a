"""CloudTrail records in answers of LookupEvents, counted in the words of the evidence store's columns."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import JsonValue

from investigator.domain.event import EventGroup
from investigator.domain.paths import first_text
from investigator.domain.search import Search
from investigator.domain.times import Window, parse_instant
from investigator.ports.aws import Page

from ._states import elements

MAX_VALUES = 50
_PATH_OF: Mapping[str, str] = {
    "key": "userIdentity.accessKeyId",
    "ip": "sourceIPAddress",
    "agent": "userAgent",
    "region": "awsRegion",
    "source": "eventSource",
    "error": "errorCode",
}
_SESSION = re.compile(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/.*")
_DATED = re.compile(r"20\d\d(_?\d\d){2}(v\d)?$")


def group_of(page: Page, where: Search, window: Window) -> EventGroup:
    """The records of one page that lie in the window; each eventID once."""
    rows = {first_text(row, "EventId"): row for row in elements(page.body, "Events")}
    timed = sorted(
        (moment, event_id, _record(row))
        for event_id, row in rows.items()
        if (moment := _time(row)) is not None and moment in window
    ) if rows else []  # fmt: skip
    return EventGroup(
        where=str(where.within(window.start, window.end)),
        count=len(timed),
        first=timed[0][0] if timed else None,
        last=timed[-1][0] if timed else None,
        ids=tuple(f"ct:{event_id}" for _, event_id, _ in timed),
        values=_values(record for _, _, record in timed),
    )


def _time(row: JsonValue) -> datetime | None:
    try:
        return parse_instant(first_text(row, "EventTime"))
    except ValueError:
        return None


def _record(row: JsonValue) -> JsonValue:
    """The record inside a row; None for one that is cut."""
    try:
        return json.loads(first_text(row, "CloudTrailEvent") or "null")
    except (ValueError, RecursionError):
        return None


def _values(records: Iterable[JsonValue]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for record in records:
        for column, value in _columns(record):
            if value:
                counts.setdefault(column, Counter())[value] += 1
    return {column: dict(_top(counter)) for column, counter in sorted(counts.items())}


def _top(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda entry: (-entry[1], entry[0]))[:MAX_VALUES]


def _columns(record: JsonValue) -> Iterable[tuple[str, str]]:
    yield from ((column, first_text(record, path)) for column, path in _PATH_OF.items())
    yield "name", without_date(first_text(record, "eventName"))
    yield "principal", _principal(record)


def without_date(name: str) -> str:
    """An event name without the API version that Lambda and CloudFront append."""
    return _DATED.sub("", name)


def _principal(record: JsonValue) -> str:
    """The stable caller: the role of a session, else the ARN, else the service."""
    if issuer := first_text(record, "userIdentity.sessionContext.sessionIssuer.arn"):
        return issuer
    arn = first_text(record, "userIdentity.arn")
    if session := _SESSION.fullmatch(arn):
        return f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}"
    return arn or first_text(record, "userIdentity.invokedBy")
