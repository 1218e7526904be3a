"""No question is decoration: whatever may be asked, two answers give other steps, another judgement or other actions."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from investigator.domain.coverage import Cell
from investigator.domain.measure import Measure
from investigator.domain.plan import Step
from investigator.domain.question import Answer
from investigator.domain.stage_results import Gathered, Intake, StepReport
from investigator.domain.times import Window, parse_instant
from investigator.domain.words import Actor, CellState, Scenario, Verdict
from investigator.stages.assessing import assess
from investigator.stages.case_facts import CaseFacts
from investigator.stages.clarifying import NOT_YET, Known, clarify
from investigator.stages.planning import make_plan
from investigator.stages.proposing import Judged, Limits, propose
from investigator.stages.steps.sourcing import World
from investigator.wiring import catalog
from tests.support.incidents import leak
from tests.support.matters import AS_OF, START, TakenAsTold, history, judged, matter
from tests.support.story import ACCOUNT, key_of, told, user_arn

PLAYBOOKS = catalog().playbooks()
KEY, OTHER = key_of("build"), key_of("alice")
ANSWERS = {
    "account": (ACCOUNT, "444455556666"),
    "regions": ("us-east-1", "eu-west-1"),
    "start": ("2026-01-27T00:00:00Z", "2026-01-20T00:00:00Z"),
    "principal": ("build", "alice"),
    "key": (KEY, OTHER),
    "exposure": ("GitHub, on 2026-01-27", "GitHub, on 2026-01-20"),
    "rotated": ("yes, at 2026-01-27T19:05:00Z", "no"),
    "usual": ("the office and 198.51.100.0/24", "our build server at 203.0.113.40"),
    "known_ips": ("198.51.100.0/24", "203.0.113.0/24"),
    "change": ("a penetration test", "none"),
    "done": ("mallory cleaned up", "nothing"),
    "disrupt": ("yes", "no"),
    "instance": ("i-0123456789abcdef0", "i-0fedcba9876543210"),
    "forensics": ("yes", "no"),
    "bucket": ("acme-data", "acme-logs"),
    "data_class": ("patient records", "no: public pictures"),
    "cost_normal": ("EC2 was planned to grow", "EC2, and nobody knows why"),
    "person": ("alice", "build"),
    "left_at": ("2026-01-27T19:03:00Z", "2026-01-27T19:30:00Z"),
    "mfa": ("yes", "no"),
    "ip": ("198.51.100.7", "203.0.113.40"),
    "secret": ("prod/database", "prod/payments"),
}
"""Two answers to each question."""
NAMED = {"key": KEY}
CLEANING = told("2026-01-27 20:40 mallory iam:PutGroupPolicy(admins)")
SIGN_IN = told("2026-01-27 09:05 alice signin:ConsoleLogin from 203.0.113.40")
LAUNCHES = history("11:00 carol ec2:RunInstances(i-0aaaaaaaaaaaaaaaa) in eu-west-1")


def outcome(slot: str, answer: str, *, ask_in: str):
    """Steps, judgement and actions of a case in which this was answered."""
    answers = {**_beside(slot), slot: answer}
    told_so = tuple(Answer(slot=name, value=value, source="user") for name, value in answers.items())
    steps = make_plan(CaseFacts(told_so), _world(ask_in)).steps
    case = matter(_story(slot), answers, **_more(slot))
    case = replace(case, window=CaseFacts(told_so).window(AS_OF)) if slot in ("start", "exposure") else case
    judgement = assess(case, (), TakenAsTold())
    limits = Limits(disrupt=answers.get("disrupt") == "yes", forensics=answers.get("forensics") != "no")
    actions = propose(Judged(judgement, case.linked, case.gathered, case.store), "ir-case", limits).actions
    return [step.id for step in steps], judgement.model_dump_json(), [action.id for action in actions]


def _beside(slot: str):
    """What else is known, so that the question is about something."""
    if slot == "left_at":
        return {"person": "build"}
    if slot in ("mfa", "start", "exposure"):
        return {"principal": "alice"} if slot == "mfa" else dict(NAMED)
    return {} if slot in ("key", "principal", "person", "ip", "bucket", "cost_normal") else dict(NAMED)


def _story(slot: str):
    events = (*leak(), *(replace(event, id=f"ct:m{event.id}") for event in CLEANING))
    if slot == "change":
        return (*history("09:00 build s3:ListBuckets"), *told("2026-01-27 09:30 build s3:ListBuckets"))
    if slot != "mfa":
        return LAUNCHES if slot == "cost_normal" else events
    signed_in = [replace(e, id="ct:login", session_start="2026-01-27T09:05:00Z", actor=Actor.PERSON) for e in SIGN_IN]
    return (*history("09:00 alice s3:ListBuckets"), *signed_in)


def _more(slot: str):
    scenario = Scenario.TERMINATED_EMPLOYEE if slot == "left_at" else Scenario.LEAKED_ACCESS_KEY
    gathered = Gathered(steps=(_costs(),)) if slot == "cost_normal" else Gathered()
    return {"intake": Intake(title="t", description="d", scenarios=(scenario,)), "gathered": gathered}


def _costs() -> StepReport:
    """Nothing for a fortnight, then 500 dollars a day."""
    days = [START - timedelta(days=14) + timedelta(days=day) for day in range(15)]
    series = tuple(
        Measure(
            answer="aws:0123456789abcdef", path="Groups[Keys=EC2]", kind="cost", unit="USD", dimensions={"service": "EC2"},
            window=Window(start=day, end=day + timedelta(days=1)), amount=Decimal(500 if day >= START else 1),
        )
        for day in days
    )  # fmt: skip
    return StepReport(step=Step(id="s", tool="cost_by_service", source="ce", because=""), observations=series)


def _world(playbook: str) -> World:
    window = Window(start=parse_instant("2025-12-28"), end=AS_OF)
    logs = Cell(source="logs", account=ACCOUNT, region="us-east-1", events="management", window=window, records=9,
                state=CellState.UNVERIFIED)  # fmt: skip
    cells = tuple((account, region) for account in (ACCOUNT, "444455556666") for region in ("eu-west-1", "us-east-1"))
    return World(PLAYBOOKS[playbook], catalog(), AS_OF, (logs,), cells)


def asked_in(slot: str) -> str:
    return next((name for name, playbook in PLAYBOOKS.items() if slot in playbook.slots), "general")


ASKABLE = sorted({slot for playbook in PLAYBOOKS.values() for slot in playbook.slots} - NOT_YET)


@pytest.mark.parametrize("slot", ASKABLE)
def test_two_answers_lead_to_two_cases(slot):
    one, other = (outcome(slot, answer, ask_in=asked_in(slot)) for answer in ANSWERS[slot])

    assert one != other


@pytest.mark.parametrize("slot", ASKABLE)
def test_the_same_answer_leads_to_the_same_case(slot):
    one, other = (outcome(slot, ANSWERS[slot][0], ask_in=asked_in(slot)) for _ in range(2))

    assert one == other


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_what_nothing_depends_on_is_never_asked(playbook):
    nothing = Intake(title="t", description="d", scenarios=(Scenario.GENERAL,))
    questions = clarify(nothing, PLAYBOOKS[playbook], Known(AS_OF), {}).questions

    assert not {question.slot for question in questions if question.asked} & NOT_YET


def texts(assessed):
    return " ".join(claim.text for claim in assessed.claims)


def test_calls_after_the_key_was_said_to_be_off_are_told():
    assessed = judged(leak(), key=KEY, rotated="yes, at 2026-01-27T19:05:00Z")

    assert "when the key was said to be switched off" in texts(assessed)
    assert "when the key was said to be switched off" not in texts(judged(leak(), key=KEY, rotated="no"))


def test_a_usual_address_is_no_sign_of_misuse():
    assessed = judged(leak(), key=KEY, usual="the runner at 198.51.100.7")

    assert assessed.verdict.value not in (Verdict.CONFIRMED, Verdict.LIKELY)


def test_a_wide_network_holds_its_addresses():
    assessed = judged(leak(), key=KEY, known_ips="198.51.0.0/16")

    assert assessed.verdict.value not in (Verdict.CONFIRMED, Verdict.LIKELY)


def test_a_sign_in_that_the_person_disowns_is_misuse():
    disowned = matter(_story("mfa"), {"principal": "alice", "mfa": "no"})

    assert assess(disowned, (), TakenAsTold()).verdict.value in (Verdict.CONFIRMED, Verdict.LIKELY)


def test_whoever_was_said_to_have_cleaned_up_is_a_responder():
    assessed = judged((*leak(), *(replace(e, id="ct:m") for e in CLEANING)), key=KEY, done="key deleted by mallory")

    assert {e.value: e.role.value for e in assessed.entities}[user_arn("mallory")] == "responder"


def test_without_forensics_no_disk_is_copied():
    kept, let_go = (outcome("forensics", answer, ask_in="compromised-instance")[2] for answer in ("yes", "no"))

    assert set(let_go) < set(kept)
