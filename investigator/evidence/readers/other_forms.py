"""Records in another form than CloudTrail's own: tables, Parquet, OCSF events, rows of a query's result."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from pydantic import JsonValue

from investigator.domain.canonical import TooDeep, loads
from investigator.domain.converted import CSV, PARQUET, Converted, of_object, of_row
from investigator.domain.table_row import may_hold_records
from investigator.evidence.readers import parquet_rows
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.record import LARGEST_RECORD, Wrapped
from investigator.evidence.readers.tables import Table, rows_in
from investigator.evidence.readers.tolerant import BadRecord
from investigator.evidence.readers.unpack import LARGEST, LARGEST_RATIO

FORMS = (b'"class_uid"', b'"eventname"')
"""One of these stands in every JSON object that is a record in another form."""
SMALLEST_ROW = 30
"""Bytes that a row of Parquet counts for at least: a few bytes can stand for any number of empty rows."""
_FLOW_COLUMNS = (frozenset({"interface_id", "srcaddr"}), frozenset({"interface-id", "srcaddr"}))


def converted(raw: bytes) -> Converted | None:
    """The record that a JSON object stands for in another form; None for anything else. Raises BadRecord."""
    if len(raw) > LARGEST_RECORD or not any(form in raw for form in FORMS):
        return None
    try:
        value = loads(raw.decode("utf-8", "replace"))
        return of_object(value) if isinstance(value, dict) else None
    except TooDeep:
        raise BadRecord("too_deep") from None
    except ValueError:
        return None


def of_table(pieces: Iterator[bytes], table: Table, finding: Finding) -> Iterator[Wrapped]:
    """The records of a text table, each with the place of its row."""
    for row in rows_in(pieces, table, finding):
        found = _of_row({**row.cells}, CSV, row.offset, finding)
        if found is None:
            continue
        text, flags = found
        if "\ufffd" in text.decode("utf-8", "replace") and not _is_text(row.raw):
            flags = (*flags, "encoding_replaced")
        yield Wrapped(text, row.offset, row.length, flags=flags)


def _of_row(
    row: Mapping[str, JsonValue], form: str, offset: int, finding: Finding
) -> tuple[bytes, tuple[str, ...]] | None:
    """The record of a row; one of something else is counted, one that is nested too deeply refused where it stands."""
    try:
        found = of_row(row, form)
    except TooDeep:
        finding.refuse("too_deep", offset)
        return None
    finding.strangers += found is None
    return found


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def of_parquet(file: BinaryIO, finding: Finding) -> Iterator[Wrapped]:
    """The records of a Parquet file; raises parquet_rows.Unreadable, also after some of them."""
    names = parquet_rows.columns(file)
    finding.kind = "flow_log" if any(flow <= {*names} for flow in _FLOW_COLUMNS) else None
    if "class_uid" not in names and not may_hold_records(names):
        return
    finding.kind = "ocsf" if "class_uid" in names else None
    packed = file.seek(0, 2)
    given = 0
    for row in parquet_rows.rows(file):
        found = _of_row(row, PARQUET, -1, finding)
        given += len(found[0]) if found else SMALLEST_ROW
        if given > LARGEST and given > LARGEST_RATIO * packed:
            raise parquet_rows.Unreadable("oversize")
        if found is not None:
            yield Wrapped(found[0], -1, len(found[0]), flags=found[1])
