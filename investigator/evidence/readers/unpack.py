"""From the bytes of a file to its text: gzip in up to two layers, bounded, and what was wrong with it."""

import struct
import zlib
from dataclasses import dataclass, field

import deflate

GZIP = b"\x1f\x8b"
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c")
LARGEST = 256 * 2**20
"""Bytes that one document may unpack to, over all its layers."""
LARGEST_RATIO = 600
LAYERS = 2
STEP = 512
"""Packed bytes of a damaged member that are undone at a time."""


@dataclass(slots=True)
class Unpacked:
    """The text of a file; `partial` and `refused` are words of the bad-input table."""

    text: bytes | bytearray
    flags: set[str] = field(default_factory=set[str])
    partial: str | None = None
    refused: str | None = None


def is_archive(head: bytes | bytearray) -> bool:
    """Whether these first bytes begin a zip, tar, zst, bz2, xz or 7z file; they are never unpacked."""
    return head.startswith(ARCHIVES) or head[257:262] == b"ustar"


def unpack(packed: bytes, *, largest: int = LARGEST) -> Unpacked:
    """Undo up to two layers of gzip within one byte budget."""
    unpacked = Unpacked(packed)
    layers = 0
    while unpacked.text.startswith(GZIP) and unpacked.refused is None:
        layers += 1
        if layers > LAYERS:
            return Unpacked(b"", unpacked.flags, refused="nested_compression")
        _undo_one(unpacked, largest)
    if layers == LAYERS:
        unpacked.flags.add("nested_gzip")
    if is_archive(unpacked.text[:512]):
        return Unpacked(b"", unpacked.flags, refused="archive")
    return unpacked


def _undo_one(unpacked: Unpacked, largest: int) -> None:
    packed = bytes(unpacked.text)
    whole = _whole(packed, largest)
    if whole is not None:
        unpacked.text = whole
        return
    _undo_members(unpacked, packed, largest)


def _whole(packed: bytes, largest: int) -> bytearray | None:
    """The text of a file that is one sound member, by libdeflate, which checks its sum; None for any other."""
    if len(packed) < 18:
        return None
    (size,) = struct.unpack("<I", packed[-4:])
    if size > largest or size > LARGEST_RATIO * len(packed) or packed.find(GZIP + b"\x08", 2) >= 0:
        return None
    try:
        text: bytearray = deflate.gzip_decompress(packed, size or 1)  # pyright: ignore[reportUnknownMemberType]
    except deflate.DeflateError:
        return None
    return text if len(text) == size else None


def _undo_members(unpacked: Unpacked, packed: bytes, largest: int) -> None:
    pieces: list[bytes] = []
    size, members, rest = 0, 0, packed
    while rest.startswith(GZIP):
        inflater = zlib.decompressobj(wbits=31)
        try:
            piece = inflater.decompress(rest, largest - size + 1)
        except zlib.error:
            piece = _salvaged(rest, largest - size)
            unpacked.partial = "gzip_crc" if _reaches_its_end(rest) else "gzip_truncated"
            rest = b""
        else:
            if not inflater.eof and size + len(piece) <= largest:
                unpacked.partial = "gzip_truncated"
            rest = inflater.unused_data.lstrip(b"\0")
        pieces.append(piece)
        size, members = size + len(piece), members + 1
        if size > largest:
            unpacked.text, unpacked.refused = b"", "oversize"
            return
    if rest:
        unpacked.partial = unpacked.partial or "gzip_trailing_data"
    if members > 1:
        unpacked.flags.add("gzip_members")
    unpacked.text = b"".join(pieces)


def _salvaged(member: bytes, room: int) -> bytes:
    """What a damaged member still gives: in steps, and byte by byte in the step that holds the damage."""
    begin = _header_length(member)
    pieces, sound = _stepwise(member, begin, STEP, room)
    if sound >= len(member):
        return b"".join(pieces)
    inflater = zlib.decompressobj(wbits=-15)
    whole = inflater.decompress(member[begin:sound], room + 1)
    for at in range(sound, min(sound + STEP, len(member))):
        try:
            pieces.append(inflater.decompress(member[at : at + 1], room - len(whole) + 1))
        except zlib.error:
            break
    return b"".join(pieces)


def _stepwise(member: bytes, begin: int, step: int, room: int) -> tuple[list[bytes], int]:
    """The text of each step before the damage, and where the step with the damage begins."""
    inflater = zlib.decompressobj(wbits=-15)
    pieces: list[bytes] = []
    for start in range(begin, len(member), step):
        try:
            piece = inflater.decompress(member[start : start + step], room + 1)
        except zlib.error:
            return pieces, start
        pieces.append(piece)
        room -= len(piece)
        if room < 0 or inflater.eof:
            break
    return pieces, len(member)


def _reaches_its_end(member: bytes) -> bool:
    inflater = zlib.decompressobj(wbits=-15)
    try:
        inflater.decompress(member[_header_length(member) :])
    except zlib.error:
        return False
    return inflater.eof


def _header_length(member: bytes) -> int:
    """The length of a gzip header (RFC 1952): ten bytes and the optional fields that its flags name."""
    flags = member[3] if len(member) > 3 else 0
    end = 10
    if flags & 4:
        end += 2 + int.from_bytes(member[end : end + 2], "little")
    for bit in (8, 16):
        if flags & bit:
            end = member.find(b"\0", end) + 1 or len(member)
    return end + (2 if flags & 2 else 0)
