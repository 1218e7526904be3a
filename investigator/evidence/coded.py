"""Dictionary-coded columns: each distinct value once, and a code for each row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key")
Codes = NDArray[np.int32]


class Table(dict[Key, int], Generic[Key]):
    """Distinct values in the order they came; looking one up gives its code."""

    def __missing__(self, key: Key) -> int:
        code = self[key] = len(self)
        return code


class Column(Generic[Key]):
    """One column of a growing batch; `size` says how many bytes a value takes in a compactly written record."""

    __slots__ = ("_chunks", "_size", "_sizes", "table")

    def __init__(self, size: Callable[[Key], int]) -> None:
        self.table: Table[Key] = Table()
        self._chunks: list[Codes] = []
        self._size = size
        self._sizes: list[int] = []

    def encode(self, values: Sequence[Key]) -> Codes:
        """The codes of some values; rows are added by `append`."""
        return np.fromiter(map(self.table.__getitem__, values), np.int32, len(values))

    def sizes(self, codes: Codes) -> NDArray[np.int64]:
        """The bytes that each of these values takes."""
        known = len(self._sizes)
        self._sizes.extend(map(self._size, list(self.table)[known:]))
        return np.array(self._sizes, np.int64)[codes]

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


def combined(columns: Iterable[Codes], rows: int) -> tuple[Codes, list[int]]:
    """Codes for the distinct tuples of several columns, and a row in which each tuple stands."""
    joined = np.zeros(rows, np.int64)
    for column in columns:
        widened = joined * (int(column.max(initial=0)) + 1) + column
        joined = np.unique(widened, return_inverse=True)[1].astype(np.int64)
    _, firsts = np.unique(joined, return_index=True)
    return joined.astype(np.int32), firsts.tolist()
