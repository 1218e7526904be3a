"""A bundle checked again, offline and on any machine: hashes, records, answers, claims, audit chain, originals."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from investigator.domain.bundle import AUDIT, CASE, Manifest
from investigator.domain.claim import Absent, Claim, Count, First, Last
from investigator.domain.ids import EvidenceId
from investigator.domain.redaction import redacted_line, sha256
from investigator.domain.report import CaseDocument
from investigator.domain.safe_text import visible
from investigator.domain.search import NotASearch
from investigator.proof import bundle as read
from investigator.proof.evaluate import Judged, judge
from investigator.proof.folder import EVENTS, Folder, Question
from investigator.proof.matching import read_where
from investigator.proof.predicates import Evidence
from investigator.proof.record import Record, fullest
from investigator.proof.verification import CheckedClaims, Fault, Verification


def verify(bundle: Path, originals: Path | None) -> Verification:
    """Check everything that a bundle says; with the folder of the untouched log files, against those too."""
    content, damages = read.entries(bundle)
    manifest, faults = read.manifest_of(content)
    document = read.document_of(content)
    if manifest is None or document is None:
        unread = () if document else (Fault(kind="claim", what=CASE, reason="it cannot be read"),)
        return Verification(holds=False, claims=CheckedClaims(held=0), faults=(*damages, *faults, *unread))
    records, altered = read.records_of(content, manifest)
    answers = read.BundledAnswers(content, manifest)
    shown = tuple(claim for claim in document.claims if claim.holds)
    folder = Folder(originals, manifest.records, tuple(_questions(shown, document))) if originals else None
    evidence = Evidence(_best(folder), answers) if folder else Evidence(records, answers, redacted=True)
    judged = judge(shown, document.coverage, evidence, folder)
    found = (
        *damages,
        *faults,
        *read.altered_files(content, manifest),
        *read.altered_claims(document, manifest),
        *altered,
        *read.altered_answers(content, manifest),
        *read.broken_chain(content.get(AUDIT, b""), manifest.audit_head),
        *(_not_read(folder, originals) if folder and originals else ()),
        *(_against_originals(folder, records, manifest) if folder else ()),
        *(Fault(kind="claim", what=name, reason=one.reason) for name, one in judged.items() if one.reason),
    )
    return _verification(judged, found)


def _verification(judged: Mapping[str, Judged], faults: Sequence[Fault]) -> Verification:
    claims = CheckedClaims(
        held=sum(one.holds for one in judged.values()),
        failed=tuple(name for name, one in judged.items() if one.reason),
        needs_originals=tuple(name for name, one in judged.items() if one.open and not one.reason),
    )
    return Verification(holds=not faults, claims=claims, faults=tuple(faults))


def _questions(claims: Sequence[Claim], document: CaseDocument) -> Iterator[Question]:
    cells = {cell.id: cell for cell in document.coverage}
    for predicate in (predicate for claim in claims for predicate in claim.predicates):
        if not isinstance(predicate, Count | First | Last | Absent):
            continue
        try:
            where = read_where(predicate.where)
        except NotASearch:
            continue
        over = predicate.over if isinstance(predicate, Count) else EVENTS
        yield Question(where, over, tuple(cells[name] for name in predicate.cells if name in cells))


def _best(folder: Folder) -> Mapping[EvidenceId, Record]:
    return {name: fullest(copies) for name, copies in folder.records.items()}


def _not_read(folder: Folder, originals: Path) -> Iterator[Fault]:
    """Originals that are too large; what they hold is not checked."""
    for path, reason in folder.too_large.items():
        name = path.name if path == originals else path.relative_to(originals).as_posix()
        yield Fault(kind="original", what=visible(name), reason=f"it is too large to be checked: {reason}")


def _against_originals(folder: Folder, records: Mapping[EvidenceId, Record], manifest: Manifest) -> Iterator[Fault]:
    """Cited records that the originals do not hold, or hold with other bytes."""
    for name, hashes in manifest.records.items():
        same = [copy for copy in folder.records.get(name, ()) if sha256(copy.original) == hashes.original]
        if not same:
            yield Fault(kind="original", what=name, reason="no original record has the hash that the manifest names")
        elif name in records and all(
            sha256(redacted_line(name, c.original, c.wrapper_time)) != hashes.redacted for c in same
        ):
            yield Fault(
                kind="original", what=name, reason="the bundle's line is not the original with secrets redacted"
            )
