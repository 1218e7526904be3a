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
    taken = pa.array(order)
    columns = {
        "time": pa.array(part.times[order], pa.timestamp("us")),
        "id": pa.array(part.ids, pa.string()).take(taken),
        "request_id": pa.array(part.request_ids, pa.string()).take(taken),
        **{name: pa.array(values, pa.string()).take(taken) for name, values in part.plain.items()},
        **{name: _dictionary(coded, order) for name, coded in part.coded.items()},
    }
    for position, name in enumerate(("src_row", "src_offset", "src_length")):
        numbers = part.places[order, position]
        columns[name] = pa.array(numbers, pa.int64(), mask=numbers < 0)
    columns["read_only"] = columns["read_only"].cast(pa.string()).cast(pa.bool_())
    return pa.table({name: columns[name] for name in PART_COLUMNS})


def _dictionary(coded: Coded, order: np.ndarray) -> pa.DictionaryArray:
    """Only the values that occur; null where the value is None."""
    codes = coded.codes[order]
    present = np.array([value is not None for value in coded.values], np.bool_)
    used = np.zeros(len(coded.values), np.bool_)
    used[codes] = True
    used &= present
    kept = [coded.values[code] for code in np.flatnonzero(used).tolist()]
    slots = (np.cumsum(used, dtype=np.int32) - 1)[codes]
    return pa.DictionaryArray.from_arrays(
        pa.array(slots, pa.int32(), mask=~present[codes]), pa.array(kept, pa.string())
    )
