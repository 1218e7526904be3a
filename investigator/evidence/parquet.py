"""The door to Arrow: finished columns to a zstd Parquet file with row groups sorted by time, written aside, renamed."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportArgumentType=false

import os
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from investigator.domain.columns import RECORD_COLUMNS
from investigator.evidence.coded import Coded, occurring, renumbered
from investigator.evidence.finish import Part
from investigator.evidence.json_column import JsonRun
from investigator.evidence.schema import PART_COLUMNS, ROW_GROUP

NUMBERS = ("src_row", "src_offset", "src_length")
PRUNED = ("time", "source", "name", "account", "region", "src_file", "src_row")
"""Columns whose smallest and largest values tell that a row group can be left out."""
DICTIONARY = 64 * 2**20
"""Bytes of distinct values; a column with more would be written value by value."""


def write_part(part: Part, path: Path) -> None:
    """Write the part durably: aside, synced, renamed, folder synced."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("wb") as file:
        _write(part, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable (folders cannot be opened on Windows, which syncs them itself)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(part: Part, file: BinaryIO) -> None:
    """One row group after the other, each with dictionaries of its own."""
    columns = _Columns(part)
    writer = pq.ParquetWriter(
        file,
        columns.group(np.empty(0, np.int64)).schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=list(part.coded),
        dictionary_pagesize_limit=DICTIONARY,
        column_encoding=dict.fromkeys(("time", *NUMBERS), "DELTA_BINARY_PACKED"),
        write_statistics=list(PRUNED),
        write_batch_size=ROW_GROUP,
    )
    with writer:
        for rows in part.row_groups():
            writer.write_table(columns.group(rows))


class _Columns:
    """The columns of a part as Arrow arrays, of which rows are taken."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._ids = pa.array(part.ids, pa.string())
        self._request_ids = pa.array(part.request_ids, pa.string())
        self._plain = {RECORD_COLUMNS[key]: _Values(run) for key, run in part.plain.items()}
        self._coded = {name: _Distinct(coded) for name, coded in part.coded.items()}

    def group(self, rows: NDArray[np.int64]) -> pa.Table:
        """Some rows, in this order."""
        taken = pa.array(rows)
        columns = {
            "time": pa.array(self._part.times[rows], pa.timestamp("us")),
            "id": self._ids.take(taken),
            "request_id": self._request_ids.take(taken),
            **{name: values.take(rows) for name, values in self._plain.items()},
            **{name: values.take(rows) for name, values in self._coded.items()},
        }
        for position, name in enumerate(NUMBERS):
            numbers = self._part.places[rows, position]
            columns[name] = pa.array(numbers, pa.int64(), mask=numbers < 0)
        columns["read_only"] = columns["read_only"].cast(pa.string()).cast(pa.bool_())
        return pa.table({name: columns[name] for name in PART_COLUMNS})


class _Values:
    """Joined JSON values as Arrow strings: every second one is the comma behind a value."""

    def __init__(self, run: JsonRun) -> None:
        held = run.lengths > 0
        starts = run.starts()
        bounds = np.stack((starts[held], starts[held] + run.lengths[held]), axis=1).astype(np.int32).ravel()
        buffers = [None, pa.py_buffer(bounds), pa.py_buffer(run.joined)]
        self._strings = pa.Array.from_buffers(pa.string(), max(0, len(bounds) - 1), buffers)
        self._slots = 2 * (np.cumsum(held) - 1)
        text = np.frombuffer(run.joined or b"n", np.uint8)
        self._absent = ~held | (text[np.minimum(starts, len(text) - 1)] == ord("n"))

    def take(self, rows: NDArray[np.int64]) -> pa.Array:
        return self._strings.take(pa.array(self._slots[rows], mask=self._absent[rows]))


class _Distinct:
    """The distinct values of a coded column, and where each code finds its own: behind the last where it is null."""

    def __init__(self, coded: Coded) -> None:
        found = pa.array(coded.values, pa.string()).dictionary_encode()
        self._values = found.dictionary
        slots = found.indices.fill_null(len(found.dictionary))
        self._slots = slots.to_numpy()[coded.codes]

    def take(self, rows: NDArray[np.int64]) -> pa.DictionaryArray:
        """Some rows, with only the values that occur in them."""
        slots = self._slots[rows]
        used = occurring(slots, len(self._values) + 1)
        kept = self._values.filter(pa.array(used[:-1]))
        return pa.DictionaryArray.from_arrays(pa.array(renumbered(slots, used), mask=slots == len(self._values)), kept)
