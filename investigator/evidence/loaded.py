"""The columns of few values of a snapshot, as codes, in the order of its events; each is read when first asked for."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from investigator.domain.columns import EXTRA
from investigator.evidence.part_columns import READERS, UNDATED, coded, row_count, times

COLUMNS = frozenset(
    "source name account region ip agent error outcome identity arn user key principal issuer session session_start "
    "mfa source_identity invoked_by actor read_only category event_type shared_id vpce issued_key kind".split()
)
TOGETHER = (
    tuple("name source outcome identity event_type issuer read_only error agent".split()),
    tuple("principal account key invoked_by ip region actor session arn user".split()),
)
"""Columns that are read in one go: rules ask all of them."""
Ranks = NDArray[np.int64]
"""Positions of events in the order of a snapshot."""
Places = NDArray[np.int64]
"""Row numbers through all parts."""
Codes = NDArray[np.unsignedinteger]
"""Of the narrowest unsigned type that holds them."""


class Coded:
    """One column: its values, null first as "", and the code of each event."""

    def __init__(self, table: Mapping[str | None, int], codes: Codes) -> None:
        self.codes = codes
        self.values = [value or "" for value in table]
        self.positions = {value: code for value, code in table.items() if value is not None}
        """Value to code; null has the code 0."""

    def filled(self, ranks: Ranks) -> Ranks:
        """Those of the rows that hold a text."""
        return np.compress(~self.is_text("", ranks), ranks)

    def texts(self, ranks: Ranks) -> list[str | None]:
        """What each of the events holds."""
        codes: list[int] = self.codes[ranks].tolist()
        return [self.values[code] if code else None for code in codes]

    def is_text(self, text: str, ranks: Ranks) -> NDArray[np.bool_]:
        """Which of the events hold this text; none is the same as an empty one."""
        wanted = np.zeros(len(self.values), np.bool_)
        wanted[self.positions.get(text, 0)] = text in self.positions
        wanted[0] = not text
        return np.take(wanted, self.codes[ranks])


class Columns:
    """All events of a snapshot, by (time, account, Region)."""

    def __init__(self, parts: Sequence[Path], kept: Sequence[Sequence[int]] | None = None) -> None:
        self.parts = parts
        self._lock = Lock()
        self._readers = ThreadPoolExecutor(READERS, "columns")
        self._columns: dict[str, Future[Mapping[str, Coded]]] = {}
        self._beside: dict[str, bool] = {}
        self.starts = np.cumsum([0, *map(row_count, parts)])
        """The place of the first row of each part, and the number of all places."""
        self._start_of = {str(part): int(start) for part, start in zip(parts, self.starts, strict=False)}
        self.places = self._all(kept)
        """Where each event stands: a row number through all parts."""
        self.places = self._ordered()

    def _all(self, kept: Sequence[Sequence[int]] | None) -> Places:
        if kept is None:
            return np.arange(int(self.starts[-1]), dtype=np.int64)
        places = (np.array(rows, np.int64) + start for rows, start in zip(kept, self.starts[:-1], strict=True))
        return np.concatenate([np.empty(0, np.int64), *places])

    def _ordered(self) -> Places:
        moments = np.concatenate([np.empty(0, np.int64), *map(times, self.parts)])[self.places]
        accounts, regions = self._read(("account", "region"), self.places).values()
        numbers = _rising(accounts) * len(regions.values) + _rising(regions)
        order = np.lexsort((numbers.astype(np.min_scalar_type(int(numbers.max(initial=0)))), moments))
        self.times = moments[order]
        self.dated = int(np.searchsorted(self.times, UNDATED))
        """How many events have a time; they come first."""
        return self.places[order]

    def __len__(self) -> int:
        return len(self.places)

    def column(self, name: str) -> Coded:
        """A column of COLUMNS."""
        return self._read_of(name).result()[name]

    def _read_of(self, name: str) -> Future[Mapping[str, Coded]]:
        with self._lock:
            if name not in self._columns:
                names = next((names for names in TOGETHER if name in names), (name,))
                self._columns.update(dict.fromkeys(names, self._readers.submit(self._read, names, self.places)))
            return self._columns[name]

    def warm(self) -> None:
        """Begin to read all columns of few values, beside what the caller does meanwhile."""
        for name in sorted(COLUMNS):
            self._read_of(name)

    def _read(self, names: Sequence[str], places: Places) -> Mapping[str, Coded]:
        """Some columns, with the codes of the events in these places."""
        tables: list[dict[str | None, int]] = [{None: 0} for _ in names]
        codes: list[list[NDArray[np.unsignedinteger]]] = [[np.empty(0, np.uint8)] for _ in names]
        for part in self.parts:
            for table, found, (values, own) in zip(tables, codes, coded(part, *names), strict=True):
                mapped = [*(table.setdefault(value, len(table)) for value in values), 0]
                found.append(np.array(mapped, np.min_scalar_type(len(table)))[own])
        read = ((np.concatenate(found)[places], table) for table, found in zip(tables, codes, strict=True))
        return {name: Coded(table, codes) for name, (codes, table) in zip(names, read, strict=True)}

    @cached_property
    def ties(self) -> Ranks:
        """A number for each event that rises with time, account and Region: the same where only ids differ."""
        marks = [self.times, *(self.column(name).codes for name in ("account", "region"))]
        rises = np.zeros(len(self), np.bool_)
        for mark in marks:
            rises[1:] |= mark[1:] != mark[:-1]
        return np.cumsum(rises, dtype=np.int64)

    def values(self, names: Sequence[str], row: int) -> tuple[str, ...]:
        """What some columns hold in one row."""
        return tuple(column.values[int(column.codes[row])] for column in map(self.column, names))

    def known(self, ranks: Ranks) -> Mapping[str, Sequence[str | None]]:
        """What these events hold in the columns of few values that were read by now."""
        with self._lock:
            read = {name: column.result()[name] for name, column in self._columns.items() if column.done()}
        return {name: column.texts(ranks) for name, column in sorted(read.items()) if name in COLUMNS}

    def has(self, names: Sequence[str]) -> bool:
        """Whether all of these are columns of few values."""
        return COLUMNS.issuperset(names)

    def beside(self, key: str) -> bool:
        """Whether a record may hold this key in a way of its own, beside the column for it."""
        if key not in self._beside:
            self._beside[key] = any(f'"{key}"' in extra for extra in self.column(EXTRA).values)
        return self._beside[key]

    def place_of(self, part: str, row: int) -> int:
        """The place of a row of a part."""
        return self._start_of[part] + row

    def ranks_at(self, places: Sequence[int]) -> Ranks:
        """The events in these places; copies of others are none."""
        ranks = self._by_place[np.array(places, np.int64)]
        return np.sort(np.compress(ranks >= 0, ranks))

    @cached_property
    def _by_place(self) -> Ranks:
        """The rank of the event in each place, -1 where none is."""
        ranks = np.full(self.starts[-1], -1, np.int64)
        ranks[self.places] = np.arange(len(self.places))
        return ranks


def _rising(column: Coded) -> NDArray[np.int64]:
    """Codes in the order of the values."""
    ranks = np.empty(len(column.values), np.int64)
    ranks[sorted(range(len(column.values)), key=column.values.__getitem__)] = np.arange(len(ranks))
    return ranks[column.codes]
