"""Texts looked for in the JSON of many events at once, so that few have to be looked at whole."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import numpy as np

from investigator.domain.expression import Sought, Trace
from investigator.evidence.distinct import distinct, united
from investigator.evidence.hot import common
from investigator.evidence.loaded import Columns, Ranks
from investigator.evidence.part_columns import READERS
from investigator.evidence.whole_rows import WholeRows, Written

COMMON = 100
"""Events of one name in one part with a text, from which on the text tells nothing."""
Rows = tuple[int, int]
"""The first of some rows, and the one behind the last."""


class Sieve:
    """Leaves the events that may have a trace of what is sought."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._rows = WholeRows(columns.parts, columns.starts)

    def left(self, sought: Sequence[Sought], among: Sequence[Ranks]) -> list[Ranks]:
        """For each of these those of some events for which the predicate may hold."""
        places = [place for place, one in enumerate(sought) if one.traces is not None and len(among[place])]
        found = list(among)
        if not places:
            return found
        parts = self._by_part(united([among[place] for place in places], len(self._columns)))
        with ThreadPoolExecutor(READERS) as readers:
            of_parts = list(readers.map(self._of_part, parts, repeat([sought[place] for place in places])))
        for number, place in enumerate(places):
            may = np.concatenate([part[number] for part in of_parts])
            found[place] = common(among[place], np.sort(may))
        return found

    def _by_part(self, ranks: Ranks) -> list[Ranks]:
        """The events of each part by their places."""
        places = self._columns.places[ranks]
        order = np.argsort(places)
        edges = np.searchsorted(places[order], self._columns.starts[1:-1])
        return [some for some in np.split(ranks[order], edges) if len(some)]

    def _of_part(self, ranks: Ranks, sought: Sequence[Sought]) -> list[Ranks]:
        """For each of these the events of one part that may have a trace."""
        part = _Part(self._columns, self._rows, ranks)
        return [part.may_hold(one) for one in sought]


class _Part:
    """Events of one part, name by name, and the texts that were looked for in them."""

    def __init__(self, columns: Columns, rows: WholeRows, ranks: Ranks) -> None:
        self._name, self._rows = columns.column("name"), rows
        self._places = columns.places[ranks]
        self._order = np.argsort(self._name.codes[ranks], kind="stable")
        self._ranks = ranks[self._order]
        counts = np.bincount(self._name.codes[ranks], minlength=len(self._name.values))
        self._starts: list[int] = [0, *np.cumsum(counts).tolist()]
        """Where the events of each name begin."""
        self._columns: dict[str, Written] = {}
        self._odd: dict[tuple[str, Rows], Ranks] = {}
        self._found: dict[tuple[str, str, Rows], Ranks | None] = {}

    def may_hold(self, sought: Sought) -> Ranks:
        """The events of the names sought in which a trace may stand."""
        traces = sought.traces or ()
        rows = [self._with(trace, span) for span in self._spans(sought.names) for trace in traces]
        return self._ranks[distinct(np.concatenate([np.empty(0, np.int64), *rows]))]

    def _spans(self, names: Sequence[str] | None) -> Iterator[Rows]:
        if names is None:
            yield 0, len(self._ranks)
            return
        for code in filter(None, map(self._name.positions.get, names)):
            first, end = self._starts[code], self._starts[code + 1]
            if first < end:
                yield first, end

    def _with(self, trace: Trace, span: Rows) -> Ranks:
        """The rows that have all texts of a trace, and those in which letters may be hidden."""
        rows: Ranks | None = None
        for text in trace.texts:
            holding = self._holding(trace.column, text, span)
            if holding is not None:
                rows = holding if rows is None else np.intersect1d(rows, holding, assume_unique=True)
            if rows is not None and not len(rows):
                break
        return np.arange(*span) if rows is None else np.concatenate((rows, self._odd_in(trace.column, span)))

    def _odd_in(self, column: str, span: Rows) -> Ranks:
        if (column, span) not in self._odd:
            first, end = span
            self._odd[column, span] = np.flatnonzero(self._written(column).odd[first:end]) + first
        return self._odd[column, span]

    def _holding(self, column: str, text: str, span: Rows) -> Ranks | None:
        """The rows with a text; None where these are many."""
        key = (column, text, span)
        if key not in self._found:
            self._found[key] = _holding(self._written(column), text.encode(), span)
        return self._found[key]

    def _written(self, column: str) -> Written:
        if column not in self._columns:
            self._columns[column] = self._rows.written(self._places, column, self._order)
        return self._columns[column]


def _holding(written: Written, text: bytes, span: Rows) -> Ranks | None:
    first, end = (int(written.bounds[row]) for row in span)
    rows: list[int] = []
    while (at := written.content.find(text, first, end)) >= 0:
        row = int(np.searchsorted(written.bounds, at, side="right")) - 1
        first = int(written.bounds[row + 1])
        if at + len(text) <= first:
            rows.append(row)
        if len(rows) > COMMON:
            return None
    return np.array(rows, np.int64)
