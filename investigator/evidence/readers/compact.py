"""Trails as AWS writes them, the usual case: cut into pieces that stay in the cache of a core while they are decoded.

A piece ends where another record seems to begin. It is taken only when it decodes as a list of records, and when these
written again are as long as it is: then nothing stands in it beside them, and their lengths tell where each of them is.
"""

from collections.abc import Iterator

import msgspec

from investigator.evidence.readers.record import LARGEST_RECORD, Record
from investigator.evidence.readers.strict import holds_nul
from investigator.evidence.readers.tolerant import NOT_JSON

OPENING = b'{"Records":['
CLOSING = b"]}"
PIECE = 192 * 2**10
"""Bytes after which a piece ends with the next record."""
_BETWEEN = b'},{"eventVersion":'
_DECODER = msgspec.json.Decoder(list[Record])
_ENCODER = msgspec.json.Encoder()


Piece = tuple[list[Record], list[memoryview], list[int], list[int]]
"""Records, and the bytes, the offset and the length of each."""


def pieces(text: bytes | bytearray) -> Iterator[Piece | None]:
    """The records of a text as far as it is written compactly; at last None when there is more in it."""
    if not text.startswith(OPENING) or not text.endswith(CLOSING):
        yield None
        return
    for start, end in _cuts(text):
        piece = _piece(text, start, end)
        yield piece
        if piece is None:
            return


def _cuts(text: bytes | bytearray) -> Iterator[tuple[int, int]]:
    start, last = len(OPENING), len(text) - len(CLOSING)
    while start < last:
        between = text.find(_BETWEEN, start + PIECE, last)
        end = last if between < 0 else between + 1
        yield start, end
        start = end + 1


def _piece(text: bytes | bytearray, start: int, end: int) -> Piece | None:
    """The records of a piece; None when they are not all that stands there, or one of them asks for a closer look."""
    if end - start > LARGEST_RECORD:
        return None
    view = memoryview(text)[start:end]
    listed = b"[" + view + b"]"
    try:
        records = _DECODER.decode(listed)
    except NOT_JSON:
        return None
    written = _ENCODER.encode_lines(records)
    if len(written) != len(view) + 1 or holds_nul(listed):
        return None
    ends = _line_ends(written)
    if len(ends) != len(records):
        return None
    starts = [0, *(end + 1 for end in ends[:-1])]
    bounds = list(zip(starts, ends, strict=True))
    return (
        records,
        [view[first:last] for first, last in bounds],
        [start + first for first in starts],
        [last - first for first, last in bounds],
    )


def _line_ends(lines: bytes) -> list[int]:
    found: list[int] = []
    at = lines.find(b"\n")
    while at >= 0:
        found.append(at)
        at = lines.find(b"\n", at + 1)
    return found
