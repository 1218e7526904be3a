"""A bundle as it is found: every entry that can be read, and what is wrong with it."""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import JsonValue, ValidationError

from investigator.domain.audit_chain import BrokenChain, check_chain
from investigator.domain.bundle import AUDIT, CASE, MANIFEST, RECORDS, Manifest, claim_hash
from investigator.domain.canonical import loads
from investigator.domain.ids import EvidenceId
from investigator.domain.redaction import sha256
from investigator.domain.report import CaseDocument
from investigator.proof.record import Record
from investigator.proof.verification import Fault

LARGEST = 1 << 31
"""An entry that unpacks to more is not read."""


def entries(path: Path) -> tuple[Mapping[str, bytes], tuple[Fault, ...]]:
    """The content of each entry that can be unpacked, and a fault for each that cannot."""
    content: dict[str, bytes] = {}
    faults: list[Fault] = []
    try:
        with zipfile.ZipFile(path) as bundle:
            for entry in bundle.infolist():
                if entry.filename in content:
                    faults.append(Fault(kind="manifest", what=entry.filename, reason="it stands twice in the zip"))
                else:
                    content[entry.filename] = _unpacked(bundle, entry)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as damage:
        faults.append(Fault(kind="manifest", what=path.name, reason=f"the zip is damaged: {damage}"))
    return content, tuple(faults)


def _unpacked(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > LARGEST:
        raise zipfile.BadZipFile(f"{entry.filename} unpacks to more than 2 GiB")
    return bundle.read(entry)


def manifest_of(content: Mapping[str, bytes]) -> tuple[Manifest | None, tuple[Fault, ...]]:
    """The manifest, and whether its seal and its form hold."""
    given = content.get(MANIFEST)
    if given is None:
        return None, (Fault(kind="manifest", what=MANIFEST, reason="it is missing"),)
    try:
        plain = json.loads(given)
        seal = plain.pop("sha256", "")
        manifest = Manifest.model_validate(plain)
    except (ValueError, AttributeError, RecursionError):
        return None, (Fault(kind="manifest", what=MANIFEST, reason="it cannot be read"),)
    if seal != manifest.seal or given != bytes(manifest):
        return manifest, (Fault(kind="manifest", what=MANIFEST, reason="its seal does not fit its content"),)
    return manifest, ()


def document_of(content: Mapping[str, bytes]) -> CaseDocument | None:
    try:
        return CaseDocument.model_validate_json(content.get(CASE, b""))
    except ValidationError:
        return None


def altered_files(content: Mapping[str, bytes], manifest: Manifest) -> Iterator[Fault]:
    """Files that are missing, added, or not the ones that the manifest names."""
    for name, expected in manifest.files.items():
        if name not in content:
            yield Fault(kind=_kind(name), what=name, reason="it is missing")
        elif sha256(content[name]) != expected:
            yield Fault(kind=_kind(name), what=name, reason="it is not the file that the manifest names")
    for name in sorted(content.keys() - manifest.files.keys() - {MANIFEST}):
        yield Fault(kind="manifest", what=name, reason="the manifest does not name it")


def _kind(name: str) -> str:
    folder = name.partition("/")[0]
    return {"records": "record", "answers": "answer", AUDIT: "audit", CASE: "claim"}.get(folder, "manifest")


def altered_claims(document: CaseDocument, manifest: Manifest) -> Iterator[Fault]:
    """Claims that do not say what they said when the bundle was written."""
    present = {claim.id: claim_hash(claim) for claim in document.claims}
    for name in sorted(present.keys() | manifest.claims.keys()):
        if present.get(name) != manifest.claims.get(name):
            yield Fault(kind="claim", what=name, reason="it does not say what it said when the bundle was written")


def records_of(
    content: Mapping[str, bytes], manifest: Manifest
) -> tuple[Mapping[EvidenceId, Record], tuple[Fault, ...]]:
    """The redacted records whose line fits the manifest, and a fault for each that does not."""
    records: dict[EvidenceId, Record] = {}
    faults: list[Fault] = []
    for number, line in enumerate(content.get(RECORDS, b"").splitlines(), start=1):
        name, record = _read_line(line)
        expected = manifest.records.get(name)
        if record is None or expected is None or sha256(line) != expected.redacted:
            faults.append(Fault(kind="record", what=name or f"line {number}", reason="its line was changed"))
        else:
            records[name] = record
    lost = manifest.records.keys() - records.keys() - {fault.what for fault in faults}
    faults += [Fault(kind="record", what=name, reason="its line is missing") for name in sorted(lost)]
    return records, tuple(faults)


def _read_line(line: bytes) -> tuple[str, Record | None]:
    try:
        parsed = loads(line.decode("utf-8", "replace"))
    except ValueError:
        return "", None
    if not isinstance(parsed, dict):
        return "", None
    name, value, time = parsed.get("id"), parsed.get("record"), parsed.get("time", "")
    if not isinstance(name, str) or not isinstance(value, dict) or not isinstance(time, str):
        return str(name or ""), None
    return name, Record(line, value, time) if _is_its_own(name, value) else None


def _is_its_own(name: EvidenceId, value: Mapping[str, JsonValue]) -> bool:
    """The id of a record with an eventID says it; a digest cannot be computed again after redaction."""
    kind, _, rest = name.partition(":")
    return kind != "ct" or str(value.get("eventID")) == rest.partition("@")[0]


class BundledAnswers:
    """The saved answers inside a bundle."""

    def __init__(self, content: Mapping[str, bytes], manifest: Manifest) -> None:
        self._content = content
        self._manifest = manifest

    def saved(self, answer: EvidenceId) -> bytes:
        named = self._manifest.answers.get(answer)
        return self._content.get(named.file, b"") if named else b""


def altered_answers(content: Mapping[str, bytes], manifest: Manifest) -> Iterator[Fault]:
    for name, saved in manifest.answers.items():
        if sha256(content.get(saved.file, b"")) != saved.sha256:
            yield Fault(kind="answer", what=name, reason="its pages were changed or are missing")


def broken_chain(audit: bytes, head: str) -> Iterator[Fault]:
    """The first line of the audit log that does not follow the one before, or an end that was cut off."""
    try:
        found = check_chain(audit.splitlines())
    except BrokenChain as broken:
        yield Fault(kind="audit", what=AUDIT, reason=str(broken))
        return
    if found != head:
        yield Fault(kind="audit", what=AUDIT, reason="its last line is not the one that the manifest names")
