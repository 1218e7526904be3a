"""Which evidence a claim, and a whole case document, cites."""

from collections.abc import Iterator

from investigator.domain.claim import (
    Absent,
    Before,
    Claim,
    Count,
    Exists,
    First,
    Issued,
    Last,
    Linked,
    MeasureIs,
    Permits,
    Predicate,
    Reaches,
    SameCredential,
    StateIs,
)
from investigator.domain.ids import EvidenceId
from investigator.domain.report import CaseDocument

RECORD_KINDS = ("ct:", "sha256:")
"""How the id of a CloudTrail record begins."""
ANSWER_KIND = "aws:"


def cited_by(predicate: Predicate) -> tuple[EvidenceId, ...]:
    """The records and answers that a predicate names itself."""
    match predicate:
        case Before():
            return (predicate.a, predicate.b)
        case SameCredential():
            return predicate.records
        case Issued():
            return (predicate.by,)
        case Linked():
            return predicate.through
        case StateIs() | MeasureIs() | Permits() | Reaches():
            return (predicate.answer,)
        case Exists() | Count() | First() | Last() | Absent():
            return ()


def cited_by_claim(claim: Claim) -> tuple[EvidenceId, ...]:
    """What a claim cites, first what its predicates name; each once."""
    named = (name for predicate in claim.predicates for name in cited_by(predicate))
    return tuple(dict.fromkeys((*named, *claim.evidence)))


def cited(document: CaseDocument) -> tuple[EvidenceId, ...]:
    """Every evidence id that the document cites, sorted."""
    return tuple(sorted(set(_cited(document))))


def _cited(document: CaseDocument) -> Iterator[EvidenceId]:
    for claim in document.claims:
        yield from cited_by_claim(claim)
    for finding in document.findings:
        yield from (*finding.evidence, *finding.against)
    for entry in document.timeline:
        yield from entry.evidence
    for entity in document.entities:
        yield from entity.evidence
    for credential in document.credentials:
        if credential.by is not None:
            yield credential.by
