"""The records of a table: CSV by the standard library, Parquet by Arrow, a row read as `domain.converted` defines."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress

from pydantic import JsonValue

from investigator.domain.canonical import TooDeep
from investigator.domain.converted import CSV, PARQUET, of_row
from investigator.domain.table_row import json_value, may_hold_records

PARQUET_MAGIC = b"PAR1"
DELIMITERS = ",\t;|"
MOST_LINES = 2_000
"""Lines over which one row may reach."""
LARGEST_CELL = 32 * 2**20


def csv_records(text: str) -> Iterator[str] | None:
    """The JSON of each record of a text table; None for a text that is none."""
    lines = text.lstrip().splitlines(keepends=True)[:1]
    if not lines or lines[0][:1] in "{[<":
        return None
    for delimiter in DELIMITERS:
        names = _row(lines[0], delimiter)
        if names and may_hold_records(names):
            return _records(text, names, delimiter)
    return None


def _records(text: str, names: Sequence[str], delimiter: str) -> Iterator[str]:
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        row, taken = _row_from(lines, at, delimiter, len(names))
        at += taken
        if row and list(row) != list(names):
            cells: dict[str, JsonValue] = dict(zip(names, row, strict=True))
            with suppress(TooDeep):
                if found := of_row(cells, CSV):
                    yield found[0].decode("utf-8", "replace")


def _row_from(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[Sequence[str] | None, int]:
    """The row that begins at a line, and how many lines it takes; a line that begins none costs only itself."""
    text, quotes = lines[at], lines[at].count('"')
    row = _row(text, delimiter)
    if row and len(row) == width:
        return row, 1
    for taken, line in enumerate(lines[at + 1 : at + MOST_LINES], 2):
        if quotes % 2 == 0:
            break
        text, quotes = f"{text}\n{line}", quotes + line.count('"')
        if quotes % 2 == 0 and (row := _row(text, delimiter)) and len(row) == width:
            return row, taken
    return None, 1


def _row(text: str, delimiter: str) -> Sequence[str] | None:
    csv.field_size_limit(LARGEST_CELL)
    for escape in (None, "\\"):
        line = io.StringIO(text.rstrip("\r\n"), newline="")
        try:
            rows = list(csv.reader(line, delimiter=delimiter, escapechar=escape, strict=True))
        except csv.Error:
            continue
        if len(rows) == 1:
            return rows[0]
    return None


def parquet_records(content: bytes) -> Iterator[str]:
    """The JSON of each record of a Parquet file; what is damaged gives none."""
    import pyarrow as pa  # noqa: PLC0415  (only a Parquet file needs it)
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        for batch in pq.ParquetFile(io.BytesIO(content)).iter_batches(batch_size=256, use_threads=False):
            for row in batch.to_pylist():
                with suppress(TooDeep):
                    found = of_row({name: json_value(value) for name, value in row.items()}, PARQUET)
                    if found:
                        yield found[0].decode("utf-8", "replace")
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        return
