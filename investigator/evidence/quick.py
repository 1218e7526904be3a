"""Searches for values of columns, answered from the parts alone: no engine and no order of all events is needed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from investigator.domain.event import Event
from investigator.domain.search import Operator, Search, Term
from investigator.evidence.hot import hot_name, micros
from investigator.evidence.part_columns import READERS, UNDATED, coded, row_count, times
from investigator.evidence.rows import EVENT_COLUMNS, event, place_in_order
from investigator.evidence.search_sql import NULL
from investigator.evidence.whole_rows import WholeRows

MOST = 20_000
"""Events up to which this is faster."""
KEPT = 4
"""Columns that are kept in memory."""
Places = NDArray[np.int64]
"""Row numbers through all parts."""
Part = tuple[Sequence[str], NDArray[np.signedinteger]]
"""A column of one part: its values, and the position of each row's value, -1 where it has none."""


class Quick:
    """The events of parts all of whose rows are events of their own."""

    def __init__(self, parts: Sequence[Path]) -> None:
        self._parts = parts
        self._column = lru_cache(KEPT)(self._read)

    def events(self, where: Search, limit: int | None) -> Sequence[Event] | None:
        """The matching events in their order; None where more than values and times decides, or there are too many."""
        if not all(term.op is Operator.EQUALS and hot_name(term) for term in where.terms):
            return None
        places = self._first(self._found(where), limit)
        if len(places) > MOST:
            return None
        found = map(event, self._rows.values(places, EVENT_COLUMNS))
        return sorted(found, key=place_in_order)[:limit]

    @cached_property
    def _starts(self) -> Places:
        """The place of the first row of each part, and the number of all places."""
        return np.cumsum([0, *map(row_count, self._parts)])

    @cached_property
    def _rows(self) -> WholeRows:
        return WholeRows(self._parts, self._starts)

    @cached_property
    def _times(self) -> NDArray[np.int64]:
        return np.concatenate([np.empty(0, np.int64), *map(times, self._parts)])

    def _read(self, name: str) -> Sequence[Part]:
        with ThreadPoolExecutor(READERS) as readers:
            return [(values, _narrow(codes)) for values, codes in readers.map(_column, self._parts, repeat(name))]

    def _found(self, where: Search) -> Places:
        chosen = np.ones(int(self._starts[-1]), np.bool_)
        for term in where.terms:
            chosen &= self._holds(term)
        if where.start:
            chosen &= self._times >= micros(where.start)
        if where.start or where.end:
            chosen &= self._times < (micros(where.end) if where.end else UNDATED)
        return np.flatnonzero(chosen)

    def _holds(self, term: Term) -> NDArray[np.bool_]:
        column = self._column(hot_name(term) or "")
        holds = np.concatenate([np.empty(0, np.bool_), *_holding(column, term.values)])
        return ~holds if term.negated else holds

    def _first(self, places: Places, limit: int | None) -> Places:
        """Those that come first in time, and all of the same moment as the last of these."""
        if not limit or len(places) <= limit:
            return places
        moments = self._times[places]
        return places[moments <= np.partition(moments, limit - 1)[limit - 1]]


def _column(part: Path, name: str) -> Part:
    [column] = coded(part, name)
    return column


def _holding(column: Sequence[Part], wanted: Sequence[str]) -> Iterator[NDArray[np.bool_]]:
    """Part by part, which rows hold one of some values."""
    sought = frozenset(wanted)
    for values, codes in column:
        yield np.array([*(value in sought for value in values), NULL in sought])[codes]


def _narrow(codes: NDArray[np.int32]) -> NDArray[np.signedinteger]:
    return codes.astype(np.min_scalar_type(-1 - int(codes.max(initial=0))))
