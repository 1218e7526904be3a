"""What the HTML report shows, arranged: the template only says how it looks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from investigator.domain.blast import BlastRadius
from investigator.domain.citations import cited_by_claim
from investigator.domain.claim import Claim
from investigator.domain.credential import Credential
from investigator.domain.entity import Entity
from investigator.domain.finding import Finding
from investigator.domain.report import CaseDocument
from investigator.domain.words import Role
from investigator.exporters import proven
from investigator.exporters.coverage import Row, matrix, places
from investigator.exporters.exhibits import OF_A_CLAIM, Exhibit, exhibits
from investigator.exporters.picture import picture
from investigator.exporters.wording import sentence
from investigator.ports.exports import CitedEvidence

HEADLINES = 6
"""Findings that the summary shows."""
DEEPEST = 12
"""Credentials further down are indented no more."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One sentence, what must be true for it, and where to look."""

    claim: Claim
    checks: tuple[str, ...]
    cited: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Conclusion:
    finding: Finding
    sentences: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Node:
    depth: int
    credential: Credential


@dataclass(frozen=True, slots=True)
class Blast:
    radius: BlastRadius
    sentences: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Page:
    document: CaseDocument
    overview: tuple[Claim, ...]
    critical: tuple[Conclusion, ...]
    more_critical: int
    findings: tuple[Conclusion, ...]
    proofs: tuple[Proof, ...]
    exhibits: tuple[Exhibit, ...]
    picture: Markup
    tree: tuple[Node, ...]
    blast: tuple[Blast, ...]
    entities: tuple[tuple[Role, tuple[Entity, ...]], ...]
    places: tuple[tuple[str, str], ...]
    matrix: tuple[Row, ...]

    @property
    def anchors(self) -> Mapping[str, str]:
        """Where an evidence id is shown."""
        return {exhibit.id: exhibit.anchor for exhibit in self.exhibits}

    @property
    def known(self) -> frozenset[str]:
        """The findings, claims and gaps that the page shows, by id."""
        findings = (conclusion.finding.id for conclusion in self.findings)
        gaps = (gap.id for gap in self.document.gaps)
        return frozenset((*findings, *(proof.claim.id for proof in self.proofs), *gaps))


def page(document: CaseDocument, evidence: CitedEvidence) -> Page:
    """Everything that the report shows; only claims that hold, and what stands on them."""
    claims = proven.held(document)
    critical = tuple(proven.critical(document))
    return Page(
        document=document,
        overview=proven.overview(document),
        critical=_conclusions(critical[:HEADLINES], claims),
        more_critical=max(0, len(critical) - HEADLINES),
        findings=_conclusions(proven.findings(document), claims),
        proofs=tuple(map(_proof, claims.values())),
        exhibits=tuple(exhibits(document, evidence)),
        picture=picture(document.timeline),
        tree=tuple(_tree(document.credentials)),
        blast=tuple(Blast(radius, proven.sentences(radius.claims, claims)) for radius in document.blast),
        entities=tuple(_by_role(document.entities)),
        places=places(document.coverage),
        matrix=tuple(matrix(document.coverage)),
    )


def _conclusions(findings: Sequence[Finding], claims: Mapping[str, Claim]) -> tuple[Conclusion, ...]:
    return tuple(Conclusion(finding, proven.sentences(finding.claims, claims)) for finding in findings)


def _proof(claim: Claim) -> Proof:
    cited = cited_by_claim(claim)
    checks = tuple(map(sentence, claim.predicates))
    return Proof(claim, checks, cited[:OF_A_CLAIM], max(0, len(cited) - OF_A_CLAIM))


def _tree(credentials: Sequence[Credential]) -> Iterator[Node]:
    """Parents before their children; a credential whose parent is not known stands at the top."""
    known = {credential.id for credential in credentials}
    children: dict[str | None, list[Credential]] = {}
    for credential in credentials:
        children.setdefault(credential.parent if credential.parent in known else None, []).append(credential)
    pending = [Node(0, credential) for credential in reversed(children.get(None, []))]
    while pending:
        node = pending.pop()
        yield node
        depth = min(node.depth + 1, DEEPEST)
        pending += [Node(depth, child) for child in reversed(children.pop(node.credential.id, []))]


def _by_role(entities: Sequence[Entity]) -> Iterator[tuple[Role, tuple[Entity, ...]]]:
    for role in Role:
        if members := tuple(entity for entity in entities if entity.role is role):
            yield role, members
