"""The door to Arrow: finished columns to one time-sorted zstd Parquet file, written aside and renamed."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from investigator.evidence.coded import Coded
from investigator.evidence.finish import Part
from investigator.evidence.schema import PART_COLUMNS, ROW_GROUP


def write_part(part: Part, path: Path) -> None:
    """Write the part durably: aside, synced, renamed, folder synced."""
    table = _table(part)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("wb") as file:
        pq.write_table(
            table, file, row_group_size=ROW_GROUP, compression="zstd", compression_level=1, write_statistics=True
        )
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


def _table(part: Part) -> pa.Table:
    order = part.order()
    row, offset, length = (part.places[order, column] for column in range(3))
    columns = {
        "time": pa.array(part.times[order], pa.timestamp("us"), from_pandas=True),
        "id": pa.array(part.ids, pa.string()).take(pa.array(order)),
        "request_id": pa.array(part.request_ids, pa.string()).take(pa.array(order)),
        "read_only": _dictionary(part.read_only, order).cast(pa.string()).cast(pa.bool_()),
        "src_row": pa.array(row, pa.int64()),
        "src_offset": pa.array(offset, pa.int64(), mask=offset < 0),
        "src_length": pa.array(length, pa.int64(), mask=length < 0),
        **{name: _dictionary(coded, order) for name, coded in part.coded.items()},
    }
    return pa.table({name: columns[name] for name in PART_COLUMNS})


def _dictionary(coded: Coded, order: np.ndarray) -> pa.DictionaryArray:
    """Only the values that occur, in the order of their first row; null where the value is None."""
    present = np.array([value is not None for value in coded.values], np.bool_)
    codes = coded.codes[order]
    used, compact = np.unique(codes, return_inverse=True)
    kept = [coded.values[code] for code in used.tolist() if present[code]]
    slots = np.cumsum(present[used]) - 1
    return pa.DictionaryArray.from_arrays(
        pa.array(slots[compact], pa.int32(), mask=~present[codes]), pa.array(kept, pa.string())
    )
