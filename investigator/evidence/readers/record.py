# ruff: noqa: N815  (field names are those of the wire)
"""One CloudTrail record: strictly typed when it is as AWS writes it, tolerantly read when it is not.

The strict form keeps nested values as the raw bytes that stood in the file. A record that the strict form refuses
(an unknown key, a number where text belongs, an escape that no encoder of ours writes) is read again by `tolerant`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from investigator.evidence.readers.tolerant import NOT_JSON, BadRecord, Mended, mend

Text = str | None | UnsetType
Truth = bool | None | UnsetType
NOTHING = Raw()

LARGEST_RECORD = 16 * 2**20
"""Bytes of one record."""


class Record(Struct, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """The record dictionary of specification 9.6, and `rest`, the JSON object of all other keys.

    The fields stand in the order in which AWS writes them: the decoder looks for the next one first.
    """

    eventVersion: Text = UNSET
    userIdentity: Raw = NOTHING
    eventTime: Text = UNSET
    eventSource: Text = UNSET
    eventName: Text = UNSET
    awsRegion: Text = UNSET
    sourceIPAddress: Text = UNSET
    userAgent: Text = UNSET
    errorCode: Text = UNSET
    errorMessage: Text = UNSET
    requestParameters: Raw = NOTHING
    responseElements: Raw = NOTHING
    additionalEventData: Raw = NOTHING
    requestID: Text = UNSET
    eventID: Text = UNSET
    readOnly: Truth = UNSET
    resources: Raw = NOTHING
    eventType: Text = UNSET
    apiVersion: Text = UNSET
    managementEvent: Truth = UNSET
    recipientAccountId: Text = UNSET
    sharedEventID: Text = UNSET
    serviceEventDetails: Raw = NOTHING
    vpcEndpointId: Text = UNSET
    vpcEndpointAccountId: Text = UNSET
    eventCategory: Text = UNSET
    addendum: Raw = NOTHING
    sessionCredentialFromConsole: Text = UNSET
    edgeDeviceDetails: Raw = NOTHING
    tlsDetails: Raw = NOTHING
    insightDetails: Raw = NOTHING
    rest: Raw = NOTHING
    """Not of the wire: a record that holds this key is read tolerantly."""


TEXTS = tuple(name for name, kind in Record.__annotations__.items() if kind == Text)
TRUTHS = tuple(name for name, kind in Record.__annotations__.items() if kind == Truth)
NESTED = tuple(name for name, kind in Record.__annotations__.items() if kind == Raw and name != "rest")
EXTRA_KEYS = (
    "eventVersion", "managementEvent", "apiVersion", "sessionCredentialFromConsole", "vpcEndpointAccountId",
    "tlsDetails", "serviceEventDetails", "addendum", "edgeDeviceDetails", "insightDetails",
)  # fmt: skip
"""The known keys that have no column and stand in `extra`."""

_DECODER = msgspec.json.Decoder(Record)
_MEMBERS = msgspec.json.Decoder(dict[str, Raw])
_KNOWN = frozenset(Record.__annotations__) - {"rest"}


@dataclass(slots=True)
class Parsed:
    """A record with the words for its oddities and, where nothing else gives one, its canonical digest."""

    record: Record
    flags: tuple[str, ...] = ()
    digest: str | None = None
    checked: bool = False
    """Read tolerantly: a repeated key would have been seen."""


@dataclass(slots=True)
class Wrapped:
    """The bytes of a record, where they or their wrapper stand, and the time that the wrapper gives."""

    raw: bytes
    offset: int
    length: int
    when: str | None = None
    depth: int = 0
    """Wrappers taken off."""
    flags: tuple[str, ...] = ()
    """Words for the form that the record was taken from."""


def all_strictly(raws: Sequence[bytes]) -> list[Record] | None:
    """The records of a run, or None when the strict form refuses one of them."""
    try:
        return list(map(_DECODER.decode, raws)) if max(map(len, raws)) <= LARGEST_RECORD else None
    except NOT_JSON:
        return None


def strictly(raw: bytes) -> Record | None:
    """The record, or None when the strict form refuses it."""
    try:
        return _DECODER.decode(raw)
    except NOT_JSON:
        return _with_rest(raw)


def _with_rest(raw: bytes) -> Record | None:
    try:
        members = _MEMBERS.decode(raw)
        if len(raw) > 2 and "rest" not in members:
            known = _object({key: value for key, value in members.items() if key in _KNOWN})
            record = _DECODER.decode(known)
            record.rest = Raw(_object({key: value for key, value in members.items() if key not in _KNOWN}))
            return record
    except NOT_JSON:
        return None
    return None


def _object(members: dict[str, Raw]) -> bytes:
    return b"{" + b",".join(msgspec.json.encode(key) + b":" + bytes(value) for key, value in members.items()) + b"}"


def tolerantly(raw: bytes, *, with_digest: bool = False) -> Parsed:
    """The record, whatever it takes; raises BadRecord for bytes that hold none."""
    if len(raw) > LARGEST_RECORD:
        raise BadRecord("oversize")
    mended = mend(raw, TEXTS, TRUTHS, with_digest=with_digest)
    members = {**mended.texts, **mended.truths, **_nested(mended), "rest": Raw(mended.rest(_KNOWN))}
    record = msgspec.convert(members, Record)
    return Parsed(record, tuple(sorted(mended.flags)), mended.digest, checked=True)


def _nested(mended: Mended) -> dict[str, Raw]:
    return {name: Raw(mended.nested[name]) for name in NESTED if name in mended.nested}
