"""From a full batch to the columns of a part: what follows from distinct values is worked out once for each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

import msgspec
import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from investigator.domain.columns import RECORD_COLUMNS
from investigator.evidence.batch import PLAIN_JSON, SHAPE, Batch, Scalar, Shape
from investigator.evidence.coded import Coded, Codes, Table, combined
from investigator.evidence.derive import (
    ISSUING,
    SIGN_INS,
    is_known_version,
    issued_key,
    kind_of,
    moments,
    plain_name,
    sign_in_outcome,
)
from investigator.evidence.identity import IDENTITY_NAMES, Identity, identity_of
from investigator.evidence.schema import RARE_GROUP, ROW_GROUP

SHAPE_COLUMNS = ("eventSource", "awsRegion", "errorCode", "readOnly", "eventCategory", "eventType", "vpcEndpointId")
TEXT_COLUMNS = ("sourceIPAddress", "userAgent", "errorMessage", "sharedEventID")
"""Keys whose column is their text."""
EXTRA_SCALARS = (
    "eventVersion", "managementEvent", "apiVersion", "sessionCredentialFromConsole", "vpcEndpointAccountId",
)  # fmt: skip
EXTRA_JSON = ("tlsDetails", "serviceEventDetails", "addendum", "edgeDeviceDetails", "insightDetails")
"""Known keys without a column."""
RARE = 16


class Part:
    """The columns of one part, in the order of the batch."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._codes, self._kinds = batch.shapes.whole()
        self._shapes = list(map(_named, self._kinds))
        self._flags: dict[int, set[str]] = {row: set(words) for row, words in batch.flags.items()}
        self.ids: Sequence[str] = batch.ids
        self.request_ids: Sequence[str | None] = batch.request_ids
        self.places = np.concatenate(batch.places)
        self.times = self._times()
        self.plain = {key: batch.plain[key].taken() for key in PLAIN_JSON}
        self.coded = {**self._as_written(), **self._callers(), **self._calls(), "extra": self._extra()}
        self._check_versions()
        self.coded["flags"] = self._flag_texts()
        self.coded["src_file"] = _files(batch.files)

    def row_groups(self) -> Sequence[NDArray[np.int64]]:
        """The rows in groups, each of few callers; rare names, which cases look at most, stand together."""
        rare = self._of_rare_names()
        return [
            rows[group]
            for rows, by, size in (
                (np.flatnonzero(rare), "name", RARE_GROUP),
                (np.flatnonzero(~rare), "principal", ROW_GROUP),
            )
            if len(rows)
            for group in np.array_split(self._order(rows, by), -(-len(rows) // size))
        ]

    def _order(self, rows: NDArray[np.int64], by: str) -> NDArray[np.int64]:
        """Positions among the rows by a column and time, undated ones last."""
        numbers: dict[object, int] = {}
        column = self.coded[by]
        one_each = np.array([numbers.setdefault(value, len(numbers)) for value in column.values], np.int64)
        return np.lexsort((self.times[rows], one_each[column.codes[rows]]))

    def _of_rare_names(self) -> NDArray[np.bool_]:
        """Which rows have one of the least frequent names, of which no more rows are than one in RARE."""
        name = self.coded["name"]
        counts: Counter[str] = Counter()
        for value, count in zip(name.values, np.bincount(name.codes, minlength=len(name.values)).tolist(), strict=True):
            counts[str(value)] += count
        rising = sorted(counts, key=lambda value: (counts[value], value))
        upto = accumulate(counts[value] for value in rising)
        rare = {value for value, total in zip(rising, upto, strict=True) if total * RARE <= len(self.ids)}
        return np.array([str(value) in rare for value in name.values], np.bool_)[name.codes]

    def _times(self) -> NDArray[np.datetime64]:
        times = moments(self._batch.times)
        self._flag(np.flatnonzero(np.isnat(times)), "bad_time")
        return times

    def _as_written(self) -> dict[str, Coded]:
        """Columns that hold what the record says."""
        columns = {RECORD_COLUMNS[key]: self._of_shape(key) for key in SHAPE_COLUMNS}
        for key in TEXT_COLUMNS:
            codes, values = self._batch.texts[key].whole()
            columns[RECORD_COLUMNS[key]] = Coded(codes, list(map(_text, values)))
        columns["name"] = Coded(self._codes, [_applied_name(shape["eventName"]) for shape in self._shapes])
        columns["kind"] = Coded(self._codes, list(map(_kind, self._shapes)))
        return columns

    def _of_shape(self, key: str) -> Coded:
        return Coded(self._codes, [shape[key] for shape in self._shapes])

    def _callers(self) -> dict[str, Coded]:
        """What follows from userIdentity and the receiving account."""
        codes, raws = self._batch.nested["userIdentity"].whole()
        found = list(map(identity_of, raws))
        self._flag_codes(codes, {code: identity.flags for code, identity in enumerate(found) if identity.flags})
        fields = zip(*found, strict=True)
        return {
            "user_identity": Coded(codes, list(map(_json, raws))),
            **{name: Coded(codes, values) for name, values in zip(IDENTITY_NAMES, fields, strict=False)},
            **self._at_home(codes, found),
        }

    def _at_home(self, callers: Codes, found: Sequence[Identity]) -> dict[str, Coded]:
        """What the receiving account makes of a caller."""
        accounts: Table[str | None] = Table()
        of_shapes = np.array([accounts[shape["recipientAccountId"] or None] for shape in self._shapes], np.int32)
        codes, pairs = combined((callers, of_shapes[self._codes]))
        known = [(found[caller], accounts.in_order[account]) for caller, account in pairs]
        return {
            "actor": Coded(codes, [caller.actor(account) for caller, account in known]),
            "account": Coded(codes, [caller.account(account) for caller, account in known]),
        }

    def _calls(self) -> dict[str, Coded]:
        """What follows from name, error and, for a few names, the response."""
        telling = [shape["eventName"] in ISSUING or shape["eventName"] in SIGN_INS for shape in self._shapes]
        rows = np.flatnonzero(np.array(telling, np.bool_)[self._codes])
        codes = self._codes.copy()
        codes[rows] = np.arange(len(rows)) + len(telling)
        called: list[int] = self._codes[rows].tolist()
        answers = [b""] * len(telling) + self.plain["responseElements"].at(rows)
        shapes = [*self._shapes, *(self._shapes[code] for code in called)]
        found = [
            (shape["eventName"] or "", shape["errorCode"], answer)
            for shape, answer in zip(shapes, answers, strict=True)
        ]
        return {
            "outcome": Coded(codes, [sign_in_outcome(*call).value for call in found]),
            "issued_key": Coded(codes, [issued_key(*call) for call in found]),
        }

    def _extra(self) -> Coded:
        """The JSON object of all keys without a column; a name with a date suffix stands here as written."""
        columns = [(self._codes, list(map(_shape_members, self._kinds)))]
        for key in EXTRA_JSON:
            codes, values = self._batch.nested[key].whole()
            columns.append((codes, [_member(key, value) for value in values]))
        codes, values = self._batch.nested["rest"].whole()
        columns.append((codes, [value[1:-1] for value in values]))
        codes, tuples = combined([codes for codes, _ in columns])
        objects = [
            b",".join(filter(None, (values[code] for code, (_, values) in zip(found, columns, strict=True))))
            for found in tuples
        ]
        return Coded(codes, [b"{" + inner + b"}" if inner else None for inner in objects])

    def _check_versions(self) -> None:
        strange = {code for code, shape in enumerate(self._shapes) if not is_known_version(shape["eventVersion"])}
        self._flag_codes(self._codes, dict.fromkeys(strange, "unknown_version"))

    def _flag_codes(self, codes: Codes, words: Mapping[int, str]) -> None:
        """Flag the rows that have one of these codes."""
        if words:
            rows = np.flatnonzero(np.isin(codes, list(words)))
            for row, code in zip(rows.tolist(), codes[rows].tolist(), strict=True):
                self._flags.setdefault(row, set()).update(words[code].split())

    def _flag(self, rows: NDArray[np.int64], words: str) -> None:
        for row in rows.tolist():
            self._flags.setdefault(row, set()).update(words.split())

    def _flag_texts(self) -> Coded:
        table: dict[str | None, int] = {None: 0}
        codes = np.zeros(len(self.ids), np.int32)
        for row, words in self._flags.items():
            codes[row] = table.setdefault(" ".join(sorted(words)), len(table))
        return Coded(codes, list(table))


def _named(shape: Shape) -> Mapping[str, str | None]:
    return {key: _text(value) for key, value in zip(SHAPE, shape, strict=True)}


def _applied_name(name: str | None) -> str | None:
    return plain_name(name) if name else name


def _kind(shape: Mapping[str, str | None]) -> str:
    return kind_of(shape["eventCategory"], shape["eventType"], shape["managementEvent"], shape["eventSource"])


def _shape_members(values: Sequence[Scalar]) -> bytes:
    shape: dict[str, Scalar] = dict(zip(SHAPE, values, strict=True))
    kept: dict[str, Scalar] = {key: shape[key] for key in EXTRA_SCALARS}
    name = _text(shape["eventName"])
    if name and plain_name(name) != name:
        kept["eventName"] = name
    return b",".join(_member(key, value) for key, value in kept.items() if value is not UNSET)


def _files(files: Sequence[tuple[str, int]]) -> Coded:
    counts = [count for _, count in files]
    return Coded(np.repeat(np.arange(len(files), dtype=np.int32), counts), [sha256 for sha256, _ in files])


def _text(value: Scalar) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is UNSET or value is None else str(value)


def _json(value: bytes) -> bytes | None:
    return None if value in (b"", b"null") else value


def _member(key: str, value: Scalar | bytes) -> bytes:
    if value == b"":
        return b""
    return f'"{key}":'.encode() + (value if isinstance(value, bytes) else msgspec.json.encode(value))
