"""Bundles for tests: the told case as evidence, exported, and single changes to what came out."""

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from investigator.domain.audit_chain import START, chained, head_of
from investigator.domain.ids import EvidenceId
from investigator.domain.report import CaseDocument
from investigator.exporters import exporter
from investigator.ports.exports import CitedRecord
from tests.support.documents import answers, records


def audit_lines(n: int = 3) -> bytes:
    """An audit log as it is kept: each line holds the hash of the one before."""
    lines, head = [], START
    for page in range(1, n + 1):
        lines.append(chained(head, "aws", {"operation": "iam.ListAccessKeys", "page": page}))
        head = head_of(lines[-1])
    return b"".join(line + b"\n" for line in lines)


class ToldEvidence:
    """The raw records and answers of the story."""

    def __init__(self, told: list[dict] | None = None, saved: Mapping[EvidenceId, bytes] | None = None) -> None:
        self._records = {f"ct:{record['eventID']}": record for record in (records() if told is None else told)}
        self._answers = answers() if saved is None else saved

    def record(self, evidence: EvidenceId) -> CitedRecord:
        record = self._records.get(evidence)
        return CitedRecord(json.dumps(record).encode()) if record else CitedRecord()

    def answer(self, evidence: EvidenceId) -> bytes:
        return self._answers.get(evidence, b"")

    def audit(self) -> bytes:
        return audit_lines()


def exported(form: str, document: CaseDocument, evidence: ToldEvidence | None = None) -> bytes:
    return b"".join(exporter(form)(document, evidence or ToldEvidence()))


def write_bundle(path: Path, document: CaseDocument, evidence: ToldEvidence | None = None) -> Path:
    path.write_bytes(exported("bundle", document, evidence))
    return path


def changed(bundle: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy of the bundle with one entry changed, zipped properly again."""
    copy = bundle.with_name("changed.zip")
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(copy, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    return copy
