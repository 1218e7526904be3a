"""The door to Parquet as evidence: rows of a file that others wrote, a few at a time, as JSON values.

The file is hostile: sizes in its footer are bounded, pages are read through a small buffer, and columns of text stay
dictionary-coded, so that a small file cannot ask for much memory at once.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import JsonValue

from investigator.domain.table_row import json_value

MAGIC = b"PAR1"
ROWS = 128
"""Rows that are held at a time."""
BUFFER = 2**16
LARGEST_FOOTER = 16 * 2**20
"""Bytes of the texts that the footer may hold."""
MOST_ITEMS = 1_000_000
"""Items that a list in the footer may hold: columns times row groups."""


class Unreadable(ValueError):
    """The file, or the rest of it, cannot be read; the message is a word of the bad-input table."""


def columns(file: BinaryIO) -> tuple[str, ...]:
    """The names of the top-level columns; raises Unreadable."""
    with _refusals():
        return tuple(_opened(file).schema_arrow.names)


def rows(file: BinaryIO) -> Iterator[dict[str, JsonValue]]:
    """The rows in their order; raises Unreadable, also after some rows."""
    with _refusals():
        parquet = _opened(file)
        for batch in parquet.iter_batches(batch_size=ROWS, use_threads=False):
            for row in range(batch.num_rows):
                [found] = batch.slice(row, 1).to_pylist()
                yield {name: json_value(value) for name, value in found.items()}


def _opened(file: BinaryIO) -> pq.ParquetFile:
    texts = [field.name for field in pq.read_schema(file) if pa.types.is_string(field.type)]
    file.seek(0)
    return pq.ParquetFile(
        file, buffer_size=BUFFER, pre_buffer=False, read_dictionary=texts,
        thrift_string_size_limit=LARGEST_FOOTER, thrift_container_size_limit=MOST_ITEMS,
    )  # fmt: skip


@contextmanager
def _refusals() -> Generator[None]:
    try:
        yield
    except MemoryError:
        raise Unreadable("oversize") from None
    except (pa.ArrowException, OSError, ValueError):
        raise Unreadable("parquet_damaged") from None
