"""Dictionary-coded columns: each distinct value once, and a code for each row."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)
Codes = NDArray[np.int32]
Numbers = NDArray[np.int32] | NDArray[np.int64]


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
    """One column of a growing batch."""

    __slots__ = ("_chunks", "_table")

    def __init__(self) -> None:
        self._table: Table[Key] = Table()
        self._chunks: list[Codes] = []

    @property
    def values(self) -> Sequence[Key]:
        """The distinct values, by code."""
        return self._table.in_order

    def encode(self, values: Sequence[Key]) -> Codes:
        """The codes of some values; rows are added by `append`."""
        if values and values.count(values[0]) == len(values):
            return np.full(len(values), self._table[values[0]], np.int32)
        return np.fromiter(map(self._table.__getitem__, values), np.int32, len(values))

    def append(self, codes: Codes) -> None:
        self._chunks.append(codes)

    def whole(self) -> tuple[Codes, Sequence[Key]]:
        """The codes of all rows, and the values that occur, by code; others were read again more closely."""
        codes = np.concatenate(self._chunks) if self._chunks else np.empty(0, np.int32)
        used = occurring(codes, len(self.values))
        if used.all():
            return codes, self.values
        return renumbered(codes, used), [value for value, is_used in zip(self.values, used, strict=True) if is_used]


@dataclass(frozen=True, slots=True)
class Coded:
    """A finished column: values by code, which may repeat; None is null."""

    codes: Codes
    values: Sequence[str | bytes | None]


def occurring(codes: Numbers, count: int) -> NDArray[np.bool_]:
    """Which of so many codes occur."""
    used = np.zeros(count, np.bool_)
    used[codes] = True
    return used


def renumbered(codes: Numbers, used: NDArray[np.bool_]) -> Codes:
    """The codes when only those that occur are counted."""
    return (np.cumsum(used, dtype=np.int32) - 1)[codes].astype(np.int32)


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


def _dense(keys: Numbers, bound: int) -> Codes:
    return renumbered(keys, occurring(keys, bound))
