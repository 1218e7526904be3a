"""The case document with its ids resolved."""

from collections.abc import Mapping
from functools import cached_property

from investigator.domain.claim import Claim
from investigator.domain.entity import Entity
from investigator.domain.finding import Finding
from investigator.domain.gap import Gap
from investigator.domain.report import CaseDocument


class Lookup:
    """Claims, findings, gaps and entities of one document by id."""

    def __init__(self, document: CaseDocument) -> None:
        self.document = document

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        return {claim.id: claim for claim in self.document.claims}

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        return {finding.id: finding for finding in self.document.findings}

    @cached_property
    def gaps(self) -> Mapping[str, Gap]:
        return {gap.id: gap for gap in self.document.gaps}

    @cached_property
    def entities(self) -> Mapping[str, Entity]:
        return {entity.value: entity for entity in self.document.entities}

    def finding_text(self, finding: Finding) -> str:
        """The first sentence of a finding."""
        return next((self.claims[claim].text for claim in finding.claims if claim in self.claims), finding.id)

    def why(self, reference: str) -> str:
        """A finding id, claim id or entity value in words."""
        if reference in self.findings:
            return f"{reference}: {self.finding_text(self.findings[reference])}"
        if reference in self.claims:
            return f"{reference}: {self.claims[reference].text}"
        if reference in self.entities:
            return f"done by {reference}, {self.entities[reference].role.value.replace('_', ' ')}"
        return reference
