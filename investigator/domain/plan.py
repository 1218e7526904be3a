"""Plan: the steps of an investigation, where each looks, why, and what they will cost."""

from collections.abc import Mapping

from investigator.domain.entity import EntityRef
from investigator.domain.ids import EvidenceId
from investigator.domain.value import Value


class Budget(Value):
    """The most that a case may spend; reaching it is a Gap."""

    aws_calls: int = 2_000
    minutes: int = 30
    cost_explorer_requests: int = 50
    leads: int = 40
    """Entities that gathering may follow beyond the plan."""


class Quote(Value):
    """What the plan will cost, said before it runs."""

    steps: int
    aws_calls: int
    seconds: int
    cost_explorer_requests: int = 0
    usd: str = "0.00"


class Step(Value):
    """One tool run in one cell: a source, an account, a Region."""

    id: str
    """16 hex over tool, source, account, Region and inputs."""
    tool: str
    source: str
    """The module that answers: logs, cloudtrail, iam, ec2 …"""
    account: str = ""
    region: str = ""
    inputs: Mapping[str, str] = {}
    """Input model fields as text; several values are separated by commas."""
    because: str
    lead: EvidenceId | None = None
    """The evidence that raised it, when it came from a lead."""


class Lead(Value):
    """An entity that evidence links to a suspect, worth steps of its own."""

    entity: EntityRef
    evidence: EvidenceId
    because: str


class Plan(Value):
    """Steps in the order to run, the questions no source can answer, and the quote."""

    playbook: str
    steps: tuple[Step, ...]
    gaps: tuple["PlannedGap", ...] = ()
    budget: Budget
    quote: Quote


class PlannedGap(Value):
    """A question of the playbook that no source at hand can answer."""

    tool: str
    why: str
    waits_for: str = ""
    """The fact that is missing; a lead that brings it closes the gap."""
