"""Records read again from the original files, as they stood there."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.canonical import loads
from investigator.evidence.readers.document import decoded
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.unpack import unpack
from investigator.evidence.readers.wrapping import unwrapped


def record_at(paths: Sequence[Path], offset: int, length: int) -> JsonValue:
    """The record whose bytes, or whose wrapper's, stand there in the first of the paths that can be read; else None."""
    for path in paths:
        try:
            text = _text(path)
        except OSError:
            continue
        return _record(text[offset : offset + length], offset)
    return None


@lru_cache(maxsize=4)
def _text(path: Path) -> bytes:
    return decoded(unpack(path.read_bytes()).text, Finding())


def _record(raw: bytes, offset: int) -> JsonValue:
    inside = unwrapped(raw, offset) if b'"eventSource"' not in raw else None
    try:
        return loads((inside[0].raw if inside else raw).decode(errors="replace"))
    except ValueError:
        return None
