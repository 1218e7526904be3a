"""The slow, obvious reader of tests: standard library, every JSON value of a text, every object that is a record."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

WHICH = {"eventTime", "eventID", "eventVersion", "userIdentity"}
DEEPEST = 40


def slow_records(text: str) -> Iterator[dict[str, Any]]:
    """Every record in the values that can be decoded, starting at each bracket that no decoded value covers."""
    decoder, at = json.JSONDecoder(strict=False), 0
    while (at := next((place for place in range(at, len(text)) if text[place] in "{["), len(text))) < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
        else:
            yield from records_of(value)


def records_of(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The records at and below a value; a text that is JSON is looked into where a record is told as text."""
    if isinstance(value, dict) and "eventName" in value and WHICH & value.keys():
        if not str(value.get("eventSource")).startswith("aws:") and isinstance(value["eventName"], str):
            yield value
        return
    if isinstance(value, dict) and isinstance(value.get("CloudTrailEvent"), str):
        yield from slow_records(value["CloudTrailEvent"])
        return
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if depth < DEEPEST:
            yield from records_of(inner, depth + 1)


def slow_ids(text: str) -> set[str]:
    """The eventIDs of all records in a text, a table included."""
    if text.startswith("Event Type,"):
        return {row["Event ID"] for row in csv.DictReader(io.StringIO(text))}
    return {record["eventID"] for record in slow_records(text) if record.get("eventID")}
