"""Which ids stand in more than one row: found by the numbers that their last bytes make, and then letter by letter."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from investigator.evidence.part_columns import endings, texts_at

MOST = 50_000
"""Rows up to which ids are compared here; the engine is better at more."""
_ODD = np.uint64(0x9E3779B97F4A7C15)


def repeated_ids(parts: Sequence[Path]) -> list[str] | None:
    """The ids of events in more than one row of these parts; None when so many look alike that the engine must tell."""
    numbers = [_numbers(part) for part in parts]
    rising = np.sort(np.concatenate([np.empty(0, np.uint64), *numbers]))
    alike = np.unique(rising[1:][rising[1:] == rising[:-1]])
    if not len(alike):
        return []
    rows = [np.flatnonzero(np.isin(of_part, alike)) for of_part in numbers]
    if sum(map(len, rows)) > MOST:
        return None
    found = Counter(id_ for part, inside in zip(parts, rows, strict=True) for id_ in texts_at(part, "id", inside))
    return [id_ for id_, count in found.items() if count > 1]


def _numbers(part: Path) -> NDArray[np.uint64]:
    """One number for each row: where two differ, the ids do."""
    words = endings(part, "id", 2)
    return words[:, 0] * _ODD + words[:, 1]
