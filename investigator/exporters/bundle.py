"""The bundle: a zip that anyone can check again, with what the case cites and the hashes of all of it."""

import io
import zipfile
from collections.abc import Iterator, Mapping

from investigator.domain.bundle import (
    AUDIT,
    CASE,
    COVERAGE,
    MANIFEST,
    RECORDS,
    Manifest,
    RecordHashes,
    SavedHash,
    answer_file,
    audit_head,
    claim_hash,
)
from investigator.domain.canonical import canonical
from investigator.domain.citations import RECORD_KINDS, cited
from investigator.domain.ids import EvidenceId
from investigator.domain.redaction import redacted_line, redacted_pages, sha256
from investigator.domain.report import CaseDocument
from investigator.exporters import case_json, html, markdown, timeline_csv
from investigator.exporters.read_once import ReadOnce
from investigator.ports.exports import CitedEvidence

DATE = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: a zip knows none earlier."""
CHUNK = 1 << 20
REPORTS = {"report.html": html.export, "report.md": markdown.export, "timeline.csv": timeline_csv.export}


def export(document: CaseDocument, evidence: CitedEvidence) -> Iterator[bytes]:
    """The zip; records whose original cannot be read again are not in it, and the manifest does not name them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in _entries(document, ReadOnce(evidence, cited(document))):
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            bundle.writestr(entry, content)
    packed.seek(0)
    while chunk := packed.read(CHUNK):
        yield chunk


def _entries(document: CaseDocument, evidence: CitedEvidence) -> Iterator[tuple[str, bytes]]:
    shown = case_json.redacted_document(document)
    lines, hashes = _records(document, evidence)
    answers = _answers(document, evidence)
    audit = evidence.audit()
    files = {CASE: case_json.document_json(document), RECORDS: lines, AUDIT: audit, COVERAGE: _coverage(shown)}
    files |= {name: b"".join(write(document, evidence)) for name, write in REPORTS.items()}
    files |= {answer_file(name): pages for name, pages in answers.items()}
    manifest = Manifest(
        answers={name: SavedHash(file=answer_file(name), sha256=sha256(pages)) for name, pages in answers.items()},
        audit_head=audit_head(audit),
        case=document.case.name,
        claims={claim.id: claim_hash(claim) for claim in shown.claims},
        files={name: sha256(content) for name, content in sorted(files.items())},
        generator=f"investigator {document.produced_by.version}",
        records=hashes,
    )
    yield from sorted(files.items())
    yield MANIFEST, bytes(manifest)


def _coverage(document: CaseDocument) -> bytes:
    return canonical([cell.model_dump(mode="json") for cell in document.coverage]) + b"\n"


def _records(document: CaseDocument, evidence: CitedEvidence) -> tuple[bytes, Mapping[EvidenceId, RecordHashes]]:
    lines: list[bytes] = []
    hashes: dict[EvidenceId, RecordHashes] = {}
    for name in cited(document):
        if name.startswith(RECORD_KINDS) and (found := evidence.record(name)).original:
            line = redacted_line(name, found.original, found.time)
            lines.append(line + b"\n")
            hashes[name] = RecordHashes(original=sha256(found.original), redacted=sha256(line))
    return b"".join(lines), hashes


def _answers(document: CaseDocument, evidence: CitedEvidence) -> Mapping[EvidenceId, bytes]:
    """What a claim may read by path: AWS answers, and the alert that opened the case."""
    asked = (name for name in cited(document) if name.startswith(("aws:", "alert:")))
    return {name: redacted_pages(pages) for name in asked if (pages := evidence.answer(name))}
