"""The door to Arrow for reading: one column of one part, as codes or as plain values."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from investigator.evidence.distinct import distinct
from investigator.evidence.faults import DAMAGED, StoreFault

READERS = 2
"""Parts or columns that are read at a time."""
_SLOTS = np.uint64(2**20)
"""Marks for endings of texts: an ending whose mark is not set is none of those wanted."""
FOOTERS = 256
"""Footers of parts that are kept; one takes about 0.2 MB."""
UNDATED = np.iinfo(np.int64).max
"""The time of a record that has none: after all others."""


def footer(path: Path) -> pq.FileMetaData:
    """Of a part; nothing changes these but what should not."""
    with sound(path):
        status = path.stat()
        return _read_footer(path, status.st_mtime_ns, status.st_size)


@lru_cache(FOOTERS)
def _read_footer(path: Path, _mtime_ns: int, _size: int) -> pq.FileMetaData:
    return pq.read_metadata(path)


@contextmanager
def sound(path: Path) -> Generator[None]:
    """Raises StoreFault for a part that is gone or torn."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise StoreFault(f"{path}: {DAMAGED} ({error})") from error


def row_count(path: Path) -> int:
    """The rows of a part."""
    return footer(path).num_rows


def coded(path: Path, *names: str) -> Iterator[tuple[list[str], NDArray[np.int32]]]:
    """The distinct values of each column and the code of each row, -1 for null; truths are `true` and `false`."""
    columns = _columns(path, names)
    for name in names:
        if name in columns:
            yield _coded(columns.pop(name))
        else:
            yield [], np.full(row_count(path), -1, np.int32)


def _coded(column: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int32]]:
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
    return _columns(path, (name,)).get(name)


def _columns(path: Path, names: Sequence[str]) -> dict[str, pa.ChunkedArray]:
    """Those of the columns that the part has."""
    with sound(path), pq.ParquetFile(path, metadata=footer(path)) as file:
        there = frozenset(footer(path).schema.names).intersection(names)
        table = file.read(columns=[name for name in names if name in there], use_threads=True)
    return dict(zip(table.column_names, table.columns, strict=True))


class Texts:
    """A column of many values, by place; kept in memory as long as it is not too large."""

    MOST = 3_000_000
    """Rows up to which the column is kept."""
    SORTED = 8
    """Look-ups from which on it is worth while to sort the texts."""

    def __init__(self, parts: Sequence[Path], starts: NDArray[np.int64], name: str) -> None:
        self._parts, self._starts, self._name = parts, starts, name
        self._kept: dict[int, pa.ChunkedArray] = {}
        self._asked = 0

    def at(self, places: NDArray[np.int64]) -> list[str]:
        """The texts at these places, in their order."""
        part_of = np.searchsorted(self._starts, places, side="right") - 1
        found = np.empty(len(places), np.object_)
        for number in distinct(part_of).tolist():
            inside = np.flatnonzero(part_of == number)
            rows = row_numbers(places[inside] - self._starts[number])
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
        wanted = _endings(pa.array(texts, pa.string()))
        self._asked += 1
        if self._asked < self.SORTED:
            likely = np.zeros(_SLOTS, np.bool_)
            likely[wanted % _SLOTS] = True
            places = np.flatnonzero(likely[self._all_endings % _SLOTS])
        else:
            places = self._of_ending(wanted)
        sought = frozenset(texts)
        return distinct(places[[text in sought for text in self.at(places)]])

    def _of_ending(self, wanted: NDArray[np.uint64]) -> NDArray[np.int64]:
        endings, order = self._by_ending
        spans = zip(*(np.searchsorted(endings, wanted, side).tolist() for side in ("left", "right")), strict=True)
        return np.sort(np.concatenate([np.empty(0, np.int64), *(order[first:end] for first, end in spans)]))

    @cached_property
    def _all_endings(self) -> NDArray[np.uint64]:
        """The last eight bytes of each text."""
        parts = [_endings(chunk) for number in range(len(self._parts)) for chunk in self._part(number).chunks]
        return np.concatenate([np.empty(0, np.uint64), *parts])

    @cached_property
    def _by_ending(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The same rising, and the place of each."""
        endings = self._all_endings
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


def row_numbers(numbers: NDArray[np.int64]) -> pa.Array:
    """Row numbers as Arrow takes them; `pa.array` would import NumPy's masked arrays to look for those."""
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])
