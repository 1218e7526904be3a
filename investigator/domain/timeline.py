"""Timeline: what a finding or claim cites and what accused entities did, folded, on one UTC axis."""

from pydantic import Field

from investigator.domain.ids import EvidenceId
from investigator.domain.times import Instant
from investigator.domain.value import Value
from investigator.domain.words import Outcome, Tactic


class TimelineActor(Value):
    kind: str
    arn: str


class Origin(Value):
    ip: str
    agent: str


class Place(Value):
    account: str
    region: str


class TimelineEntry(Value):
    """One line: an event of the ground rules' format, why it is there, and how often it was repeated."""

    id: str
    """`e1` … in document order."""
    time: Instant | None
    source: str
    """cloudtrail, guardduty, cost, case …"""
    action: str
    outcome: Outcome
    actor: TimelineActor
    credential: str = ""
    origin: Origin = Field(validation_alias="from", serialization_alias="from")
    on: tuple[str, ...] = ()
    place: Place
    tactic: Tactic | None = None
    phase: str = ""
    """before, first suspicious, discovery, escalation, persistence, impact or response."""
    evidence: tuple[EvidenceId, ...]
    """Every record folded into the line, at most 1,000."""
    more: int = 0
    why: str
    """A finding id, claim id or entity value."""
    count: int = 1
    last: Instant | None = None


class HourCount(Value):
    hour: Instant
    records: int
