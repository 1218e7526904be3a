"""From a full batch to the columns of a part: what follows from distinct values is worked out once for each."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from investigator.domain.columns import RECORD_COLUMNS
from investigator.evidence.batch import PLAIN_JSON, SHAPE, Batch, Scalar, Shape
from investigator.evidence.coded import Coded, Codes, Column, coded, combined
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
from investigator.evidence.identity import IDENTITY_NAMES, identity_of

SHAPE_COLUMNS = ("eventSource", "awsRegion", "errorCode", "readOnly", "eventCategory", "eventType", "vpcEndpointId")
TEXT_COLUMNS = ("sourceIPAddress", "userAgent", "errorMessage", "sharedEventID")
"""Keys whose column is their text."""
EXTRA_SCALARS = (
    "eventVersion", "managementEvent", "apiVersion", "sessionCredentialFromConsole", "vpcEndpointAccountId",
)  # fmt: skip
EXTRA_JSON = ("tlsDetails", "serviceEventDetails", "addendum", "edgeDeviceDetails", "insightDetails")
"""Known keys without a column."""


class Part:
    """The columns of one part, in the order of the batch."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._codes = batch.shapes.codes()
        self._shapes = list(map(_named, batch.shapes.values))
        self._flags: dict[int, set[str]] = {row: set(words) for row, words in batch.flags.items()}
        self.ids: Sequence[str] = batch.ids
        self.request_ids: Sequence[str | None] = batch.request_ids
        self.places = np.concatenate(batch.places)
        self.times = self._times()
        self.plain = {RECORD_COLUMNS[key]: list(map(_json, batch.plain[key])) for key in PLAIN_JSON}
        self.coded = {**self._as_written(), **self._callers(), **self._calls(), "extra": self._extra()}
        self._check_versions()
        self.coded["flags"] = self._flag_texts()
        self.coded["src_file"] = _files(batch.files)

    def order(self) -> NDArray[np.int64]:
        """The rows by time, undated ones last."""
        return np.argsort(self.times, kind="stable")

    def _times(self) -> NDArray[np.datetime64]:
        column = self._batch.texts["eventTime"]
        times = moments([_text(value) for value in column.values])[column.codes()]
        self._flag(np.flatnonzero(np.isnat(times)), "bad_time")
        return times

    def _as_written(self) -> dict[str, Coded]:
        """Columns that hold what the record says."""
        columns = {RECORD_COLUMNS[key]: self._of_shape(key) for key in SHAPE_COLUMNS}
        for key in TEXT_COLUMNS:
            column = self._batch.texts[key]
            columns[RECORD_COLUMNS[key]] = coded(column.codes(), map(_text, column.values))
        identities = self._batch.nested["userIdentity"]
        columns["user_identity"] = coded(identities.codes(), map(_json, identities.values))
        columns["name"] = coded(self._codes, [_applied_name(shape["eventName"]) for shape in self._shapes])
        columns["kind"] = coded(self._codes, map(_kind, self._shapes))
        return columns

    def _of_shape(self, key: str) -> Coded:
        return coded(self._codes, [shape[key] for shape in self._shapes])

    def _callers(self) -> dict[str, Coded]:
        """What follows from userIdentity and the receiving account."""
        accounts = self._of_shape("recipientAccountId")
        column = self._batch.nested["userIdentity"]
        raws = column.codes()
        codes, pairs = combined((raws, accounts.codes))
        found = [identity_of(column.values[raw], _as_text(accounts.values[account])) for raw, account in pairs]
        self._flag_codes(codes, {code: identity.flags for code, identity in enumerate(found) if identity.flags})
        names = (*IDENTITY_NAMES, "account")
        return {name: coded(codes, [getattr(identity, name) for identity in found]) for name in names}

    def _calls(self) -> dict[str, Coded]:
        """What follows from name, error and, for a few names, the response."""
        telling = np.array([shape["eventName"] in ISSUING or shape["eventName"] in SIGN_INS for shape in self._shapes])
        responses: Column[bytes] = Column(len)
        rows = np.flatnonzero(telling[self._codes])
        answers = np.zeros(len(self._codes), np.int32)
        answers[rows] = responses.encode([self._batch.plain["responseElements"][row] for row in rows.tolist()]) + 1
        codes, pairs = combined((self._codes, answers))
        by_code = [b"", *responses.values]
        asked = [(self._shapes[shape], by_code[answer]) for shape, answer in pairs]
        found = [(shape["eventName"] or "", shape["errorCode"], response) for shape, response in asked]
        return {
            "outcome": coded(codes, [sign_in_outcome(*call).value for call in found]),
            "issued_key": coded(codes, [issued_key(*call) for call in found]),
        }

    def _extra(self) -> Coded:
        """The JSON object of all keys without a column; a name with a date suffix stands here as written."""
        columns = [(self._codes, [_shape_members(shape) for shape in self._batch.shapes.values])]
        for key in EXTRA_JSON:
            column = self._batch.nested[key]
            columns.append((column.codes(), [_member(key, value) for value in column.values]))
        rest = self._batch.nested["rest"]
        columns.append((rest.codes(), [value[1:-1] for value in rest.values]))
        codes, tuples = combined([codes for codes, _ in columns])
        objects = [
            b",".join(filter(None, (values[code] for code, (_, values) in zip(found, columns, strict=True))))
            for found in tuples
        ]
        return coded(codes, [b"{" + inner + b"}" if inner else None for inner in objects])

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


def _as_text(value: str | bytes | None) -> str | None:
    return value if isinstance(value, str) and value else None


def _json(value: bytes) -> bytes | None:
    return None if value in (b"", b"null") else value


def _member(key: str, value: Scalar | bytes) -> bytes:
    if value == b"":
        return b""
    return f'"{key}":'.encode() + (value if isinstance(value, bytes) else msgspec.json.encode(value))
