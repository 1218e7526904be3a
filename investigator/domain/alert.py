"""Alert: what a detector said; AWS calls it a finding."""

from investigator.domain.entity import EntityRef
from investigator.domain.ids import EvidenceId
from investigator.domain.times import Instant
from investigator.domain.value import Value
from investigator.domain.words import Severity, Tactic


class Alert(Value):
    """One alert of GuardDuty, Security Hub, Health or another detector."""

    id: EvidenceId
    """`alert:<id of the detector>`."""
    answer: EvidenceId | None = None
    """The AWS answer it was read from; None when the alert opened the case."""
    detector: str
    """guardduty, securityhub, health, inspector …"""
    type: str
    title: str
    description: str = ""
    severity: Severity
    tactic: Tactic = Tactic.UNKNOWN
    """What the detector says that it served."""
    techniques: tuple[str, ...] = ()
    """ATT&CK technique ids that the detector names."""
    account: str = ""
    region: str = ""
    first: Instant | None = None
    last: Instant | None = None
    updated: Instant | None = None
    """When the detector last changed it."""
    count: int = 1
    archived: bool = False
    entities: tuple[EntityRef, ...] = ()
    type_at: tuple[tuple[str, str], ...] = ()
    """Where its type stands in the AWS answer, or in the alert that opened the case: each path with its text there."""
    said_at: tuple[tuple[str, str], ...] = ()
    """Where its entities, its time and its count stand there, for those that stand there as they are."""
