"""A row of a table (CSV, Parquet, a query's result) as the CloudTrail record that it was made from.

A row either holds the record's own text in one cell, or one cell for each field. Cells that are no field of a record
are kept under the name of their column.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from pydantic import JsonValue, TypeAdapter

from investigator.domain.canonical import Number, Written, canonical
from investigator.domain.cell_text import NOTHING, is_usual_json, nested
from investigator.domain.record_words import FREE, SCALARS, STRUCTURES, TRUTHS, folded, inner_key, path_of
from investigator.domain.times import parse_instant, to_text

WHOLE = frozenset({
    "cloudtrailevent", "raw", "rawdata", "rawevent", "rawlog", "rawmessage", "message", "event", "eventoriginal",
    "eventrecord", "record", "log", "body", "value",
})  # fmt: skip
"""Columns whose cell may be the text of a whole record, by folded name."""
_WHAT = frozenset({"eventName"})
_WHICH = frozenset({"eventTime", "eventID", "eventSource", "eventVersion", "userIdentity", "requestID"})
ENOUGH = 2
"""Fields beside the name of the call that make a table one of records."""
_SQL_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,9})?\s*(Z|UTC|[+-]\d\d:?\d\d)?")
_PAIRS: TypeAdapter[list[tuple[object, object]]] = TypeAdapter(list[tuple[object, object]])
_ELEMENTS: TypeAdapter[list[object]] = TypeAdapter(list[object])
_MEMBERS: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])
_SINCE_1970 = re.compile(r"\d{10}(?:\d{3})?")
_TEXTS = frozenset(SCALARS) - TRUTHS - {"eventTime"}
_AS_RECORDS_WRITE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_OFTEN = 4_096
"""Characters of a cell, and cells, up to which what a cell stands for is remembered: few callers make many calls."""


def may_hold_records(columns: Iterable[str]) -> bool:
    """Whether rows with these columns can be records: by fields, or by a cell for the whole."""
    names = tuple(columns)
    held = {(path_of(name) or "").partition(".")[0] for name in names}
    if _WHAT & held and len(_WHICH & held) >= ENOUGH:
        return True
    return any(folded(name) in WHOLE for name in names)


def record_text(row: Mapping[str, JsonValue]) -> bytes | None:
    """The JSON of the record that a row holds or was made from; None for a row of something else."""
    for name, cell in row.items():
        if folded(name) in WHOLE and isinstance(cell, str) and cell.lstrip().startswith("{"):
            return cell.strip().encode("utf-8", "backslashreplace")
    record = record_of(row)
    return canonical(record) if "eventName" in record or "eventSource" in record else None


def record_of(row: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The record that the fields of a row make; a structure may stand in it as its text (`Written`)."""
    record: dict[str, JsonValue] = {}
    shared = _shared(tuple(row))
    for column, cell in row.items():
        if cell is None or (isinstance(cell, str) and cell in NOTHING):
            continue
        path = path_of(column) or ""
        value = _text_cell(path, cell, shared) if isinstance(cell, str) else _cell(path, cell)
        if not path or (path in STRUCTURES and isinstance(value, str) and not isinstance(value, Written)):
            record.setdefault(column, value)
        elif value is not None:
            place(record, path, value)
    return record


@lru_cache(64)
def _shared(columns: tuple[str, ...]) -> frozenset[str]:
    """The keys of the record to which columns for a part of their value add."""
    return frozenset(path.partition(".")[0] for path in map(path_of, columns) if path and "." in path)


def _text_cell(path: str, cell: str, shared: frozenset[str]) -> JsonValue:
    if path in _TEXTS:
        return cell
    return _structure(path, cell) if path in STRUCTURES and path not in shared else _cell(path, cell)


def _structure(path: str, cell: str) -> JsonValue:
    """The value of a cell for a structure; its text where that says the same."""
    if path in FREE and is_usual_json(cell):
        return Written(cell.strip())
    return _remembered(path, cell) if len(cell) <= _OFTEN else _cell(path, cell)


@lru_cache(_OFTEN)
def _remembered(path: str, cell: str) -> JsonValue:
    value = _cell(path, cell)
    return Written(canonical(value).decode()) if isinstance(value, dict | list) else value


def _cell(path: str, cell: JsonValue) -> JsonValue:
    """The value of a cell as a record writes it."""
    if path in STRUCTURES:
        value = nested(cell) if isinstance(cell, str) else cell
        return spelled(value, path) if path not in FREE else value
    if path in TRUTHS and isinstance(cell, str):
        return {"true": True, "false": False}.get(cell.lower(), cell)
    if path == "eventTime" or path.endswith("creationDate"):
        return time_text(cell)
    if path and isinstance(cell, int | float | Number) and not isinstance(cell, bool) and path not in TRUTHS:
        return str(cell)
    if path.endswith("mfaAuthenticated") and isinstance(cell, bool):
        return str(cell).lower()
    return cell


def spelled(value: JsonValue, holder: str) -> JsonValue:
    """A structure with its keys as AWS spells them, without nulls, its times as ISO 8601."""
    if isinstance(value, list):
        return [spelled(element, holder) for element in value]
    if not isinstance(value, dict):
        return value
    members = ((inner_key(key, holder), spelled(member, holder)) for key, member in value.items())
    return {key: _cell(key, member) for key, member in members if member is not None and member != {}}


def place(record: dict[str, JsonValue], path: str, value: JsonValue) -> None:
    """Put a value at a dotted path, unless something stands there."""
    if "." not in path:
        record.setdefault(path, value)
        return
    *holders, key = path.split(".")
    for holder in holders:
        inner = record.setdefault(holder, {})
        if not isinstance(inner, dict):
            return
        record = inner
    record.setdefault(key, value)


def time_text(cell: JsonValue) -> JsonValue:
    """A time in a record's form; what cannot be read as one stays as it is. Times without a zone are UTC."""
    text = str(cell).strip()
    if _AS_RECORDS_WRITE.fullmatch(text):
        return text
    try:
        if _SINCE_1970.fullmatch(text):
            return to_text(datetime.fromtimestamp(int(text) / (1000 if len(text) > 10 else 1), UTC))
        if sql := _SQL_TIME.fullmatch(text):
            zone = "+00:00" if sql[4] in (None, "Z", "UTC") else sql[4]
            return to_text(parse_instant(f"{sql[1]}T{sql[2]}{(sql[3] or '')[:7]}{zone}"))
        return to_text(parse_instant(text)) if "T" in text else cell
    except (ValueError, OverflowError, OSError):
        return cell


def json_value(value: object) -> JsonValue:
    """A typed cell as JSON; a map, which comes as pairs, is an object, what JSON has no form for becomes text."""
    match value:
        case None | bool() | int() | float() | str():
            found: JsonValue = value
        case bytes():
            found = value.decode("utf-8", "replace")
        case datetime():
            found = to_text(value)
        case list():
            found = _listed(_ELEMENTS.validate_python(value))
        case dict():
            found = {key: json_value(member) for key, member in _MEMBERS.validate_python(value).items()}
        case _:
            found = str(value)
    return found


def _listed(elements: list[object]) -> JsonValue:
    if elements and isinstance(elements[0], tuple):
        return {str(key): json_value(member) for key, member in _PAIRS.validate_python(elements)}
    return [json_value(element) for element in elements]
