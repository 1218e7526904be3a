"""Which events lie in cells of coverage: the spans of each place are joined, and each place is looked at once."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from investigator.domain.coverage import Cell
from investigator.evidence.hot import Hot, micros
from investigator.evidence.loaded import Columns, Ranks

PLACE = ("account", "region", "kind")
Place = tuple[str, str, str]
Span = tuple[int, int]
"""From a microsecond since 1970 (included) to another (excluded)."""


class Within:
    """Cells, whatever their filters, over the columns of a snapshot."""

    def __init__(self, columns: Columns, hot: Hot) -> None:
        self._columns, self._hot = columns, hot

    def __call__(self, ranks: Ranks, cells: Iterable[Cell]) -> Ranks:
        """Those of the events that lie in one of the cells; an undated one lies in none."""
        spans: dict[Place, list[Span]] = {}
        for cell in cells:
            span = (micros(cell.window.start), micros(cell.window.end))
            spans.setdefault((cell.account, cell.region, cell.events), []).append(span)
        ranks = ranks[: int(np.searchsorted(ranks, self._columns.dated))]
        places, numbers = self._hot.kinds(PLACE, ranks)
        inside = np.zeros(len(ranks), np.bool_)
        for number, (account, region, kind) in enumerate(places):
            if same := spans.get((account or "", region or "", kind or "")):
                own = np.flatnonzero(numbers == number)
                inside[own] = _covered(self._columns.times[ranks[own]], same)
        return ranks[inside]


def _covered(times: Ranks, spans: Sequence[Span]) -> NDArray[np.bool_]:
    starts, ends = np.array(_joined(spans), np.int64).T
    last = np.searchsorted(starts, times, side="right") - 1
    return (last >= 0) & (times < ends[last])


def _joined(spans: Sequence[Span]) -> list[Span]:
    """The same time in spans that do not touch, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
