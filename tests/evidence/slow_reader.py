"""The slow, obvious reader of tests: standard library, every JSON value of a text, every object that is a record."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

WHICH = {"eventTime", "eventID", "eventVersion", "userIdentity"}
DEEPEST = 40
_BRACKET = re.compile(r"[{\[]")


def slow_records(text: str) -> Iterator[dict[str, Any]]:
    """Every record in the values that can be decoded, starting at each bracket that no decoded value covers."""
    decoder, at = json.JSONDecoder(strict=False, object_pairs_hook=_object), 0
    while bracket := _BRACKET.search(text, at):
        at = bracket.start()
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
        else:
            yield from records_of(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; two lists under one key are one list."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        both = isinstance(value, list) and isinstance(made.get(key), list)
        made[key] = made[key] + value if both else value
    return made


def records_of(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The records at and below a value; a text that is JSON is looked into where a record is told as text."""
    if isinstance(value, dict) and WHICH & value.keys():
        if not str(value.get("eventSource")).startswith("aws:") and isinstance(value.get("eventName"), str):
            yield value
        return
    if isinstance(value, dict) and isinstance(value.get("api"), dict) and isinstance(value.get("metadata"), dict):
        yield {"eventID": value["metadata"].get("uid")} if "class_uid" in value and "operation" in value["api"] else {}
        return
    if isinstance(value, dict) and isinstance(value.get("QueryResultRows"), list):
        for row in value["QueryResultRows"]:
            names = [name for cell in row for name in cell]
            cells = {name: text for cell in row for name, text in cell.items()}
            if len(names) == len(cells) and cells.get("eventname") and "eventid" in cells:
                yield {"eventID": cells["eventid"]}
        return
    for key in ("CloudTrailEvent", "message"):
        if isinstance(value, dict) and isinstance(value.get(key), str):
            yield from slow_records(value[key])
            return
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if depth < DEEPEST:
            yield from records_of(inner, depth + 1)


def slow_ids(text: str) -> set[str]:
    """The eventIDs of all records in a text, a table included."""
    return slow_csv(text) or {record["eventID"] for record in slow_records(text) if record.get("eventID")}


def slow_csv(text: str) -> set[str]:
    """The event ids of the rows of a table that have a cell for each column."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = [name.lower().replace(" ", "") for name in _row(rows) or []]
    if not {"eventname", "eventid"} <= {*names}:
        return set()
    column, name = names.index("eventid"), names.index("eventname")
    found: set[str] = set()
    while (row := _row(rows)) is not None:
        if len(row) == len(names) and row[name]:
            found.add(row[column])
    return found - {"", "eventID", "eventid"}


def _row(rows: Iterator[list[str]]) -> list[str] | None:
    """The next row; an empty one where it is damaged, None at the end."""
    try:
        return next(rows, None)
    except csv.Error:
        return []


def slow_parquet(content: bytes) -> set[str]:
    """The event ids of a Parquet file, if it can be read whole."""
    try:
        rows = pq.read_table(io.BytesIO(content), use_threads=False).to_pylist()
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        return set()
    ids = (row["metadata"]["uid"] if "class_uid" in row else row.get("eventid") for row in rows)
    return {id_ for id_ in ids if id_}
