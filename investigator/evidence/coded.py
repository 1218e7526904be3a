"""Dictionary-coded columns: each distinct value once, and a code for each row."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)
Codes = NDArray[np.int32]
Sizes = NDArray[np.int64]


class Table(dict[Key, int], Generic[Key]):
    """Distinct values in the order they came; looking one up gives its code."""

    def __init__(self) -> None:
        super().__init__()
        self.in_order: list[Key] = []

    def __missing__(self, key: Key) -> int:
        code = self[key] = len(self)
        self.in_order.append(key)
        return code


class Column(Generic[Key]):
    """One column of a growing batch; `size` says how many bytes a value takes in a compactly written record."""

    __slots__ = ("_chunks", "_known", "_size", "_sizes", "_table")

    def __init__(self, size: Callable[[Key], int]) -> None:
        self._table: Table[Key] = Table()
        self._chunks: list[Codes] = []
        self._size = size
        self._sizes: Sizes = np.zeros(64, np.int64)
        self._known = 0

    @property
    def values(self) -> Sequence[Key]:
        """The distinct values, by code."""
        return self._table.in_order

    def encode(self, values: Sequence[Key]) -> Codes:
        """The codes of some values; rows are added by `append`."""
        if values and values.count(values[0]) == len(values):
            return np.full(len(values), self._table[values[0]], np.int32)
        return np.fromiter(map(self._table.__getitem__, values), np.int32, len(values))

    def sizes(self, codes: Codes) -> Sizes:
        """The bytes that each of these values takes."""
        values = self._table.in_order
        if len(values) > len(self._sizes):
            self._sizes = np.concatenate((self._sizes, np.zeros(len(values), np.int64)))
        self._sizes[self._known : len(values)] = list(map(self._size, values[self._known :]))
        self._known = len(values)
        return self._sizes[codes]

    def append(self, codes: Codes) -> None:
        self._chunks.append(codes)

    def codes(self) -> Codes:
        """The codes of all rows."""
        return np.concatenate(self._chunks) if self._chunks else np.empty(0, np.int32)


@dataclass(frozen=True, slots=True)
class Coded:
    """A finished column: values by code; None is null."""

    codes: Codes
    values: Sequence[str | bytes | None]


def coded(codes: Codes, values: Iterable[str | bytes | None]) -> Coded:
    """A column whose values by code may repeat, with each of them once."""
    table: Table[str | bytes | None] = Table()
    recoded = np.fromiter(map(table.__getitem__, values), np.int32)
    return Coded(recoded[codes], table.in_order)


def combined(columns: Sequence[Codes]) -> tuple[Codes, list[tuple[int, ...]]]:
    """Codes for the distinct tuples of several columns, and the tuples."""
    joined = columns[0]
    for column in columns[1:]:
        joined = _paired(joined, column)
    dense = _dense(joined, int(joined.max(initial=-1)) + 1)
    firsts = np.zeros(int(dense.max(initial=-1)) + 1, np.int64)
    firsts[dense[::-1]] = np.arange(len(dense) - 1, -1, -1)
    tuples: list[tuple[int, ...]] = list(zip(*(column[firsts].tolist() for column in columns), strict=True))
    return dense, tuples


def _paired(one: Codes, other: Codes) -> Codes:
    """One dense code for each distinct pair: by counting where few pairs are possible, else by sorting."""
    width = int(other.max(initial=0)) + 1
    if width == 1:
        return one
    keys = one.astype(np.int64) * width + other
    bound = (int(one.max(initial=0)) + 1) * width
    if bound <= 4 * len(keys) + 65_536:
        return _dense(keys, bound)
    return np.unique(keys, return_inverse=True)[1].astype(np.int32)


def _dense(keys: Sizes | Codes, bound: int) -> Codes:
    present = np.zeros(bound, np.bool_)
    present[keys] = True
    return (np.cumsum(present, dtype=np.int32) - 1)[keys].astype(np.int32)
