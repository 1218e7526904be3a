"""Predicates asked of some events each, with no more read of these than the predicates name."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from investigator.evidence.distinct import united
from investigator.evidence.engine import Engine
from investigator.evidence.loaded import COLUMNS, Columns, Ranks
from investigator.evidence.schema import PART_COLUMNS
from investigator.evidence.whole_rows import WholeRows, some_of

MOST = 50_000
"""Events that are read together."""
Asked = tuple[str, Ranks]
"""A predicate and the events it is asked of."""
_KNOWN = COLUMNS - {"read_only"}
"""Columns that are in memory as the texts that they are."""


class Looker:
    """Asks about events of one snapshot."""

    def __init__(self, engine: Engine, columns: Columns) -> None:
        self._engine, self._columns = engine, columns
        self._rows = WholeRows(columns.parts, columns.starts)

    def fulfilling(self, asked: Sequence[Asked]) -> list[Ranks]:
        """For each predicate those of its events for which it holds."""
        found: list[list[Ranks]] = [[] for _ in asked]
        for batch in batches([ranks for _, ranks in asked]):
            predicates = [asked[number][0] for number, _ in batch]
            table, places = self._table(united([ranks for _, ranks in batch], len(self._columns)), predicates)
            for (number, ranks), predicate in zip(batch, predicates, strict=True):
                found[number].append(self._engine.fulfilling(predicate, some_of(table, places[ranks])))
        return [np.sort(np.concatenate([np.empty(0, np.int64), *ranks])) for ranks in found]

    def _table(self, ranks: Ranks, predicates: Sequence[str]) -> tuple[object, Ranks]:
        """What the predicates may ask of the events as an Arrow table, and the row of each event in it."""
        ranks = ranks[np.argsort(self._columns.places[ranks])]
        words = {*re.findall(r"\w+", " ".join(predicates)), *self._engine.folding}
        named = [name for name in PART_COLUMNS if name in words]
        known = {name: self._columns.column(name).texts(ranks) for name in named if name in _KNOWN}
        rest = [name for name in named if name not in known]
        rows = np.zeros(len(self._columns), np.int64)
        rows[ranks] = np.arange(len(ranks))
        return self._rows.at(self._columns.places[ranks], rest, {**known, "rank": ranks.tolist()}), rows


def batches(asked: Sequence[Ranks]) -> Iterator[list[tuple[int, Ranks]]]:
    """So many events together that they can be read at once, each with the number of what is asked of them."""
    batch: list[tuple[int, Ranks]] = []
    room = MOST
    for number, ranks in enumerate(asked):
        start = 0
        while start < len(ranks):
            batch.append((number, ranks[start : start + room]))
            start, room = start + room, room - len(batch[-1][1])
            if not room:
                yield batch
                batch, room = [], MOST
    if batch:
        yield batch
