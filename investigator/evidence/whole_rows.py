"""Some rows of a part: all of their columns, or the texts of one to look for something in."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from investigator.evidence.distinct import distinct
from investigator.evidence.part_columns import READERS, footer, row_numbers, sound
from investigator.evidence.schema import RARE_GROUP


@dataclass(frozen=True, slots=True)
class Written:
    """Texts of a column behind each other in one piece, ASCII letters as small ones."""

    content: bytes
    bounds: NDArray[np.int32]
    """Where each begins, and the end of the last."""
    odd: NDArray[np.bool_]
    """Which of them hold a backslash or other letters than ASCII."""


class WholeRows:
    """All columns, or some, of a few rows; only the row groups that hold one are read."""

    KEPT = 64
    """Small row groups, of about a megabyte each, that are kept in memory."""

    def __init__(self, parts: Sequence[Path], starts: NDArray[np.int64]) -> None:
        self._parts, self._starts = parts, starts
        self._small = lru_cache(self.KEPT)(self._read)

    def values(self, places: NDArray[np.int64], names: Sequence[str]) -> Iterator[tuple[object, ...]]:
        """What some columns hold in the rows at these rising places, row by row."""
        if not len(places):
            return iter(())
        table = self._table(places, names)
        there = frozenset(table.column_names)
        columns = (table[name].to_pylist() if name in there else [None] * len(places) for name in names)
        return zip(*columns, strict=True)

    def at(
        self, places: NDArray[np.int64], names: Sequence[str], known: Mapping[str, Sequence[str | None]] | None = None
    ) -> object:
        """An Arrow table of some columns of the rows at these rising places, texts as such, and of what is known."""
        found = {name: pa.array(values) for name, values in (known or {}).items()}
        if names:
            table = self._table(places, names)
            found |= dict(zip(table.column_names, table.columns, strict=True))
        return pa.table(found | {name: pa.nulls(len(places), pa.string()) for name in names if name not in found})

    def written(self, places: NDArray[np.int64], name: str, order: NDArray[np.int64]) -> Written:
        """The texts of a column in the rows at these rising places, put in an order; none is an empty one."""
        table = self._table(places, (name,))
        column = table[name] if name in table.column_names else pa.chunked_array([pa.nulls(len(places), pa.string())])
        texts = pc.fill_null(pa.concat_arrays(column.chunks).take(row_numbers(order)), "")
        _, bounds, buffer = pc.call_function("ascii_lower", [texts]).buffers()
        content = buffer.to_pybytes() if buffer else b""
        odd = np.zeros(len(texts), np.bool_)
        if b"\\" in content or not content.isascii():
            odd |= pc.call_function("match_substring", [texts], pc.MatchSubstringOptions("\\")).to_numpy(False)
            odd |= ~pc.call_function("string_is_ascii", [texts]).to_numpy(False)
        return Written(content, np.frombuffer(bounds, np.int32)[: len(texts) + 1], odd)

    def _table(self, places: NDArray[np.int64], names: Sequence[str]) -> pa.Table:
        part_of = np.searchsorted(self._starts, places, side="right") - 1
        numbers: list[int] = distinct(part_of).tolist()
        rows = [places[part_of == number] - self._starts[number] for number in numbers]
        with ThreadPoolExecutor(READERS) as readers:
            found = list(readers.map(self._of_part, numbers, rows, repeat(tuple(names))))
        return pa.concat_tables(found, promote_options="default")

    def _of_part(self, number: int, rows: NDArray[np.int64], names: tuple[str, ...]) -> pa.Table:
        """Rising rows of a part."""
        ends = self._ends(number)
        group_of = np.searchsorted(ends, rows, side="right")
        pieces = [
            self._group(number, group, names).take(row_numbers(rows[group_of == group] - start))
            for group in distinct(group_of).tolist()
            for start in (ends[group] - self._size(number, group),)
        ]
        return pa.concat_tables([_plain(piece) for piece in pieces])

    def _ends(self, number: int) -> NDArray[np.int64]:
        """The number of the row behind the last of each row group."""
        meta = footer(self._parts[number])
        return np.cumsum([meta.row_group(group).num_rows for group in range(meta.num_row_groups)])

    def _size(self, number: int, group: int) -> int:
        return footer(self._parts[number]).row_group(group).num_rows

    def _group(self, number: int, group: int, names: tuple[str, ...]) -> pa.Table:
        """A row group; small ones, which are asked for again and again, are kept."""
        read = self._small if self._size(number, group) <= RARE_GROUP else self._read
        return read(number, group, names)

    def _read(self, number: int, group: int, names: tuple[str, ...]) -> pa.Table:
        """The columns that the part has: some are in no older one."""
        meta = footer(self._parts[number])
        with sound(self._parts[number]), pq.ParquetFile(self._parts[number], metadata=meta) as file:
            there = [name for name in names if name in meta.schema.names]
            return file.read_row_group(group, there, use_threads=False)


def some_of(table: object, rows: NDArray[np.int64]) -> object:
    """Some rows of an Arrow table."""
    if not isinstance(table, pa.Table):
        raise TypeError(f"{type(table)} is no Arrow table")
    found: pa.Table = table
    return found.take(row_numbers(rows))


def _plain(table: pa.Table) -> pa.Table:
    """The same with texts in place of codes."""
    fields = [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))
