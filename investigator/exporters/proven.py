"""The part of a case document that may be shown: claims that hold, and what stands on them."""

from collections.abc import Iterator, Mapping, Sequence

from investigator.domain.blast import BlastRadius
from investigator.domain.claim import Claim
from investigator.domain.finding import Finding
from investigator.domain.report import CaseDocument

SEVEREST_FIRST = ("critical", "high", "medium", "low", "informational")


def held(document: CaseDocument) -> Mapping[str, Claim]:
    """The claims that hold, by id, in document order."""
    return {claim.id: claim for claim in document.claims if claim.holds}


def overview(document: CaseDocument) -> tuple[Claim, ...]:
    claims = held(document)
    return tuple(claims[name] for name in document.summary.overview if name in claims)


def sentences(names: Sequence[str], claims: Mapping[str, Claim]) -> tuple[Claim, ...]:
    return tuple(claims[name] for name in names if name in claims)


def findings(document: CaseDocument) -> tuple[Finding, ...]:
    """The findings of which at least one sentence holds, the severest first."""
    claims = held(document)
    kept = [finding for finding in document.findings if sentences(finding.claims, claims)]
    return tuple(sorted(kept, key=lambda finding: SEVEREST_FIRST.index(finding.severity.value)))


def open_questions(radius: BlastRadius, document: CaseDocument) -> tuple[str, ...]:
    """What the gaps of a blast radius leave unknown."""
    return tuple(gap.what for gap in document.gaps if gap.id in radius.gaps)


def critical(document: CaseDocument) -> Iterator[Finding]:
    return (finding for finding in findings(document) if finding.severity.number >= 4)
