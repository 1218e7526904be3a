"""Crowds: events of one caller that stand so close together that a window holds many different values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from investigator.domain.expression import Crowd, Expression, Measure
from investigator.evidence.deciding import Decider
from investigator.evidence.distinct import dense, distinct
from investigator.evidence.engine import Engine
from investigator.evidence.hot import Hot
from investigator.evidence.loaded import Columns, Ranks
from investigator.evidence.outcomes import Outcomes
from investigator.evidence.whole_rows import WholeRows

Numbers = NDArray[np.int64]
NONE = -1
"""The number of what has no value."""
TABLE = 16_000_000
"""Pairs of caller and value up to which they are counted in a table of as many bytes."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What is counted: an event with its caller, time in microseconds and one number for each measure."""

    ranks: Ranks
    callers: Numbers
    times: Numbers
    values: tuple[Numbers, ...]

    def __len__(self) -> int:
        return len(self.ranks)

    def among(self, places: Numbers | NDArray[np.bool_]) -> "Entries":
        """Some of them."""
        values = tuple(value[places] for value in self.values)
        return Entries(self.ranks[places], self.callers[places], self.times[places], values)

    def valued(self, place: int, numbers: Numbers) -> "Entries":
        """The same with the numbers of one measure."""
        return Entries(self.ranks, self.callers, self.times, (*self.values[:place], numbers, *self.values[place + 1 :]))


class Crowds:
    """Finds crowds in one snapshot; requests are read only where enough events stand close together."""

    def __init__(self, engine: Engine, columns: Columns, decider: Decider, outcomes: Outcomes) -> None:
        self._engine, self._columns, self._decider, self._outcomes = engine, columns, decider, outcomes
        self._hot = Hot(columns)
        self._rows = WholeRows(columns.parts, columns.starts)

    def found(self, crowd: Crowd) -> Ranks:
        """The events of a crowd; undated ones are in none."""
        [ranks] = self._decider.sought([crowd.scope])
        least = [measure.least for measure in crowd.measures]
        ranks = ranks[ranks < self._columns.dated]
        plain = not any(measure.many for measure in crowd.measures)
        if plain and len(crowd.callers) > 1:  # who cannot reach the measures in all groups cannot in one of them
            some = self._entries(ranks, crowd.callers[:1], crowd.measures)
            ranks = some.ranks[able(some, least)]
        entries = self._entries(ranks, crowd.callers, crowd.measures)
        if plain:
            entries = entries.among(able(entries, least))
            entries = entries.among(crowded(entries, least, crowd.span))
        for place, measure in enumerate(crowd.measures):
            if measure.value is not None and self._is_read(measure.value) and len(entries):
                entries = self._read(entries, place, measure)
        return distinct(entries.ranks[crowded(entries, least, crowd.span)])

    def _entries(self, ranks: Ranks, groups: Sequence[Sequence[str]], measures: Sequence[Measure]) -> Entries:
        """The events that have a caller in every group."""
        ranks, callers = self._callers(ranks, groups)
        values = tuple(self._numbers(measure, ranks) for measure in measures)
        return Entries(ranks, callers, self._columns.times[ranks], values)

    def _callers(self, ranks: Ranks, groups: Sequence[Sequence[str]]) -> tuple[Ranks, Numbers]:
        """The events in which every group of columns holds something, and a number for each caller."""
        chosen: list[Numbers] = []
        for group in groups:
            numbers = np.zeros(len(ranks), np.int64)
            for name in reversed(group):
                column = self._columns.column(name)
                filled = ~column.is_text("", ranks)
                numbers[filled] = column.codes[ranks[filled]].astype(np.int64) * len(group) + group.index(name) + 1
            ranks, chosen = ranks[numbers > 0], [one[numbers > 0] for one in (*chosen, numbers)]
        joined = np.zeros(len(ranks), np.int64)
        for numbers in chosen:
            joined = dense(joined * (int(numbers.max(initial=0)) + 1) + numbers)
        return ranks, joined

    def _numbers(self, measure: Measure, ranks: Ranks) -> Numbers:
        """A number for each value; until requests are read, and without a value, one for each event."""
        if measure.value is None or self._is_read(measure.value):
            return np.arange(len(ranks))
        kinds, own = self._hot.kinds(measure.value.columns, ranks)
        values = self._outcomes.values(measure.value, kinds)
        numbers = {value: number for number, value in enumerate(sorted({*values} - {""}))}
        return np.array([numbers.get(value, NONE) for value in values], np.int64)[own]

    def _is_read(self, value: Expression) -> bool:
        return not self._columns.has(value.columns)

    def _read(self, entries: Entries, place: int, measure: Measure) -> Entries:
        """The entries with what their records say; one for each element of a list."""
        if measure.value is None:
            return entries
        ranks = distinct(entries.ranks)
        ranks = ranks[np.argsort(self._columns.places[ranks])]
        rows = self._rows.at(self._columns.places[ranks], measure.value.columns, {"rank": ranks.tolist()})
        value = f"unnest({measure.value.sql})" if measure.many else measure.value.sql
        of, numbers = self._engine.numbered(f"SELECT rank, {value} FROM fetched", rows)
        order = np.argsort(of, kind="stable")
        starts, ends = (np.searchsorted(of[order], entries.ranks, side=side) for side in ("left", "right"))
        again = np.repeat(np.arange(len(entries)), ends - starts)
        first = np.repeat(np.cumsum(ends - starts) - (ends - starts), ends - starts)
        values = numbers[order[starts[again] + np.arange(len(again)) - first]]
        return entries.among(again).valued(place, values)


def able(entries: Entries, least: Sequence[int]) -> NDArray[np.bool_]:
    """The entries of callers that reach every measure over all time; where telling is cheap, which it mostly is."""
    callers = int(entries.callers.max(initial=-1)) + 1
    reached = np.ones(callers, np.bool_)
    for enough, values in zip(least, entries.values, strict=True):
        width = int(values.max(initial=NONE)) + 2
        if callers * width <= max(TABLE, len(entries)):
            seen = np.zeros((callers, width), np.bool_)
            seen[entries.callers, values] = True
            reached &= seen[:, :NONE].sum(axis=1) >= enough
        else:
            reached &= np.bincount(entries.callers, minlength=callers) >= enough
    return reached[entries.callers]


def crowded(entries: Entries, least: Sequence[int], span: timedelta) -> NDArray[np.bool_]:
    """Which entries stand in a window, both ends included, in which their caller reaches every measure."""
    order = np.lexsort((entries.times, entries.callers))
    found = np.empty(len(entries), np.bool_)
    found[order] = _crowded(entries.among(order), least, round(span.total_seconds() * 1_000_000))
    return found


def _crowded(entries: Entries, least: Sequence[int], micros: int) -> NDArray[np.bool_]:
    """The same for entries by caller and time."""
    moments = np.sort(np.concatenate((entries.times, entries.times + micros)), kind="stable")
    starts = entries.callers * (len(moments) + 1)
    ends = starts + np.searchsorted(moments, entries.times + micros)
    starts = starts + np.searchsorted(moments, entries.times)
    reached = np.ones(len(entries), np.bool_)
    for enough, values in zip(least, entries.values, strict=True):
        reached &= _different(starts, ends, values) >= enough
    last = np.append(starts[reached], np.iinfo(np.int64).max)
    return last[np.searchsorted(last, starts)] <= ends


def _different(starts: Numbers, ends: Numbers, values: Numbers) -> Numbers:
    """How many values the window before each entry holds: each is in all windows that end from its start to its end.

    Starts and ends are numbers that rise with caller and time, and so do the entries.
    """
    order = np.argsort(values, kind="stable")
    order = order[values[order] != NONE]
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(values[order]) != 0) | (starts[order][1:] > ends[order][:-1])
    begun = np.sort(starts[order][first])
    ended = np.sort(ends[order][np.append(first[1:], True)[: len(order)]])
    return np.searchsorted(begun, starts, side="right") - np.searchsorted(ended, starts, side="left")
