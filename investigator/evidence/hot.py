"""Questions that the columns in memory decide: who, what, where from and when; milliseconds for a million events."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from investigator.domain.columns import EXTRA, IDENTITY_COLUMNS, RECORD_COLUMNS
from investigator.domain.paths import parse_path
from investigator.domain.search import Operator, Search, Term
from investigator.evidence.distinct import counted, dense
from investigator.evidence.loaded import COLUMNS, Columns, Ranks
from investigator.evidence.search_sql import NULL

HOUR = 3_600_000_000
"""Microseconds."""
Decide = Callable[[Term, Sequence[str]], Iterable[int]]
"""Which of some values of a column fulfil a term, by position."""


_NOT_DECIDED = frozenset({"time", "id", "request_id", "error_message", "flags", "eventID", "eventTime"})


class Hot:
    """Searches and counts over the columns of a snapshot."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def select(self, where: Search, decide: Decide) -> tuple[Ranks, tuple[Term, ...]]:
        """The events that fulfil what the columns decide, and the terms that are left."""
        start, end = self._span(where)
        chosen: NDArray[np.bool_] | None = None
        rest: list[Term] = []
        for term in where.terms:
            column = hot_name(term)
            if column is None:
                rest.append(term)
                continue
            holds = self._holds(column, term, slice(start, end), decide)
            chosen = holds if chosen is None else chosen & holds
        ranks = np.arange(start, end) if chosen is None else np.flatnonzero(chosen) + start
        return ranks, tuple(rest)

    def also(self, ranks: Ranks, term: Term, decide: Decide) -> Ranks:
        """Those of the events that fulfil a term of a column."""
        return ranks[self._holds(hot_name(term) or "", term, ranks, decide)]

    def _span(self, where: Search) -> tuple[int, int]:
        if where.start is None and where.end is None:
            return 0, len(self._columns)
        start = int(np.searchsorted(self._columns.times, micros(where.start))) if where.start else 0
        end = int(np.searchsorted(self._columns.times, micros(where.end))) if where.end else self._columns.dated
        return start, max(start, end)

    def _holds(self, name: str, term: Term, span: slice | Ranks, decide: Decide) -> NDArray[np.bool_]:
        column = self._columns.column(name)
        codes = column.codes[span]
        if term.op is Operator.EQUALS:
            wanted = [column.positions[value] for value in term.values if value in column.positions]
        else:
            wanted = [code for code in decide(term, column.values) if code]
        if NULL in term.values:
            wanted.append(0)
        if len(wanted) == 1:
            holds = codes == wanted[0]
        else:
            lookup = np.zeros(len(column.values), np.bool_)
            lookup[wanted] = True
            holds = lookup[codes]
        return ~holds if term.negated else holds

    def counts(self, name: str, ranks: Ranks, most: int) -> dict[str, int]:
        """The most frequent values of a column in these rows, ties by the value; rows without one are not counted."""
        column = self._columns.column(name)
        numbers = np.bincount(column.codes[ranks], minlength=len(column.values))
        found = sorted((-int(numbers[code]), column.values[code]) for code in np.flatnonzero(numbers))
        return {value: -number for number, value in [pair for pair in found if pair[1]][:most]}

    def combined(self, names: Sequence[str], ranks: Ranks) -> tuple[Ranks, Ranks]:
        """Ranks in which every column holds something, and a small number for the combination of each."""
        columns = [self._columns.column(name) for name in names]
        for column in columns:
            ranks = column.filled(ranks)
        numbers = np.zeros(len(ranks), np.int64)
        for column in columns:
            numbers = dense(numbers * len(column.values) + column.codes[ranks])
        return ranks, numbers

    def firsts(self, names: Sequence[str], ranks: Ranks) -> Ranks:
        """The first row of each combination of values that some columns hold."""
        ranks, numbers = self.combined(names, ranks)
        first = np.zeros(int(numbers.max(initial=-1)) + 1, np.int64)
        first[numbers[::-1]] = ranks[::-1]
        return np.sort(first)

    def hours(self, ranks: Ranks) -> Iterator[tuple[datetime, int]]:
        """How many of the events fall in each hour, in order; undated ones in none."""
        moments = self._columns.times[ranks[: int(np.searchsorted(ranks, self._columns.dated))]]
        hours, numbers = counted(moments // HOUR)
        for hour, number in zip(hours.tolist(), numbers.tolist(), strict=True):
            yield moment(hour * HOUR), number

    def extent(self, ranks: Ranks) -> tuple[datetime | None, datetime | None]:
        """The first and last time in these rows."""
        dated = ranks[: int(np.searchsorted(ranks, self._columns.dated))]
        return (
            (moment(int(self._columns.times[dated[0]])), moment(int(self._columns.times[dated[-1]])))
            if len(dated)
            else (None, None)
        )

    def kinds(self, names: Sequence[str], ranks: Ranks) -> tuple[list[tuple[str | None, ...]], Ranks]:
        """The distinct combinations of what some columns hold, null included, and which of them each event has."""
        columns = [self._columns.column(name) for name in names]
        numbers = np.zeros(len(ranks), np.int64)
        for column in columns:
            numbers = dense(numbers * len(column.values) + column.codes[ranks])
        first: Ranks = np.zeros(int(numbers.max(initial=-1)) + 1, np.int64)
        first[numbers] = ranks
        texts = [column.texts(first) for column in columns]
        return list(zip(*texts, strict=True)), numbers

    def by_id(self, ranks: Ranks, ids: Sequence[str]) -> Sequence[str]:
        """The ids of ranks in order: where only the ids tell two events apart, by these."""
        ties = self._columns.ties[ranks]
        if not (ties[1:] == ties[:-1]).any():
            return ids
        ordered = list(ids)
        for start, end in _alike(ties):
            ordered[start:end] = sorted(ordered[start:end])
        return ordered

    def tied(self, ranks: Ranks, limit: int) -> Ranks:
        """The first rows up to a limit, and those that only their ids tell from the last one."""
        if len(ranks) <= limit:
            return ranks
        ties = self._columns.ties[ranks]
        end = np.searchsorted(ties, int(ties[limit - 1]), side="right") if limit else 0
        return ranks[: int(end)]


def common(many: Ranks, few: Ranks) -> Ranks:
    """Those of the few that are among the many; both are in order."""
    if not len(many):
        return many
    places = np.minimum(np.searchsorted(many, few), len(many) - 1)
    return np.compress(many[places] == few, few)


def _alike(rising: Ranks) -> Iterator[tuple[int, int]]:
    """Where several of some rising numbers are the same: the first place and the one behind the last."""
    edges = np.flatnonzero(np.diff(rising)) + 1
    starts, ends = np.append(0, edges), np.append(edges, len(rising))
    several = ends - starts > 1
    return zip(starts[several].tolist(), ends[several].tolist(), strict=True)


def hot_name(term: Term) -> str | None:
    """The column that decides a term, if one does."""
    if term.op is Operator.WORD:
        return None
    name = IDENTITY_COLUMNS.get(term.field, term.field)
    return name if name in COLUMNS else None


def deciding(term: Term) -> tuple[str, ...]:
    """The columns of few values that together decide a term; none when others have a say."""
    if term.op is Operator.WORD or term.field in _NOT_DECIDED:
        return ()
    try:
        keys = parse_path(term.field)
    except ValueError:
        return ()
    (head, picks), column = keys[0], RECORD_COLUMNS.get(keys[0][0], EXTRA)
    if column in ("user_identity", EXTRA):
        return (column,)
    return (column, EXTRA) if len(keys) == 1 and not picks and column in COLUMNS and head else ()


def micros(when: datetime) -> int:
    """Microseconds since 1970."""
    return round((when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)


def moment(micros: int) -> datetime:
    """The time of microseconds since 1970."""
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
