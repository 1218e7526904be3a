"""A matter before the assessor, out of a told story: what was said, what was hit, and the forest that linking grew."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from investigator.domain.claim import Claim
from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.question import Answer
from investigator.domain.stage_results import Assessed, Gathered, Intake
from investigator.domain.times import Window
from investigator.domain.words import Scenario, Severity, Tactic
from investigator.stages.assessing import assess
from investigator.stages.linking import link
from investigator.stages.matter import Matter
from investigator.stages.suspects import suspects
from tests.doubles.fake_snapshot import FakeSnapshot
from tests.support.story import told

START = datetime(2026, 1, 27, tzinfo=UTC)
AS_OF = datetime(2026, 1, 28, tzinfo=UTC)
TACTICS = {
    "CreateAccessKey": (Tactic.PERSISTENCE, Severity.MEDIUM),
    "CreateUser": (Tactic.PERSISTENCE, Severity.MEDIUM),
    "StopLogging": (Tactic.DEFENSE_EVASION, Severity.HIGH),
    "RunInstances": (Tactic.EXECUTION, Severity.MEDIUM),
    "AttachUserPolicy": (Tactic.PRIVILEGE_ESCALATION, Severity.HIGH),
}


def history(line: str, days: int = 30) -> tuple[Event, ...]:
    """The same line of a story on each of the days before the start, as everyday life."""
    first = START - timedelta(days=days)
    text = "\n".join(f"{first + timedelta(days=day):%Y-%m-%d} {line}" for day in range(days))
    return tuple(replace(event, id=f"ct:h{line}{n}") for n, event in enumerate(told(text)))


def hits_on(events: Iterable[Event]) -> tuple[Hit, ...]:
    """One hit for each call of a name that the rules would catch."""
    return tuple(
        Hit(
            rule_id=f"r-{event.name}",
            title=f"{event.name} seen",
            level=TACTICS[event.name][1],
            tactic=TACTICS[event.name][0],
            techniques=(),
            principal=event.principal,
            account=event.account,
            first=event.time,
            last=event.time,
            count=1,
            event_ids=(event.id,),
        )
        for event in events
        if event.name in TACTICS
    )


def matter(events: Iterable[Event], answers: Mapping[str, str], **more: object) -> Matter:
    """The matter of a leaked-key case with these answers from the user."""
    events = tuple(events)
    intake = Intake(title="t", description="a key leaked", scenarios=(Scenario.LEAKED_ACCESS_KEY,))
    bare = Matter(
        store=FakeSnapshot(events),
        window=Window(start=START, end=AS_OF),
        as_of=AS_OF,
        answers={slot: Answer(slot=slot, value=value, source="user") for slot, value in answers.items()},
        intake=intake,
        gathered=Gathered(),
        hits=hits_on(events),
    )
    changed = replace(bare, **more)
    found = suspects(changed)
    return replace(changed, linked=link(found.refs, changed.store, found.gaps))


def judged(events: Iterable[Event], **answers: str) -> Assessed:
    """The judgement on a story, with answers by slot."""
    return assess(matter(events, answers), (), TakenAsTold())


class TakenAsTold:
    """A proof over stories, which have no original files: every sentence holds, and no record differs."""

    def judged(self, claims: Iterable[Claim], cells: object) -> tuple[Claim, ...]:
        return tuple(claim.model_copy(update={"holds": True}) for claim in claims)

    def changed(self, events: Iterable[Event]) -> frozenset[str]:
        return frozenset()
