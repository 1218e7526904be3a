"""The case document, `investigator.case/1`: what every face and export shows."""

from typing import Literal

from pydantic import Field

from investigator.domain.action import Action
from investigator.domain.blast import BlastRadius
from investigator.domain.case import Header
from investigator.domain.claim import Claim
from investigator.domain.coverage import Cell
from investigator.domain.credential import Credential
from investigator.domain.entity import Entity
from investigator.domain.finding import Finding
from investigator.domain.gap import Gap
from investigator.domain.question import Answer, Question
from investigator.domain.timeline import HourCount, TimelineEntry
from investigator.domain.times import Instant
from investigator.domain.value import Value
from investigator.domain.words import Confidence, Verdict


class Judgement(Value):
    """The verdict with what speaks for and against it, what is not known, and what would change it."""

    value: Verdict
    confidence: Confidence
    supports: tuple[str, ...] = Field(default=(), validation_alias="for", serialization_alias="for")
    """Finding ids."""
    against: tuple[str, ...] = ()
    """Finding ids."""
    unknown: tuple[str, ...] = ()
    """Gap ids."""
    would_change_it: tuple[str, ...] = ()


class Summary(Value):
    overview: tuple[str, ...] = ()
    """Claim ids, in the order to read."""
    notes: tuple[str, ...] = ()
    """Assumptions, disagreement of a model, what a model did not do."""


class Usd(Value):
    value: float = 0
    kind: Literal["measured", "estimated", "unknown"] = "measured"


class Measures(Value):
    """What differs from run to run; nothing else in the document does."""

    case: str
    opened: Instant
    records_read: int = 0
    seconds: float = 0
    aws_calls: int = 0
    model_calls: int = 0
    usd: Usd = Usd()


class ProducedBy(Value):
    version: str
    rules_sha256: str
    playbook_sha256: str


class CaseDocument(Value):
    """One case from worry to report."""

    schema_name: Literal["investigator.case/1"] = Field(
        default="investigator.case/1", validation_alias="schema", serialization_alias="schema"
    )
    case: Header
    questions: tuple[Question, ...] = ()
    answers: tuple[Answer, ...] = ()
    verdict: Judgement
    summary: Summary
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    timeline_rest: tuple[HourCount, ...] = ()
    gaps: tuple[Gap, ...] = ()
    actions: tuple[Action, ...] = ()
    entities: tuple[Entity, ...] = ()
    credentials: tuple[Credential, ...] = ()
    blast: tuple[BlastRadius, ...] = ()
    coverage: tuple[Cell, ...] = ()
    measures: Measures
    produced_by: ProducedBy
