"""Records read again from the original files, as they stood there."""

import hashlib

from pydantic import JsonValue

from investigator.domain.canonical import loads
from investigator.evidence.manifest import Manifest
from investigator.evidence.readers.document import decoded
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.other_forms import converted
from investigator.evidence.readers.unpack import unpack
from investigator.evidence.readers.wrapping import unwrapped


class OriginalText:
    """The text of one original file; empty when it cannot be read any more."""

    def __init__(self, text: bytes) -> None:
        self._text = text

    def record(self, offset: object, length: object) -> dict[str, JsonValue] | None:
        """The record whose bytes, or whose wrapper's, stand there; None when none does, or several do."""
        if not isinstance(offset, int) or not isinstance(length, int):
            return None
        raw = self._text[offset : offset + length]
        if form := converted(raw):
            raw = form[0]
        elif b'"eventSource"' not in raw and (inside := unwrapped(raw, offset)) is not None:
            raw = inside[0].raw if len(inside) == 1 else b""
        try:
            value = loads(raw.decode(errors="replace"))
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


class Originals:
    """The files of one snapshot, wherever they lie now."""

    def __init__(self, manifest: Manifest, snapshot: str) -> None:
        self._manifest, self._snapshot = manifest, snapshot

    def text(self, sha256: str) -> OriginalText:
        """The text of a content, from the first place where it still stands unchanged."""
        for path in self._manifest.paths(self._snapshot, sha256):
            try:
                content = path.read_bytes()
            except OSError:
                continue
            if hashlib.sha256(content).hexdigest() == sha256:
                return OriginalText(decoded(bytes(unpack(content).text), Finding()))
        return OriginalText(b"")
