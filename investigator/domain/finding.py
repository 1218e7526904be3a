"""Finding: our conclusion, with the claims that say it and the evidence for and against."""

from investigator.domain.ids import EvidenceId
from investigator.domain.value import Value
from investigator.domain.words import Confidence, Done, Severity, Tactic


class Finding(Value):
    """A conclusion of the investigation; its sentences are claims."""

    id: str
    """`f1` … in document order."""
    claims: tuple[str, ...]
    confidence: Confidence
    severity: Severity
    tactic: Tactic
    techniques: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    evidence: tuple[EvidenceId, ...] = ()
    against: tuple[EvidenceId, ...] = ()
    outcome: Done = Done.DONE
