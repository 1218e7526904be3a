"""A batch of records as columns, filled a chunk at a time and proven free of repeated keys on the way.

A record written compactly is exactly as long as its known members are: a longer one holds white space, an unusual
escape or a repeated key, and is looked at closely.
"""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter

import msgspec
import numpy as np
from msgspec import UNSET, Raw, UnsetType
from numpy.typing import NDArray

from investigator.evidence.coded import Codes, Column, Sizes
from investigator.evidence.readers.record import NOTHING, tolerantly
from investigator.evidence.readers.rows import Rows
from investigator.evidence.readers.strict import NUL, is_plain, odd_ones
from investigator.evidence.readers.tolerant import BadRecord

SHAPE = (
    "eventVersion", "eventSource", "eventName", "awsRegion", "errorCode", "readOnly", "eventType", "apiVersion",
    "managementEvent", "recipientAccountId", "vpcEndpointId", "vpcEndpointAccountId", "eventCategory",
    "sessionCredentialFromConsole",
)  # fmt: skip
"""Keys of few values that are coded together: what records of one kind of call share."""
TEXTS = ("eventTime", "sourceIPAddress", "userAgent", "errorMessage", "sharedEventID")
CODED_JSON = (
    "userIdentity", "tlsDetails", "serviceEventDetails", "addendum", "edgeDeviceDetails", "insightDetails", "rest",
)  # fmt: skip
"""Nested values that repeat."""
PLAIN_JSON = ("requestParameters", "responseElements", "additionalEventData", "resources")
"""Nested values that seldom do."""
IDS = ("eventID", "requestID")

Scalar = str | bool | None | UnsetType
Shape = tuple[Scalar, ...]
Refusal = tuple[str, int]
"""Why a row was refused, and where it stands."""
_SHAPE, _TEXTS, _IDS = attrgetter(*SHAPE), attrgetter(*TEXTS), attrgetter(*IDS)
_CODED, _PLAIN = attrgetter(*CODED_JSON), attrgetter(*PLAIN_JSON)


class Batch:
    """Columns of records that will be one part."""

    def __init__(self) -> None:
        self.shapes: Column[Shape] = Column(_shape_size)
        self.texts: dict[str, Column[Scalar]] = {name: Column(partial(_text_size, name)) for name in TEXTS}
        self.nested: dict[str, Column[bytes]] = {name: Column(partial(_json_size, name)) for name in CODED_JSON}
        self.plain: dict[str, list[bytes]] = {name: [] for name in PLAIN_JSON}
        self.ids: list[str] = []
        self.request_ids: list[str | None] = []
        self.files: list[tuple[str, int]] = []
        """SHA-256 of each file and its number of rows here."""
        self.places: list[NDArray[np.int64]] = []
        """Row number, offset and length."""
        self.flags: dict[int, tuple[str, ...]] = {}
        self.bytes = 0
        self._odd: dict[str, tuple[int, set[int]]] = {name: (0, set()) for name in CODED_JSON}

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, sha256: str, rows: Rows) -> list[Refusal]:
        """Take rows of one file; gives those that could not be read after all."""
        refused: list[Refusal] = []
        if not len(rows):
            return refused
        codes, plain = self._encode(rows)
        if suspects := self._suspects(rows, codes, plain):
            rows, refused = _settled(rows, suspects)
            codes, plain = self._encode(rows)
        for column, chunk in zip(self._columns(), codes, strict=True):
            column.append(chunk)
        for held, values in zip(self.plain.values(), plain, strict=True):
            held.extend(values)
        self._take_ids(rows)
        self._take_places(sha256, rows)
        return refused

    def _columns(self) -> tuple[Column[Shape] | Column[Scalar] | Column[bytes], ...]:
        return (self.shapes, *self.texts.values(), *self.nested.values())

    def _encode(self, rows: Rows) -> tuple[list[Codes], list[list[bytes]]]:
        """The codes of the coded columns, and the nested values that are not coded."""
        if not len(rows):
            return [np.empty(0, np.int32) for _ in self._columns()], [[] for _ in PLAIN_JSON]
        codes = [self.shapes.encode(list(map(_SHAPE, rows.records)))]
        texts = zip(*map(_TEXTS, rows.records), strict=True)
        codes += [column.encode(values) for column, values in zip(self.texts.values(), texts, strict=True)]
        nested = zip(*map(_CODED, rows.records), strict=True)
        codes += [column.encode(_bytes(values)) for column, values in zip(self.nested.values(), nested, strict=True)]
        return codes, [_bytes(values) for values in zip(*map(_PLAIN, rows.records), strict=True)]

    def _suspects(self, rows: Rows, codes: list[Codes], plain: list[list[bytes]]) -> set[int]:
        """Positions of rows whose bytes are not accounted for, or whose nested values are not plain JSON."""
        expected = np.ones(len(rows), np.int64)
        for column, chunk in zip(self._columns(), codes, strict=True):
            expected += column.sizes(chunk)
        for name, values in zip(PLAIN_JSON, plain, strict=True):
            lengths = np.fromiter(map(len, values), np.int64, len(values))
            expected += np.where(lengths > 0, lengths + len(name) + 4, 0)
        for name, ids in zip(IDS, zip(*map(_IDS, rows.records), strict=True), strict=True):
            expected += _id_sizes(name, ids)
        actual = np.fromiter(map(len, rows.raws), np.int64, len(rows))
        self.bytes += int(actual.sum())
        suspects = set(np.flatnonzero(expected != actual).tolist())
        suspects.update(position for position, raw in enumerate(rows.raws) if NUL in raw)
        for values in plain:
            suspects.update(odd_ones(values))
        for name, chunk in zip(CODED_JSON, codes[1 + len(TEXTS) :], strict=True):
            if odd := self._odd_codes(name):
                suspects.update(np.flatnonzero(np.isin(chunk, list(odd))).tolist())
        return suspects - rows.checked

    def _odd_codes(self, name: str) -> set[int]:
        looked, odd = self._odd[name]
        values = self.nested[name].values
        if looked < len(values):
            odd.update(looked + position for position in odd_ones(values[looked:]))
            self._odd[name] = (len(values), odd)
        return odd

    def _take_places(self, sha256: str, rows: Rows) -> None:
        self.places.append(np.array((rows.numbers, rows.offsets, rows.lengths), np.int64).T)
        if self.files and self.files[-1][0] == sha256:
            self.files[-1] = (sha256, self.files[-1][1] + len(rows))
        else:
            self.files.append((sha256, len(rows)))

    def _take_ids(self, rows: Rows) -> None:
        start = len(self.ids)
        for position, record in enumerate(rows.records):
            if record.eventID:
                self.ids.append(f"ct:{record.eventID}")
            else:
                self.ids.append(f"sha256:{tolerantly(rows.raws[position], with_digest=True).digest}")
                rows.flags[position] = (*rows.flags.get(position, ()), "no_event_id")
        self.request_ids.extend([record.requestID or None for record in rows.records])
        self.flags.update((start + position, words) for position, words in rows.flags.items() if words)


def _bytes(values: Sequence[Raw]) -> list[bytes]:
    if values.count(NOTHING) == len(values):
        return [b""] * len(values)
    return list(map(bytes, values))


def _settled(rows: Rows, suspects: set[int]) -> tuple[Rows, list[Refusal]]:
    """Look closely at rows that do not add up: plain after all, read tolerantly, or no records at all."""
    gone: set[int] = set()
    refused: list[Refusal] = []
    for position in sorted(suspects):
        if is_plain(rows.raws[position]):
            continue
        try:
            rows.replace(position, tolerantly(rows.raws[position]))
        except BadRecord as reason:
            gone.add(position)
            refused.append((str(reason), rows.offsets[position]))
    return (rows.without(gone) if gone else rows), refused


def _id_sizes(name: str, ids: Sequence[str | UnsetType | None]) -> Sizes:
    overhead = len(name) + 6
    sizes = [0 if text is UNSET else overhead + 2 if text is None else overhead + len(text) for text in ids]
    return np.array(sizes, np.int64)


def _shape_size(shape: Shape) -> int:
    return sum(_text_size(name, value) for name, value in zip(SHAPE, shape, strict=True))


def _text_size(name: str, value: Scalar) -> int:
    return 0 if value is UNSET else len(name) + 4 + len(msgspec.json.encode(value))


def _json_size(name: str, value: bytes) -> int:
    if name == "rest":
        return max(0, len(value) - 1)
    return len(name) + 4 + len(value) if value else 0
