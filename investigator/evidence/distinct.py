"""Distinct numbers by sorting: NumPy's own way hashes them, which takes fifty times as long for a million."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
WIDE = 65_536
"""Numbers up to which they are always counted in a table, which is faster than sorting them."""


def distinct(numbers: Numbers) -> Numbers:
    """The different numbers, rising."""
    rising = np.sort(numbers, kind="stable")
    return rising[_first(rising)]


def united(some: Sequence[Numbers], size: int) -> Numbers:
    """The different numbers of several arrays, rising; all are below a size."""
    there = np.zeros(size, np.bool_)
    for numbers in some:
        there[numbers] = True
    return np.flatnonzero(there)


def counted(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The different numbers, rising, and how often each stands there."""
    rising = np.sort(numbers, kind="stable")
    starts = np.flatnonzero(_first(rising))
    return rising[starts], np.diff(np.append(starts, len(rising)))


def dense(numbers: Numbers) -> Numbers:
    """The same numbers without holes, in their order, so that they stay small."""
    largest = int(numbers.max(initial=0))
    if largest <= max(WIDE, 2 * len(numbers)):
        used = np.zeros(largest + 1, np.int64)
        used[numbers] = 1
        return (np.cumsum(used) - 1)[numbers]
    order = np.argsort(numbers, kind="stable")
    found = np.empty(len(numbers), np.int64)
    found[order] = np.cumsum(_first(numbers[order])) - 1
    return found


def _first(rising: Numbers) -> NDArray[np.bool_]:
    first = np.ones(len(rising), np.bool_)
    first[1:] = rising[1:] != rising[:-1]
    return first
