"""A batch of records as columns, filled a chunk at a time and proven free of repeated keys on the way.

A record written compactly is exactly as long as its known members are: a longer one holds white space, an unusual
escape or a repeated key, and is looked at closely. Nested values are checked once for each distinct value.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType
from numpy.typing import NDArray

from investigator.evidence.coded import Codes, Column
from investigator.evidence.readers.record import NESTED, TEXTS, TRUTHS, Parsed, tolerantly
from investigator.evidence.readers.strict import is_plain, odd_ones
from investigator.evidence.readers.tolerant import BadRecord

PLAIN = ("eventID", "requestID")
SCALARS = tuple(name for name in (*TEXTS, *TRUTHS) if name not in PLAIN)
RAWS = (*NESTED, "rest")

Scalar = str | bool | None | UnsetType


@dataclass(slots=True)
class Row:
    """A parsed record with the bytes it was parsed from and where they stand."""

    raw: bytes
    parsed: Parsed
    number: int
    offset: int | None = None
    length: int | None = None


class Batch:
    """Columns of records that will be one part."""

    def __init__(self) -> None:
        self.scalars: dict[str, Column[Scalar]] = {name: Column(_scalar_size(name)) for name in SCALARS}
        self.raws: dict[str, Column[bytes]] = {name: Column(_raw_size(name)) for name in RAWS}
        self.ids: list[str] = []
        self.request_ids: list[str | None] = []
        self.files: list[tuple[str, int]] = []
        """SHA-256 of each file and its number of rows here."""
        self.places: list[NDArray[np.int64]] = []
        self.flags: dict[int, tuple[str, ...]] = {}
        self.bytes = 0
        self._looked: dict[str, int] = dict.fromkeys(NESTED, 0)
        self._odd: dict[str, set[int]] = {name: set() for name in NESTED}

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, sha256: str, rows: list[Row]) -> int:
        """Take rows of one file; gives how many could not be read after all."""
        codes = self._encode(rows)
        suspects = self._suspects(rows, codes)
        kept = [row for position, row in enumerate(rows) if position not in suspects or _settled(row)]
        if suspects:
            codes = self._encode(kept)
        for column, chunk in zip((*self.scalars.values(), *self.raws.values()), codes, strict=True):
            column.append(chunk)
        self._take_places(sha256, kept)
        self._take_ids(kept)
        return len(rows) - len(kept)

    def _encode(self, rows: Sequence[Row]) -> list[Codes]:
        records = [row.parsed.record for row in rows]
        scalars = _transposed(map(attrgetter(*SCALARS), records), len(SCALARS))
        raws = _transposed(map(attrgetter(*RAWS), records), len(RAWS))
        codes = [column.encode(values) for column, values in zip(self.scalars.values(), scalars, strict=True)]
        for column, values in zip(self.raws.values(), raws, strict=True):
            codes.append(column.encode(list(map(bytes, values))))
        return codes

    def _suspects(self, rows: Sequence[Row], codes: list[Codes]) -> set[int]:
        """Positions of rows whose bytes are not accounted for, or whose nested values are not plain."""
        expected = np.ones(len(rows), np.int64)
        for column, chunk in zip((*self.scalars.values(), *self.raws.values()), codes, strict=True):
            expected += column.sizes(chunk)
        for name in PLAIN:
            expected += np.fromiter((_text_size(name, getattr(row.parsed.record, name)) for row in rows), np.int64)
        actual = np.fromiter((len(row.raw) for row in rows), np.int64)
        suspects = set(np.flatnonzero(expected != actual).tolist())
        for name, chunk in zip(NESTED, codes[len(SCALARS) :], strict=False):
            odd = self._odd_codes(name)
            if odd:
                suspects.update(np.flatnonzero(np.isin(chunk, list(odd))).tolist())
        return {position for position in suspects if not rows[position].parsed.checked}

    def _odd_codes(self, name: str) -> set[int]:
        known = self._looked[name]
        values = list(self.raws[name].table)
        self._odd[name].update(known + position for position in odd_ones(values[known:]))
        self._looked[name] = len(values)
        return self._odd[name]

    def _take_places(self, sha256: str, rows: Sequence[Row]) -> None:
        places = [(row.number, -1 if row.offset is None else row.offset, row.length or -1) for row in rows]
        self.places.append(np.array(places, np.int64).reshape(-1, 3))
        self.bytes += sum(len(row.raw) for row in rows)
        if self.files and self.files[-1][0] == sha256:
            self.files[-1] = (sha256, self.files[-1][1] + len(rows))
        else:
            self.files.append((sha256, len(rows)))

    def _take_ids(self, rows: Sequence[Row]) -> None:
        for row in rows:
            record, flags = row.parsed.record, row.parsed.flags
            if record.eventID:
                self.ids.append(f"ct:{record.eventID}")
            else:
                self.ids.append(f"sha256:{row.parsed.digest or tolerantly(row.raw, with_digest=True).digest}")
                flags = (*flags, "no_event_id")
            self.request_ids.append(record.requestID or None)
            if flags:
                self.flags[len(self.ids) - 1] = flags


def _settled(row: Row) -> bool:
    """Look closely at a row that does not add up: plain after all, or read tolerantly; False when it holds no record."""
    if is_plain(row.raw):
        return True
    try:
        mended = tolerantly(row.raw)
    except BadRecord:
        return False
    mended.flags = (*row.parsed.flags, *mended.flags)
    row.parsed = mended
    return True


def _transposed(rows: Iterable[tuple[object, ...]], width: int) -> list[tuple[object, ...]]:
    return list(zip(*rows, strict=True)) or [()] * width


def _text_size(name: str, value: str | None | UnsetType) -> int:
    if value is UNSET:
        return 0
    return len(name) + 8 if value is None else len(name) + 6 + len(value)


def _scalar_size(name: str) -> Callable[[Scalar], int]:
    overhead = len(name) + 4
    return lambda value: 0 if value is UNSET else overhead + len(msgspec.json.encode(value))


def _raw_size(name: str) -> Callable[[bytes], int]:
    if name == "rest":
        return lambda value: max(0, len(value) - 1)
    overhead = len(name) + 4
    return lambda value: overhead + len(value) if value else 0
