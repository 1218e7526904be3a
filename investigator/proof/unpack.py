"""The text of a file: unpacked and decoded, as much of it as can be read."""

import zlib
from pathlib import Path

GZIP = b"\x1f\x8b"
MOST_BYTES = 1 << 31
"""What one gzip member may unpack to; far more than any log file holds."""
LAYERS = 2
"""A gzip file inside a gzip file is read; a third layer is refused at ingest."""


def unpacked(path: Path) -> bytes:
    """The bytes of a file without its gzip layers; what stands before a damage is kept. Raises OSError."""
    content = path.read_bytes()
    for _ in range(LAYERS):
        if not content.startswith(GZIP):
            break
        content = b"".join(_members(content))
    return content


def _members(packed: bytes) -> list[bytes]:
    parts: list[bytes] = []
    while packed.startswith(GZIP):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            parts.append(member.decompress(packed, MOST_BYTES))
        except zlib.error:
            return [*parts, _before_damage(packed)]
        packed = member.unused_data
    return [*parts, packed]


def _before_damage(packed: bytes) -> bytes:
    """What a damaged gzip member still gives, byte by byte up to the damage."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    parts: list[bytes] = []
    for start in range(len(packed)):
        try:
            parts.append(member.decompress(packed[start : start + 1]))
        except zlib.error:
            break
    return b"".join(parts)


def text_of(content: bytes) -> str:
    """Decoded text; bytes that are not UTF-8 stand as surrogates, so that `bytes_of` gives them back."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """The inverse of `text_of` for a part of a text in UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
