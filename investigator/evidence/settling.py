"""Rows that are not as plain as others, found by what their bytes do not account for, and looked at closely.

A record written compactly is exactly as long as its members written again: a longer one holds white space, an unusual
escape or a repeated key. Nested values are proven plain together, and one by one only where that fails.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Raw

from investigator.evidence.readers.record import Record, tolerantly
from investigator.evidence.readers.rows import Rows
from investigator.evidence.readers.strict import holds_nul, is_plain
from investigator.evidence.readers.tolerant import BadRecord

Refusal = tuple[int, str, int]
"""The position of a row, why it was refused, and where it stands in its file."""
_ENCODER = msgspec.json.Encoder()


def unaccounted(rows: Rows, written: bytearray) -> set[int]:
    """Positions of rows whose members take fewer bytes than they do, or that hold a NUL.

    `written` is room for writing the records again, kept from one call to the next.
    """
    found: set[int] = set()
    if rows.is_compact:
        return found
    _ENCODER.encode_into(rows.records, written)
    rests = [record.rest for record in rows.records if record.rest]
    size = len(written) - len(rows) - 1 - sum(map(_named_rest, rests))
    if rows.checked or size != sum(map(len, rows.raws)):
        pairs = enumerate(zip(rows.records, rows.raws, strict=True))
        found.update(position for position, (record, raw) in pairs if _size(record) != len(raw))
    if holds_nul(written):
        found.update(position for position, raw in enumerate(rows.raws) if holds_nul(bytes(raw)))
    return found


def settled(rows: Rows, suspects: Iterable[int]) -> tuple[Rows, list[Refusal]]:
    """Look closely at suspects: plain after all, read tolerantly, or no records at all."""
    gone: set[int] = set()
    refused: list[Refusal] = []
    for position in sorted(suspects):
        raw = bytes(rows.raws[position])
        if is_plain(raw):
            continue
        try:
            rows.replace(position, tolerantly(raw))
        except BadRecord as reason:
            gone.add(position)
            refused.append((position, str(reason), rows.offsets[position]))
    return (rows.without(gone) if gone else rows), refused


def _size(record: Record) -> int:
    """The bytes that the members of a record take when they are written compactly."""
    return len(_ENCODER.encode(record)) - (_named_rest(record.rest) if record.rest else 0)


def _named_rest(rest: Raw) -> int:
    """What `"rest":{…}` takes beyond the members inside, which no name and no brackets stood around."""
    return len('"rest":{},' if len(rest) == 2 else '"rest":{}')
