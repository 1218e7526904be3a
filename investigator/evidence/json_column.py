"""A column of JSON values that seldom repeat: their bytes end to end, a comma between, never one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from msgspec import Raw
from numpy.typing import NDArray

from investigator.evidence.readers.record import NOTHING


@dataclass(frozen=True, slots=True)
class JsonRun:
    """The values of some rows: those that are there, joined, and the length of each, 0 where a row has none."""

    joined: bytes
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, values: Sequence[Raw]) -> Self:
        if values.count(NOTHING) == len(values):
            return cls(b"", np.zeros(len(values), np.int64))
        return cls(b",".join(filter(None, values)), np.fromiter(map(len, values), np.int64, len(values)))

    def starts(self) -> NDArray[np.int64]:
        """Where each row's value begins."""
        taken = self.lengths + (self.lengths > 0)
        return np.cumsum(taken) - taken

    def at(self, rows: NDArray[np.int64]) -> list[bytes]:
        """The bytes of some rows' values."""
        starts, lengths = self.starts()[rows].tolist(), self.lengths[rows].tolist()
        return [self.joined[start : start + length] for start, length in zip(starts, lengths, strict=True)]

    def values(self) -> list[bytes]:
        """The bytes of each row's value."""
        return self.at(np.arange(len(self.lengths)))


class JsonColumn:
    """The values of a growing batch."""

    def __init__(self) -> None:
        self._runs: list[JsonRun] = []

    def append(self, run: JsonRun) -> None:
        self._runs.append(run)

    def taken(self) -> JsonRun:
        """The values of all rows; the column is empty afterwards, so that memory holds them once."""
        runs, self._runs = self._runs, []
        joined = b",".join([run.joined for run in runs if run.joined])
        return JsonRun(joined, np.concatenate([run.lengths for run in runs]))
