"""A batch of records as columns, filled a run at a time and proven free of repeated keys on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import Raw, UnsetType
from msgspec.structs import astuple
from numpy.typing import NDArray

from investigator.evidence.coded import Codes, Column
from investigator.evidence.json_column import JsonColumn, JsonRun
from investigator.evidence.readers.record import NESTED, NOTHING, TRUTHS, Record, tolerantly
from investigator.evidence.readers.record import TEXTS as RECORD_TEXTS
from investigator.evidence.readers.rows import Rows
from investigator.evidence.readers.strict import is_all_plain, odd_ones
from investigator.evidence.settling import settled, unaccounted
from investigator.evidence.sources import Source, Waiting

SHAPE = (
    "eventVersion", "eventSource", "eventName", "awsRegion", "errorCode", "readOnly", "eventType", "apiVersion",
    "managementEvent", "recipientAccountId", "vpcEndpointId", "vpcEndpointAccountId", "eventCategory",
    "sessionCredentialFromConsole",
)  # fmt: skip
"""Keys of few values that are coded together: what records of one kind of call share."""
TEXTS = ("sourceIPAddress", "userAgent", "errorMessage", "sharedEventID")
CODED_JSON = (
    "userIdentity", "tlsDetails", "serviceEventDetails", "addendum", "edgeDeviceDetails", "insightDetails", "rest",
)  # fmt: skip
"""Nested values that repeat."""
PLAIN_JSON = ("requestParameters", "responseElements", "additionalEventData", "resources")
"""Nested values that seldom do."""

SINGLE = ("eventID", "requestID", "eventTime")
"""Texts that are not coded."""

Scalar = str | bool | None | UnsetType
Shape = tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """Some rows as columns: the codes of those that are coded, the values of those that are not."""

    codes: list[Codes]
    plain: list[JsonRun]
    ids: Sequence[str | None]
    request_ids: Sequence[str | None]
    times: Sequence[str | None]


class Batch:
    """Columns of records that will be one part."""

    def __init__(self) -> None:
        self.shapes: Column[Shape] = Column()
        self.texts: dict[str, Column[Scalar]] = {name: Column() for name in TEXTS}
        self.nested: dict[str, Column[bytes]] = {name: Column() for name in CODED_JSON}
        self.plain = {name: JsonColumn() for name in PLAIN_JSON}
        self.ids: list[str] = []
        self.request_ids: list[str | None] = []
        self.times: list[str | None] = []
        self.files: list[tuple[str, int]] = []
        """SHA-256 of each file and its number of rows here."""
        self.places: list[NDArray[np.int64]] = []
        """Row number, offset and length."""
        self.flags: dict[int, tuple[str, ...]] = {}
        self.bytes = 0
        self._waiting = Waiting()
        self._written = bytearray()
        self._looked: dict[str, int] = dict.fromkeys(CODED_JSON, 0)
        self._odd: dict[str, set[int]] = {name: set() for name in CODED_JSON}
        """Codes of values that are not plain, among those that were looked at."""

    def __len__(self) -> int:
        return len(self.ids) + self._waiting.count

    def add(self, source: Source, rows: Rows) -> None:
        """Take rows of one file; many small files become columns together."""
        self._waiting.add(source, rows)
        if self._waiting.is_enough:
            self.settle()

    def settle(self) -> None:
        """Turn the rows that wait into columns; the sources are told of those that could not be read after all."""
        waiting, self._waiting = self._waiting, Waiting()
        rows = waiting.together()
        self.bytes += waiting.bytes
        run = self._encode(rows)
        if suspects := (unaccounted(rows, self._written) | self._not_plain(run)) - rows.checked:
            rows, refused = settled(rows, suspects)
            waiting.refuse(refused)
            run = self._encode(rows)
        self._append(rows, run)
        for sha256, count in waiting.counts():
            self._count(sha256, count)

    def _append(self, rows: Rows, run: _Run) -> None:
        for column, codes in zip(self._columns(), run.codes, strict=True):
            column.append(codes)
        for column, values in zip(self.plain.values(), run.plain, strict=True):
            column.append(values)
        self._take_ids(rows, run)
        self.times += run.times
        self.places.append(np.array((rows.numbers, rows.offsets, rows.lengths), np.int64).T)

    def _columns(self) -> tuple[Column[Shape] | Column[Scalar] | Column[bytes], ...]:
        return (self.shapes, *self.texts.values(), *self.nested.values())

    def _encode(self, rows: Rows) -> _Run:
        scalars, raws = _fields(rows)
        codes = [self.shapes.encode(list(zip(*(scalars[name] for name in SHAPE), strict=True)))]
        codes += [column.encode(scalars[name]) for name, column in self.texts.items()]
        codes += [column.encode(_bytes(raws[name])) for name, column in self.nested.items()]
        single = [_present(scalars[name]) for name in SINGLE]
        return _Run(codes, [JsonRun.of(raws[name]) for name in PLAIN_JSON], *single)

    def _not_plain(self, run: _Run) -> set[int]:
        """Positions of rows with a nested value that readers of JSON may take differently."""
        new = {name: column.values[self._looked[name] :] for name, column in self.nested.items()}
        known = [value for values in new.values() for value in values if value]
        joined = b",".join(filter(None, (*(values.joined for values in run.plain), *known)))
        longest = max(*(int(values.lengths.max(initial=0)) for values in run.plain), *map(len, known), 0)
        found: set[int] = set()
        if not is_all_plain(b"[" + joined + b"]", longest):
            found.update(position for values in run.plain for position in odd_ones(values.values()))
            for name, values in new.items():
                self._odd[name].update(self._looked[name] + position for position in odd_ones(values))
        self._looked = {name: len(column.values) for name, column in self.nested.items()}
        for name, codes in zip(CODED_JSON, run.codes[1 + len(TEXTS) :], strict=True):
            if odd := self._odd[name]:
                found.update(np.flatnonzero(np.isin(codes, list(odd))).tolist())
        return found

    def _count(self, sha256: str, count: int) -> None:
        if self.files and self.files[-1][0] == sha256:
            count += self.files.pop()[1]
        if count:
            self.files.append((sha256, count))

    def _take_ids(self, rows: Rows, run: _Run) -> None:
        start = len(self.ids)
        ids = [f"ct:{id_}" for id_ in run.ids]
        for position in (position for position, id_ in enumerate(run.ids) if not id_):
            rows.flags[position] = (*rows.flags.get(position, ()), "no_event_id")
            ids[position] = _named_by_content(bytes(rows.raws[position]))
        self.ids += ids
        self.request_ids += run.request_ids
        self.flags.update((start + position, words) for position, words in rows.flags.items() if words)


def _fields(rows: Rows) -> tuple[Mapping[str, Sequence[Scalar]], Mapping[str, Sequence[Raw]]]:
    """The values of all rows by key: texts and truths, and nested ones."""
    columns = dict(zip(Record.__struct_fields__, zip(*map(astuple, rows.records), strict=True), strict=False))
    scalars = {name: columns.get(name, ()) for name in (*RECORD_TEXTS, *TRUTHS)}
    return scalars, {name: columns.get(name, ()) for name in (*NESTED, "rest")}


def _present(texts: Sequence[Scalar]) -> list[str | None]:
    return [text if isinstance(text, str) and text else None for text in texts]


def _bytes(values: Sequence[Raw]) -> list[bytes]:
    if values.count(NOTHING) == len(values):
        return [b""] * len(values)
    return list(map(bytes, values))


def _named_by_content(raw: bytes) -> str:
    return f"sha256:{tolerantly(raw, with_digest=True).digest}"
