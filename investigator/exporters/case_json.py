"""The case document as JSON: the same bytes from every face."""

import json
import re
from collections.abc import Iterator

from investigator.domain.report import CaseDocument
from investigator.domain.safe_text import redact_json, visible
from investigator.ports.exports import CitedEvidence

_UNSAFE = re.compile(r"[^\x20-\x7e\n]")


def export(document: CaseDocument, evidence: CitedEvidence) -> Iterator[bytes]:
    """One JSON object, keys in the order of the schema."""
    yield document_json(document)


def document_json(document: CaseDocument) -> bytes:
    """The document without secret values; what a screen must not interpret stands as a JSON escape."""
    plain = redacted_document(document).model_dump(mode="json")
    text = json.dumps(plain, ensure_ascii=False, indent=2)
    return (_UNSAFE.sub(_escaped, text) + "\n").encode("utf-8")


def redacted_document(document: CaseDocument) -> CaseDocument:
    """The document with every secret value replaced."""
    return CaseDocument.model_validate(redact_json(document.model_dump(mode="json")))


def _escaped(match: re.Match[str]) -> str:
    if visible(match[0]) == match[0]:
        return match[0]
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
