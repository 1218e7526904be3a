"""The records of a table: CSV by the standard library, Parquet by Arrow, a row read as `domain.converted` defines."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import BinaryIO

from pydantic import JsonValue

from investigator.domain.canonical import TooDeep
from investigator.domain.converted import CSV, PARQUET, of_row
from investigator.domain.table_row import json_value, may_hold_records
from investigator.proof.unpack import LARGEST, LARGEST_RATIO, TooLarge

PARQUET_MAGIC = b"PAR1"
DELIMITERS = ",\t;|"
MOST_LINES = 2_000
"""Lines over which one row may reach."""
LARGEST_HEADER = 2**20
"""Characters in which the names of the columns stand."""
LARGEST_CELL = 32 * 2**20
LARGEST_ROW = 2 * LARGEST_CELL
"""Characters that the lines of one row may hold."""
ROWS = 64
"""Rows of Parquet that are held at a time."""
SMALLEST_ROW = 30
"""Bytes that a row counts for at least: a few bytes of Parquet can stand for any number of empty rows."""
BUFFER = 2**16
LARGEST_FOOTER = 16 * 2**20
"""Bytes of the texts in a footer of Parquet."""
MOST_ITEMS = 1_000_000
"""Items of a list in it."""


def csv_records(first: str, more: Iterator[str]) -> Iterator[str] | None:
    """The JSON of each record of a text table that begins with this text; None for a text that is none."""
    lines = first[:LARGEST_HEADER].lstrip().splitlines(keepends=True)[:1]
    if not lines or lines[0][:1] in "{[<":
        return None
    for delimiter in DELIMITERS:
        names = _row(lines[0], delimiter)
        if names and may_hold_records(names):
            pieces = (first[start : start + LARGEST_HEADER] for start in range(0, len(first), LARGEST_HEADER))
            return _records(_Lines(chain(pieces, more)), names, delimiter)
    return None


class _Lines:
    """The lines of a text, of which those that may belong to one row are held."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._more = _split(texts)
        self._held: deque[str] = deque()

    def at(self, number: int) -> str | None:
        """A line, counted from the first that was not dropped; None behind the last."""
        while len(self._held) <= number:
            line = next(self._more, None)
            if line is None:
                return None
            self._held.append(line)
        return self._held[number]

    def drop(self, number: int) -> None:
        for _ in range(number):
            self._held.popleft()


def _split(texts: Iterator[str]) -> Iterator[str]:
    """The lines of a text; of one that is longer than a row may be only the end is given."""
    rest: list[str] = []
    size = 0
    for text in texts:
        *lines, last = text.split("\n")
        for line in lines:
            yield "".join([*rest, line])
            rest, size = [], 0
        rest, size = ([*rest, last], size + len(last)) if size <= LARGEST_ROW else ([last], len(last))
    yield "".join(rest)


def _records(lines: _Lines, names: Sequence[str], delimiter: str) -> Iterator[str]:
    while lines.at(0) is not None:
        row, taken = _row_from(lines, delimiter, len(names))
        lines.drop(taken)
        if row and list(row) != list(names):
            cells: dict[str, JsonValue] = dict(zip(names, row, strict=True))
            with suppress(TooDeep):
                if found := of_row(cells, CSV):
                    yield found[0].decode("utf-8", "replace")


def _row_from(lines: _Lines, delimiter: str, width: int) -> tuple[Sequence[str] | None, int]:
    """The row that begins at the first line, and how many lines it takes; a line that begins none costs only itself."""
    text = lines.at(0) or ""
    row = _row(text, delimiter)
    if row and len(row) == width:
        return row, 1
    parts, size, quotes = [text], len(text), text.count('"')
    for taken in range(2, MOST_LINES + 1):
        if quotes % 2 == 0 or size > LARGEST_ROW or (line := lines.at(taken - 1)) is None:
            break
        parts.append(line)
        size, quotes = size + len(line), quotes + line.count('"')
        if quotes % 2 == 0 and (row := _row("\n".join(parts), delimiter)) and len(row) == width:
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


def parquet_records(file: BinaryIO) -> Iterator[str]:
    """The JSON of each record of a Parquet file, a row at a time; what is damaged gives none. Raises TooLarge."""
    import pyarrow as pa  # noqa: PLC0415  (only a Parquet file needs it)

    packed, given = file.seek(0, io.SEEK_END), 0
    try:
        for row in _parquet_rows(file):
            with suppress(TooDeep):
                found = of_row({name: json_value(value) for name, value in row.items()}, PARQUET)
                given += len(found[0]) if found else SMALLEST_ROW
                if given > LARGEST and given > LARGEST_RATIO * packed:
                    raise TooLarge(f"its rows are more than {LARGEST_RATIO} times its size")
                if found:
                    yield found[0].decode("utf-8", "replace")
    except MemoryError:
        raise TooLarge("its rows take more memory than there is") from None
    except (pa.ArrowException, OSError):
        return
    except ValueError as damage:
        if isinstance(damage, TooLarge):
            raise


def _parquet_rows(file: BinaryIO) -> Iterator[dict[str, object]]:
    """Rows held one at a time: pages go through a small buffer, texts stay coded, and the footer's size is bounded."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    file.seek(0)
    texts = [column.name for column in pq.read_schema(file) if pa.types.is_string(column.type)]
    file.seek(0)
    table = pq.ParquetFile(
        file, buffer_size=BUFFER, pre_buffer=False, read_dictionary=texts,
        thrift_string_size_limit=LARGEST_FOOTER, thrift_container_size_limit=MOST_ITEMS,
    )  # fmt: skip
    for batch in table.iter_batches(batch_size=ROWS, use_threads=False):
        for number in range(batch.num_rows):
            yield from batch.slice(number, 1).to_pylist()
