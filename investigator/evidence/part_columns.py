"""The door to Arrow for reading: one column of one part, as codes or as plain values."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import repeat
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from investigator.evidence.distinct import distinct
from investigator.evidence.faults import DAMAGED, StoreFault
from investigator.evidence.schema import RARE_GROUP

READERS = 2
"""Parts or columns that are read at a time."""
FOOTERS = 256
"""Footers of parts that are kept; one takes about 0.2 MB."""
UNDATED = np.iinfo(np.int64).max
"""The time of a record that has none: after all others."""


def _footer(path: Path) -> pq.FileMetaData:
    """Of a part; nothing changes these but what should not."""
    with _sound(path):
        status = path.stat()
        return _read_footer(path, status.st_mtime_ns, status.st_size)


@lru_cache(FOOTERS)
def _read_footer(path: Path, _mtime_ns: int, _size: int) -> pq.FileMetaData:
    return pq.read_metadata(path)


@contextmanager
def _sound(path: Path) -> Generator[None]:
    """Raises StoreFault for a part that is gone or torn."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise StoreFault(f"{path}: {DAMAGED} ({error})") from error


def row_count(path: Path) -> int:
    """The rows of a part."""
    return _footer(path).num_rows


def coded(path: Path, name: str) -> tuple[list[str], NDArray[np.int32]]:
    """The distinct values of a column and the code of each row, -1 for null; truths are `true` and `false`."""
    column = _column(path, name)
    if column is None:
        return [], np.full(row_count(path), -1, np.int32)
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    column = column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # no chunk, or chunks with dictionaries of their own
        column = pa.concat_arrays(column.unify_dictionaries().chunks)
    codes = pc.fill_null(column.indices.cast(pa.int32()), -1)
    return column.dictionary.to_pylist(), codes.to_numpy(zero_copy_only=False)


def times(path: Path) -> NDArray[np.int64]:
    """Microseconds since 1970 in UTC, UNDATED where there is no time."""
    column = _column(path, "time")
    if column is None:
        return np.full(row_count(path), UNDATED, np.int64)
    return pc.fill_null(column.cast(pa.int64()), UNDATED).to_numpy()


def texts_at(path: Path, name: str, rows: NDArray[np.int64]) -> list[str]:
    """The texts of some rows of a part."""
    column = _column(path, name)
    return [] if column is None else column.take(pa.array(rows)).to_pylist()


def endings(path: Path, name: str, words: int) -> NDArray[np.uint64]:
    """For each row of a part the last bytes of its text, as so many numbers of eight bytes."""
    column = _column(path, name)
    rows = [] if column is None else [_endings(chunk, words).reshape(-1, words) for chunk in column.chunks]
    return np.concatenate([np.empty((0, words), np.uint64), *rows])


def _column(path: Path, name: str) -> pa.ChunkedArray | None:
    with _sound(path), pq.ParquetFile(path, metadata=_footer(path)) as file:
        if name not in file.schema_arrow.names:
            return None
        return file.read(columns=[name], use_threads=True).column(0)


class Texts:
    """A column of many values, by place; kept in memory as long as it is not too large."""

    MOST = 3_000_000
    """Rows up to which the column is kept."""

    def __init__(self, parts: Sequence[Path], starts: NDArray[np.int64], name: str) -> None:
        self._parts, self._starts, self._name = parts, starts, name
        self._kept: dict[int, pa.ChunkedArray] = {}

    def at(self, places: NDArray[np.int64]) -> list[str]:
        """The texts at these places, in their order."""
        part_of = np.searchsorted(self._starts, places, side="right") - 1
        found = np.empty(len(places), np.object_)
        for number in distinct(part_of).tolist():
            inside = np.flatnonzero(part_of == number)
            rows = _rows(places[inside] - self._starts[number])
            found[inside] = self._part(number).take(rows).to_pylist()
        texts: list[str] = found.tolist()
        return texts

    def find(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """The places that hold one of some texts, in order."""
        if self._starts[-1] <= self.MOST:
            return self._looked_up(texts)
        wanted = pc.SetLookupOptions(pa.array(texts, pa.string()))
        found = [
            np.flatnonzero(pc.call_function("is_in", [self._part(number)], wanted).to_numpy()) + start
            for number, start in enumerate(self._starts[:-1])
        ]
        return np.concatenate([np.empty(0, np.int64), *found])

    def _looked_up(self, texts: Sequence[str]) -> NDArray[np.int64]:
        endings, order = self._by_ending
        wanted = _endings(pa.array(texts, pa.string()))
        spans = zip(*(np.searchsorted(endings, wanted, side).tolist() for side in ("left", "right")), strict=True)
        places = np.sort(np.concatenate([np.empty(0, np.int64), *(order[first:end] for first, end in spans)]))
        sought = frozenset(texts)
        return distinct(places[[text in sought for text in self.at(places)]])

    @cached_property
    def _by_ending(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The last eight bytes of each text, rising, and the place of each."""
        parts = [_endings(chunk) for number in range(len(self._parts)) for chunk in self._part(number).chunks]
        endings = np.concatenate([np.empty(0, np.uint64), *parts])
        order = np.argsort(endings, kind="stable")
        return endings[order], order

    def containing(self, mark: str) -> list[str]:
        """The texts with some characters in them."""
        found: list[str] = []
        for number in range(len(self._parts)):
            column = self._part(number)
            found += column.filter(
                pc.call_function("match_substring", [column], pc.MatchSubstringOptions(mark))
            ).to_pylist()
        return found

    def _part(self, number: int) -> pa.ChunkedArray:
        if number in self._kept:
            return self._kept[number]
        column = _column(self._parts[number], self._name)
        if self._starts[-1] <= self.MOST:
            self._kept[number] = column
        return column


def _endings(texts: pa.StringArray, words: int = 1) -> NDArray[np.uint64]:
    """The last bytes of each text as so many numbers of eight, zeros before those of a shorter one; row after row."""
    width = 8 * words
    _, offsets, content = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    padded = np.concatenate((np.zeros(width, np.uint8), np.frombuffer(content or b"", np.uint8)))
    endings = sliding_window_view(padded, width)[bounds[1:]]
    endings[np.arange(width) < width - np.diff(bounds)[:, np.newaxis]] = 0
    return endings.view(np.uint64).reshape(-1)


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
        table = self._table(places, names)
        for name, values in (known or {}).items():
            table = table.append_column(name, pa.array(values))
        return table

    def written(self, places: NDArray[np.int64], name: str, order: NDArray[np.int64]) -> Written:
        """The texts of a column in the rows at these rising places, put in an order; none is an empty one."""
        table = self._table(places, (name,))
        column = table[name] if name in table.column_names else pa.chunked_array([pa.nulls(len(places), pa.string())])
        texts = pc.fill_null(pa.concat_arrays(column.chunks).take(_rows(order)), "")
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
            self._group(number, group, names).take(_rows(rows[group_of == group] - start))
            for group in distinct(group_of).tolist()
            for start in (ends[group] - self._size(number, group),)
        ]
        return pa.concat_tables([_plain(piece) for piece in pieces])

    def _ends(self, number: int) -> NDArray[np.int64]:
        """The number of the row behind the last of each row group."""
        footer = _footer(self._parts[number])
        return np.cumsum([footer.row_group(group).num_rows for group in range(footer.num_row_groups)])

    def _size(self, number: int, group: int) -> int:
        return _footer(self._parts[number]).row_group(group).num_rows

    def _group(self, number: int, group: int, names: tuple[str, ...]) -> pa.Table:
        """A row group; small ones, which are asked for again and again, are kept."""
        read = self._small if self._size(number, group) <= RARE_GROUP else self._read
        return read(number, group, names)

    def _read(self, number: int, group: int, names: tuple[str, ...]) -> pa.Table:
        """The columns that the part has: some are in no older one."""
        footer = _footer(self._parts[number])
        with _sound(self._parts[number]), pq.ParquetFile(self._parts[number], metadata=footer) as file:
            there = [name for name in names if name in file.schema_arrow.names]
            return file.read_row_group(group, there, use_threads=False)


def _rows(numbers: NDArray[np.int64]) -> pa.Array:
    """Row numbers as Arrow takes them; `pa.array` would import NumPy's masked arrays to look for those."""
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def _plain(table: pa.Table) -> pa.Table:
    """The same with texts in place of codes."""
    fields = [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))
