"""From a full batch to the columns of a part: what follows from distinct values is worked out once for each."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from investigator.domain.columns import RECORD_COLUMNS
from investigator.evidence.batch import Batch, Scalar
from investigator.evidence.coded import Coded, Codes, Column, combined
from investigator.evidence.derive import (
    ISSUING,
    SIGN_INS,
    is_known_version,
    issued_key,
    kind_of,
    moment,
    plain_name,
    sign_in_outcome,
)
from investigator.evidence.identity import IDENTITY_NAMES, identity_of
from investigator.evidence.readers.record import EXTRA_KEYS

TEXT_KEYS = (
    "eventSource", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage", "eventCategory",
    "eventType", "sharedEventID", "vpcEndpointId",
)  # fmt: skip
"""Scalar keys whose column is their text."""
JSON_KEYS = ("userIdentity", "requestParameters", "responseElements", "additionalEventData", "resources")


class Part:
    """The columns of one part, in the order of the batch."""

    def __init__(self, batch: Batch) -> None:
        self._scalars, self._raws, self._rows = batch.scalars, batch.raws, len(batch)
        self._flags: dict[int, set[str]] = {row: set(words) for row, words in batch.flags.items()}
        self.ids: Sequence[str] = batch.ids
        self.request_ids: Sequence[str | None] = batch.request_ids
        self.places = np.concatenate(batch.places)
        self.times = self._moments()
        self.read_only = self._truths("readOnly")
        self.coded = {**self._as_written(), **self._callers(), **self._calls(), **self._kinds(), "extra": self._extra()}
        self._check_versions()
        self.coded["flags"] = self._flag_texts()
        self.coded["src_file"] = _files(batch.files)

    def order(self) -> NDArray[np.int64]:
        """The rows by time, undated ones last."""
        return np.argsort(self.times, kind="stable")

    def _moments(self) -> NDArray[np.datetime64]:
        column = self._scalars["eventTime"]
        moments = np.array([moment(_text(value)) for value in column.table], "datetime64[us]")
        times = moments[column.codes()]
        self._flag(np.flatnonzero(np.isnat(times)), "bad_time")
        return times

    def _truths(self, key: str) -> Coded:
        column = self._scalars[key]
        return Coded(column.codes(), [_text(value) for value in column.table])

    def _as_written(self) -> dict[str, Coded]:
        columns = {RECORD_COLUMNS[key]: _texts(self._scalars[key]) for key in TEXT_KEYS}
        for key in JSON_KEYS:
            column = self._raws[key]
            columns[RECORD_COLUMNS[key]] = Coded(column.codes(), [_json(value) for value in column.table])
        return columns

    def _callers(self) -> dict[str, Coded]:
        """What follows from userIdentity and the receiving account."""
        raws, accounts = self._raws["userIdentity"], self._scalars["recipientAccountId"]
        raw_codes, account_codes = raws.codes(), accounts.codes()
        raw_values, account_values = list(raws.table), list(accounts.table)
        codes, firsts = combined((raw_codes, account_codes), self._rows)
        found = [
            identity_of(raw_values[raw_codes[row]], _text(account_values[account_codes[row]]) or None) for row in firsts
        ]
        for code, identity in enumerate(found):
            if identity.flags:
                self._flag(np.flatnonzero(codes == code), identity.flags)
        names = (*IDENTITY_NAMES, "account")
        return {name: Coded(codes, [getattr(identity, name) for identity in found]) for name in names}

    def _calls(self) -> dict[str, Coded]:
        """What follows from name, error and, for a few names, the response."""
        names, errors, answers = self._scalars["eventName"], self._scalars["errorCode"], self._raws["responseElements"]
        telling = [code for code, name in enumerate(names.table) if name in SIGN_INS or name in ISSUING]
        name_codes, error_codes = names.codes(), errors.codes()
        answer_codes = np.where(np.isin(name_codes, telling), answers.codes() + 1, 0).astype(np.int32)
        codes, firsts = combined((name_codes, error_codes, answer_codes), self._rows)
        name_texts, error_texts = list(map(_text, names.table)), list(map(_text, errors.table))
        responses = [b"", *answers.table]
        found = [
            _call(name_texts[name_codes[row]] or "", error_texts[error_codes[row]], responses[answer_codes[row]])
            for row in firsts
        ]
        return {
            "name": Coded(name_codes, [plain_name(name) if name else name for name in name_texts]),
            "outcome": Coded(codes, [outcome for outcome, _ in found]),
            "issued_key": Coded(codes, [key for _, key in found]),
        }

    def _kinds(self) -> dict[str, Coded]:
        columns = [self._scalars[key] for key in ("eventCategory", "eventType", "managementEvent", "eventSource")]
        columns_codes = [column.codes() for column in columns]
        columns_texts = [list(map(_text, column.table)) for column in columns]
        codes, firsts = combined(columns_codes, self._rows)
        found = [
            kind_of(*(texts[codes[row]] for codes, texts in zip(columns_codes, columns_texts, strict=True)))
            for row in firsts
        ]
        return {"kind": Coded(codes, found)}

    def _extra(self) -> Coded:
        """The JSON object of all keys without a column; a name with a date suffix stands here as written."""
        names = self._scalars["eventName"]
        dated = np.array([value != plain_name(_text(value) or "") for value in names.table], np.bool_)
        columns: dict[str, tuple[Codes, list[bytes]]] = {
            key: (column.codes(), [_member(key, value) for value in column.table])
            for key in EXTRA_KEYS
            for column in (self._scalars[key] if key in self._scalars else self._raws[key],)
        }
        shown = [_member("eventName", value) for value in names.table]
        name_codes = names.codes()
        columns["eventName"] = (np.where(dated[name_codes], name_codes + 1, 0).astype(np.int32), [b"", *shown])
        rest = self._raws["rest"]
        columns["rest"] = (rest.codes(), [value[1:-1] for value in rest.table])
        codes, firsts = combined((codes for codes, values in columns.values() if len(values) > 1), self._rows)
        objects = [
            b",".join(filter(None, (values[codes[row]] for codes, values in columns.values()))) for row in firsts
        ]
        return Coded(codes, [b"{" + members + b"}" if members else None for members in objects])

    def _check_versions(self) -> None:
        column = self._scalars["eventVersion"]
        for code, value in enumerate(column.table):
            if not is_known_version(_text(value)):
                self._flag(np.flatnonzero(column.codes() == code), "unknown_version")

    def _flag(self, rows: NDArray[np.int64], word: str) -> None:
        for row in rows.tolist():
            self._flags.setdefault(row, set()).update(word.split())

    def _flag_texts(self) -> Coded:
        texts: Column[str | None] = Column(_no_size)
        words: Mapping[int, str] = {row: " ".join(sorted(found)) for row, found in self._flags.items()}
        codes = texts.encode([None, *map(words.get, range(self._rows))])[1:]
        return Coded(codes, list(texts.table))


def _call(name: str, error: str | None, response: bytes) -> tuple[str, str | None]:
    outcome = sign_in_outcome(name, error, response).value
    return outcome, issued_key(name, response) if name in ISSUING and not error else None


def _files(files: Sequence[tuple[str, int]]) -> Coded:
    counts = [count for _, count in files]
    return Coded(np.repeat(np.arange(len(files), dtype=np.int32), counts), [sha256 for sha256, _ in files])


def _texts(column: Column[Scalar]) -> Coded:
    return Coded(column.codes(), [_text(value) for value in column.table])


def _text(value: Scalar) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is UNSET or value is None else str(value)


def _json(value: bytes) -> bytes | None:
    return None if value in (b"", b"null") else value


def _member(key: str, value: Scalar | bytes) -> bytes:
    if value is UNSET or value == b"":
        return b""
    return f'"{key}":'.encode() + (value if isinstance(value, bytes) else msgspec.json.encode(value))


def _no_size(_: str | None) -> int:
    return 0
