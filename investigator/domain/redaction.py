"""Evidence as it may leave the machine: secret values replaced, everything else to the letter (ground rule G8)."""

import hashlib

from pydantic import JsonValue

from investigator.domain.answers import parse_page
from investigator.domain.canonical import Number, Repeated, canonical, loads
from investigator.domain.ids import EvidenceId
from investigator.domain.safe_text import SECRET_NAMES, redact_json, redacted


def redacted_record(original: bytes) -> JsonValue:
    """The record with its secrets replaced; numbers and repeated keys stay as written. None for what is no JSON."""
    try:
        return _redacted(loads(original.decode("utf-8", "replace")), "")
    except ValueError:
        return None


def redacted_line(evidence: EvidenceId, original: bytes, time: str) -> bytes:
    """One line of a bundle's records: the id, the redacted record, and its wrapper's time when it has one."""
    line: dict[str, JsonValue] = {"id": evidence, "record": redacted_record(original)}
    return canonical(line | {"time": time} if time else line)


def redacted_pages(pages: bytes) -> bytes:
    """A saved answer with its secrets replaced; a line that cannot be read is left out."""
    lines: list[str] = []
    for line in pages.decode("utf-8", "replace").splitlines():
        try:
            page = parse_page(line)
        except ValueError:
            continue
        lines.append(str(page.model_copy(update={"body": redact_json(page.body)})))
    return "".join(line + "\n" for line in lines).encode()


def sha256(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def _redacted(value: JsonValue, name: str) -> JsonValue:
    if isinstance(value, dict):
        return {key: _redacted(inner, key) for key, inner in value.items()}
    if isinstance(value, Repeated):
        return Repeated(_redacted(inner, name) for inner in value)
    if isinstance(value, list):
        return [_redacted(inner, name) for inner in value]
    if isinstance(value, Number):
        return redacted(name, value) if SECRET_NAMES.match(name) else value
    return redact_json(value, name)
