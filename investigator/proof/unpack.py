"""The content of a file, unpacked and decoded a piece at a time, as much of it as can be read."""

import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import BinaryIO

GZIP = b"\x1f\x8b"
LAYERS = 2
"""A gzip file inside a gzip file is read; a third layer is refused at ingest."""
PIECE = 64 * 2**10
"""Bytes that are read at a time."""
MOST_GIVEN = 2**20
"""Bytes that are unpacked at a time."""
LARGEST = 256 * 2**20
"""Bytes of a document that is read whole, and of any file that is packed suspiciously well."""
LARGEST_RATIO = 600


class TooLarge(ValueError):
    """An original that is not read, because it would take more memory than one file is worth; the message says so."""


def unpacked(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file without its gzip layers; what stands before a damage is kept. Raises TooLarge."""
    file.seek(0)
    pieces = iter(lambda: file.read(PIECE), b"")
    for _ in range(LAYERS):
        first, pieces = begun(pieces)
        if not first.startswith(GZIP):
            break
        pieces = _inflated(pieces)
    return pieces


def begun(pieces: Iterator[bytes], least: int = 4) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, so many at least where there are so many, and all pieces with these."""
    first = b""
    while len(first) < least and (piece := next(pieces, b"")):
        first += piece
    return first, chain([first] if first else [], pieces)


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """The members of a gzip stream one after the other, and what stands behind the last of them as it is."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    taken = given = 0
    for piece in packed:
        taken += len(piece)
        rest = piece
        while rest:
            if member.eof:
                head, packed_rest = begun(chain([rest], packed), len(GZIP))
                if not head.startswith(GZIP):
                    yield from packed_rest
                    return
                taken, rest = taken + len(head) - len(rest), head
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            before = member.copy()
            try:
                text = member.decompress(rest, MOST_GIVEN)
            except zlib.error:
                yield _before_damage(before.decompress, rest)
                return
            given += len(text)
            rest = member.unused_data if member.eof else member.unconsumed_tail
            if given > LARGEST and given > LARGEST_RATIO * (taken - len(rest)):
                raise TooLarge(f"it unpacks to more than {LARGEST_RATIO} times its size")
            yield text
    if not member.eof:
        yield member.flush()


def _before_damage(inflate: Callable[[bytes], bytes], packed: bytes) -> bytes:
    """What a damaged piece still gives, byte by byte up to the damage."""
    parts: list[bytes] = []
    for start in range(len(packed)):
        try:
            parts.append(inflate(packed[start : start + 1]))
        except zlib.error:
            break
    return b"".join(parts)


def texts_of(pieces: Iterator[bytes]) -> Iterator[str]:
    """Decoded text; bytes that are not UTF-8 stand as surrogates, so that `bytes_of` gives them back."""
    first, pieces = begun(pieces)
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        decoder = getincrementaldecoder("utf-16")("replace")
    else:
        decoder = getincrementaldecoder("utf-8")("surrogateescape")
        pieces = chain([next(pieces, b"").removeprefix(b"\xef\xbb\xbf")], pieces)
    yield from map(decoder.decode, pieces)
    yield decoder.decode(b"", final=True)


def text_of(content: bytes) -> str:
    """The text of a whole content."""
    return "".join(texts_of(iter([content])))


def bytes_of(text: str) -> bytes:
    """The inverse of `text_of` for a part of a text in UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def slices(pieces: Iterator[bytes], spans: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """The bytes of each span, an offset and a length, of a content; spans come in the order of their offsets."""
    start, held = 0, bytearray()
    for offset, length in spans:
        while start + len(held) < offset + length and (piece := next(pieces, b"")):
            if start + len(held) <= offset:
                start += len(held)
                held.clear()
            held += piece
        skipped = max(0, min(offset - start, len(held)))
        start += skipped
        del held[:skipped]
        yield bytes(held[:length]) if start == offset else b""
