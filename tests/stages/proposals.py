"""Cases in short, and what is proposed for them: entities, findings, and calls as their records tell them."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from investigator.domain.action import Action
from investigator.domain.credential import Credential
from investigator.domain.entity import Entity
from investigator.domain.event import Event
from investigator.domain.finding import Finding
from investigator.domain.report import Judgement
from investigator.domain.stage_results import Assessed, Gathered, Linked
from investigator.domain.words import Confidence, EntityKind, Outcome, Role, Severity, Tactic, Verdict
from investigator.stages.proposing import Judged, Limits, propose
from tests.doubles.fake_store import FakeStore

ACCOUNT = "111122223333"
HOME = "eu-west-1"
KEY = "AKIAIOSFODNN7EXAMPLE"
BUILD = f"arn:aws:iam::{ACCOUNT}:user/build"
SOC = f"arn:aws:iam::{ACCOUNT}:user/soc"
DEPLOY = f"arn:aws:iam::{ACCOUNT}:role/deploy"
QUIET = Limits()
"""Nothing may be interrupted."""
MINER = "i-0123456789abcdef0"


def entity(kind: EntityKind, value: str, role: Role = Role.COMPROMISED) -> Entity:
    return Entity(kind=kind, value=value, role=role, evidence=("ct:1",))


def finding(
    *entities: str, tactic: Tactic = Tactic.INITIAL_ACCESS, number: int = 1, evidence: tuple[str, ...] = ("ct:1",)
) -> Finding:
    return Finding(
        id=f"f{number}", claims=("c1",), confidence=Confidence.HIGH, severity=Severity.HIGH, tactic=tactic,
        entities=entities, evidence=evidence,
    )  # fmt: skip


def call(
    action: str,
    request: Mapping[str, JsonValue] | None = None,
    response: Mapping[str, JsonValue] | None = None,
    *,
    clock: str = "03:00",
    actor: str = BUILD,
    outcome: Outcome = Outcome.SUCCESS,
) -> Event:
    """A call as its record tells it; its id is its name and time."""
    service, name = action.split(":")
    return Event(
        id=f"ct:{name}@{clock}", time=datetime.fromisoformat(f"2026-01-27T{clock}:00+00:00"),
        source=f"{service}.amazonaws.com", name=name, account=ACCOUNT, region="us-east-1" if service == "iam" else HOME,
        arn=actor, principal=actor, outcome=outcome, request=dict(request or {}), response=dict(response or {}),
    )  # fmt: skip


def assessed(*entities: Entity, findings: tuple[Finding, ...] | None = None, verdict=Verdict.CONFIRMED) -> Assessed:
    """A judgement; unless told otherwise, one finding names every entity."""
    return Assessed(
        verdict=Judgement(value=verdict, confidence=Confidence.HIGH),
        findings=(finding(*(one.value for one in entities)),) if findings is None else findings,
        entities=entities,
    )


def proposed(
    case: Assessed, *events: Event, limits: Limits = QUIET, gathered: Gathered | None = None
) -> tuple[Action, ...]:
    linked = Linked(credentials=(Credential(id=KEY, issued_to=BUILD),))
    return propose(Judged(case, linked, gathered or Gathered(), FakeStore(events)), "ir-5b0c1f22a9d4", limits).actions


def undoing(*events: Event, later: tuple[Event, ...] = (), entities: tuple[Entity, ...] = ()) -> tuple[Action, ...]:
    """What is proposed when a finding cites these calls, and others were made later."""
    harm = finding(tactic=Tactic.IMPACT, evidence=tuple(event.id for event in events))
    return proposed(assessed(*entities, findings=(harm,)), *events, *later, limits=Limits(disrupt=True))


def codes(actions: tuple[Action, ...]) -> list[str]:
    return [action.code for action in actions]
