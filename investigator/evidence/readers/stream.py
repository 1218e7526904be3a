"""Large files a window at a time: inflated as they are read, cut between two values, never held whole.

Record arrays and JSON lines are read without a limit on their size; a single large document is refused.
"""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import Raw

from investigator.evidence.readers.broken import CONTAINER, NOTHING_OPEN, RECORD, Open, Values, whole_object_in
from investigator.evidence.readers.document import Run, is_one_value, lines, runs, runs_of
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.record import LARGEST_RECORD
from investigator.evidence.readers.recovery import Recovery
from investigator.evidence.readers.tolerant import NOT_JSON
from investigator.evidence.readers.unpack import GZIP, LARGEST, LARGEST_RATIO, LAYERS

PIECE = 4 * 2**20
HEAD = 64 * 2**10
"""Packed bytes by which a file is taken for a bomb, or not."""
WINDOW = 16 * 2**20
"""Bytes of text that are looked at together; a record may be as large as this."""
TRIES = 4
"""Places tried for a cut between two records, from the end."""
NEAR_END = 2**20
"""Bytes at the end of a window in which a cut is sought."""
LONGEST_BEGINNING = 256
"""Bytes that the beginning of a record takes."""
_LINE_END = re.compile(rb"(?<=\n).", re.DOTALL)
_OPENING = re.compile(rb"\s*\[")
_INNER_LIST = re.compile(rb'\s*\{(?:[^"\[]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"){0,10000}+\[\s*(?=\{)', re.DOTALL)
"""An object that holds a list of objects under whatever keys."""
_LIST = msgspec.json.Decoder(list[Raw])


class Refused(ValueError):
    """The file is not read; the message is a word of the bad-input table."""


def pieces_of(file: BinaryIO, finding: Finding) -> Iterator[bytes]:
    """The text of an open file in pieces, at most two layers of gzip undone. Raises Refused.

    What begins as a bomb does is undone up to the bound before anything of it is read.
    """
    start = file.tell()
    begins_densely = _is_dense(file.read(HEAD))
    file.seek(start)
    if begins_densely:
        size = 0
        for piece in _undone(file, Finding()):
            size += len(piece)
            if size > LARGEST:
                break
        file.seek(start)
    return _undone(file, finding)


def _is_dense(head: bytes) -> bool:
    """Whether one of its layers of gzip holds more than so small a file should."""
    for _ in range(LAYERS):
        if not head.startswith(GZIP):
            return False
        try:
            text = zlib.decompressobj(wbits=31).decompress(head, LARGEST_RATIO * len(head) + 1)
        except zlib.error:
            return False
        if len(text) > LARGEST_RATIO * len(head):
            return True
        head = text
    return False


def _undone(file: BinaryIO, finding: Finding) -> Iterator[bytes]:
    pieces = iter(lambda: file.read(PIECE), b"")
    for layer in range(LAYERS + 1):
        first = next(pieces, b"")
        pieces = _with(first, pieces)
        if not first.startswith(GZIP):
            break
        if layer == LAYERS:
            raise Refused("nested_compression")
        if layer == 1:
            finding.flags.add("nested_gzip")
        pieces = _inflated(pieces, finding)
    return pieces


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _inflated(packed: Iterator[bytes], finding: Finding) -> Iterator[bytes]:
    """The members of a gzip stream one after the other; damage ends it and is noted."""
    inflater = zlib.decompressobj(wbits=31)
    taken = given = members = 0
    for piece in packed:
        taken += len(piece)
        while piece:
            if inflater.eof:
                if not piece.startswith(GZIP[: len(piece)]):
                    finding.partial = finding.partial or ("gzip_trailing_data" if piece.strip(b"\0") else None)
                    break
                inflater, members = zlib.decompressobj(wbits=31), members + 1
                finding.flags.add("gzip_members")
            try:
                text = inflater.decompress(piece, PIECE)
            except zlib.error as error:
                finding.partial = "gzip_crc" if "check" in str(error) else "gzip_truncated"
                return
            given += len(text)
            piece = inflater.unused_data if inflater.eof else inflater.unconsumed_tail  # noqa: PLW2901
            if given > LARGEST and given > LARGEST_RATIO * (taken - len(piece)):
                raise Refused("oversize")
            if text:
                yield text
    if not inflater.eof:
        finding.partial = finding.partial or "gzip_truncated"


def streamed(pieces: Iterator[bytes], finding: Finding) -> Iterator[Run]:
    """The values of a large text with their offsets. Raises Refused for a text that is neither a list nor lines."""
    window = _filled(b"", pieces)
    start = 3 if window.startswith(b"\xef\xbb\xbf") else 0
    head = CONTAINER.match(window, start) or _OPENING.match(window, start)
    if head:
        finding.container = True
        return _one_after_another(window, head.end(), pieces, finding, Open(1, 2))
    if is_one_value(window.partition(b"\n")[0].strip()) and b"\n" in window:
        return _in_lines(window, pieces, finding)
    if whole_object_in(window, start):
        return _one_after_another(window, start, pieces, finding, NOTHING_OPEN)
    if inner := _INNER_LIST.match(window, start):
        return _one_after_another(window, inner.end(), pieces, finding, Open(1, 1 + inner[0].count(b"{")))
    if b"\n" in window:
        return _in_lines(window, pieces, finding)
    raise Refused("oversize")


def _filled(window: bytes, pieces: Iterator[bytes]) -> bytes:
    parts, size = [window], len(window)
    for piece in pieces:
        parts.append(piece)
        size += len(piece)
        if size >= WINDOW:
            break
    return b"".join(parts)


def _in_lines(window: bytes, pieces: Iterator[bytes], finding: Finding) -> Iterator[Run]:
    offset = 0
    while len(longer := _filled(window, pieces)) > len(window):
        cut = longer.rfind(b"\n") + 1
        yield from _shifted(runs(lines(longer[:cut], 0, finding)), offset)
        window, offset = longer[cut:], offset + cut
        if len(window) > LARGEST_RECORD:
            finding.refuse("oversize", offset)
            skipped, window = _from(_LINE_END, window, pieces)
            offset += skipped
    yield from _shifted(runs(lines(window, 0, finding)), offset)


def _one_after_another(
    window: bytes, offset: int, pieces: Iterator[bytes], finding: Finding, opened: Open
) -> Iterator[Run]:
    """The values from an offset on: up to the last record of each window at once, where all before it are whole.

    `opened` says what is open before the offset.
    """
    window = window[offset:]
    while len(longer := _filled(window, pieces)) > len(window):
        cut, elements = _elements_before_the_last_record(longer)
        if elements is not None:
            yield from _shifted(runs_of(b"[" + longer[:cut] + b"]", elements, 1), offset - 1)
        else:
            found = Values(longer, finding, opened=opened, is_last=False)
            yield from _shifted(runs(iter(found)), offset)
            cut, opened = found.rest, found.opened
        window, offset = longer[cut:], offset + cut
        if len(window) > LARGEST_RECORD:
            finding.refuse("oversize", offset)
            yield from _shifted(runs(Recovery(window).inside(window, 0)), offset)
            skipped, window = _from(RECORD, window, pieces)
            offset += skipped
    yield from _shifted(runs(iter(Values(window, finding, opened=opened))), offset)


def _from(beginning: re.Pattern[bytes], window: bytes, pieces: Iterator[bytes]) -> tuple[int, bytes]:
    """How many bytes stand before the next beginning, and the text from there."""
    skipped = 0
    while (found := beginning.search(window, 1)) is None:
        piece = next(pieces, b"")
        if not piece:
            return skipped + len(window), b""
        kept = window[-LONGEST_BEGINNING:]
        skipped, window = skipped + len(window) - len(kept), kept + piece
    return skipped + found.start(), window[found.start() :]


def _shifted(found: Iterator[Run], by: int) -> Iterator[Run]:
    return ((raws, [offset + by for offset in offsets]) for raws, offsets in found)


def _elements_before_the_last_record(window: bytes) -> tuple[int, list[Raw] | None]:
    starts = [match.start() for match in RECORD.finditer(window, max(0, len(window) - NEAR_END))]
    for cut in reversed(starts[-TRIES:]):
        try:
            return cut, _LIST.decode(b"[" + window[:cut].rstrip(b", \t\r\n") + b"]")
        except NOT_JSON:
            continue
    return 0, None
