"""Large files a window at a time: inflated as they are read, cut between two values, never held whole.

Record arrays and JSON lines are read without a limit on their size; a single large document is refused.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec
from msgspec import Raw

from investigator.evidence.readers.broken import CONTAINER, values_of
from investigator.evidence.readers.document import Run, lines, runs, runs_of
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.unpack import GZIP, LARGEST, LARGEST_RATIO, LAYERS

PIECE = 4 * 2**20
WINDOW = 16 * 2**20
"""Bytes of text that are looked at together; a record may be as large as this."""
TRIES = 32
"""Places tried for a cut between two records, from the end."""
NEAR_END = 2**20
"""Bytes at the end of a window in which a cut is sought."""
_BOUNDARY = re.compile(rb"\}\s*,\s*(?=\{)")
_OPENING = re.compile(rb"\s*\[")
_LIST = msgspec.json.Decoder(list[Raw])


class Refused(ValueError):
    """The file is not read; the message is a word of the bad-input table."""


def pieces_of(file: BinaryIO, finding: Finding) -> Iterator[bytes]:
    """The text of an open file in pieces, at most two layers of gzip undone. Raises Refused."""
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
            if given > LARGEST and given > LARGEST_RATIO * taken:
                raise Refused("oversize")
            piece = inflater.unused_data if inflater.eof else inflater.unconsumed_tail  # noqa: PLW2901
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
        return _windows(window[head.end() :], head.end(), pieces, finding, _list_cut)
    if b"\n" in window:
        return _windows(window, 0, pieces, finding, _line_cut)
    raise Refused("oversize")


def _filled(window: bytes, pieces: Iterator[bytes]) -> bytes:
    parts, size = [window], len(window)
    for piece in pieces:
        parts.append(piece)
        size += len(piece)
        if size >= WINDOW:
            break
    return b"".join(parts)


def _windows(
    window: bytes, offset: int, pieces: Iterator[bytes], finding: Finding, cut_of: Callable[[bytes], int]
) -> Iterator[Run]:
    """The values before each cut, and after the last one."""
    is_list = cut_of is _list_cut
    while len(longer := _filled(window, pieces)) > len(window):
        window = longer
        if cut := cut_of(window):
            yield from _shifted(_read(window[:cut], is_list, finding), offset)
            window, offset = window[cut:], offset + cut
        elif len(window) > LARGEST:
            raise Refused("oversize")
    yield from _shifted(runs(values_of(window, 0, finding, lists=int(is_list))), offset)


def _read(window: bytes, is_list: bool, finding: Finding) -> Iterator[Run]:
    if not is_list:
        return runs(lines(window, 0, finding))
    elements = _elements(window)
    if elements is None:
        return runs(values_of(window, 0, finding))
    return _shifted(runs_of(b"[" + window + b"]", elements, 1), -1)


def _shifted(found: Iterator[Run], by: int) -> Iterator[Run]:
    return ((raws, [offset + by for offset in offsets]) for raws, offsets in found)


def _line_cut(window: bytes) -> int:
    return window.rfind(b"\n") + 1


def _list_cut(window: bytes) -> int:
    """After the last value that surely ends: the text before it is a list of whole values.

    Text that looks like a boundary also stands inside strings and nested lists; where the latest ones are all of
    that kind, or a record is damaged, the cut is at the last that looks like one, and only that place suffers.
    """
    boundaries = [match.end() for match in _BOUNDARY.finditer(window, max(0, len(window) - NEAR_END))]
    for cut in reversed(boundaries[-TRIES:]):
        if _elements(window[:cut]) is not None:
            return cut
    return boundaries[-1] if boundaries else 0


def _elements(window: bytes) -> list[Raw] | None:
    try:
        return _LIST.decode(b"[" + window.rstrip(b", \t\r\n") + b"]")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
