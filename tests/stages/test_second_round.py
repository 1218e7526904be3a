"""A second round asks only what the evidence raised, a person alone can know, and the case turns on."""

from dataclasses import replace

import pytest

from investigator.domain.case import OpenCase, Sources
from investigator.domain.stage_results import Assessed, Intake
from investigator.domain.words import Actor, Outcome, RunState, Scenario
from investigator.stages.clarifying import NOT_YET, Known, clarify, clarify_again
from investigator.stages.raising import raised
from investigator.wiring import catalog
from tests.cases.test_questions_matter import ANSWERS, asked_in, outcome
from tests.support.incidents import KEY, WORRY, leak, leak_logs
from tests.support.investigations import Room
from tests.support.matters import AS_OF, history, judged
from tests.support.story import told

PLAYBOOKS = catalog().playbooks()
NOTHING = Intake(title="t", description="d", scenarios=(Scenario.GENERAL,))
COST_SPIKE = clarify(NOTHING, PLAYBOOKS["cost-spike"], Known(AS_OF), {})


def everyday() -> Assessed:
    """What the key does every day, once more."""
    return judged((*history("09:00 build s3:ListBuckets"), *told("2026-01-27 09:30 build s3:ListBuckets")), key=KEY)


def test_a_stolen_key_raises_what_its_owner_and_the_responders_know():
    assert set(raised(judged(leak(), key=KEY))) >= {"known_ips", "exposure", "disrupt", "done", "data_class", "rotated"}


def test_an_everyday_case_raises_only_whether_a_change_was_planned():
    assert list(raised(everyday())) == ["change"]


@pytest.mark.parametrize(
    ("slot", "without"),
    [
        ("data_class", "s3:GetObject"),
        ("forensics", "ec2:RunInstances"),
    ],
)
def test_without_what_raised_it_a_question_is_not_raised(slot, without):
    quieter = [event for event in leak() if event.action != without]

    assert slot in raised(judged(leak(), key=KEY))
    assert slot not in raised(judged(quieter, key=KEY))


def test_a_sign_in_that_only_its_person_can_judge_raises_whether_it_was_theirs():
    signed_in = (*history("09:00 alice s3:ListBuckets"), *sign_in("success"))
    refused = (*history("09:00 alice s3:ListBuckets"), *sign_in("failed"))

    assert "mfa" in raised(judged(signed_in, principal="alice"))
    assert "mfa" not in raised(judged(refused, principal="alice"))


def sign_in(outcome_word: str):
    [event] = told("2026-01-27 09:05 alice signin:ConsoleLogin")
    start = "2026-01-27T09:05:00Z"
    return [replace(event, id="ct:login", session_start=start, actor=Actor.PERSON, outcome=Outcome(outcome_word))]


def test_without_a_defender_nobody_asks_what_was_done():
    attacked = [event for event in leak() if event.user != "admin"]

    assert "done" not in raised(judged(attacked, key=KEY))


@pytest.mark.parametrize("slot", sorted(set(raised(judged(leak(), key=KEY))) | set(raised(everyday())) | {"mfa"}))
def test_two_answers_to_what_may_be_raised_lead_to_two_cases(slot):
    one, other = (outcome(slot, answer, ask_in=asked_in(slot)) for answer in ANSWERS[slot])

    assert one != other


def asked(clarified, turn=2):
    return [question.slot for question in clarified.questions if question.asked and question.round == turn]


def test_at_most_three_are_asked_the_weightiest_first():
    again = clarify_again(COST_SPIKE, ("known_ips", "exposure", "data_class", "done"))

    assert asked(again) == ["known_ips", "exposure", "data_class"]


def test_what_the_first_round_asked_is_not_asked_again():
    again = clarify_again(COST_SPIKE, ("disrupt", "done"))

    assert "disrupt" in asked(COST_SPIKE, turn=1)
    assert asked(again) == ["done"]


def test_what_the_description_says_is_not_asked():
    said = COST_SPIKE.model_copy(
        update={"answers": tuple(a.model_copy(update={"source": "description"}) for a in COST_SPIKE.answers)}
    )

    assert asked(clarify_again(said, ("principal",))) == []


def test_there_is_no_third_round():
    raising = ("known_ips", "exposure", "data_class", "done")
    answered = clarify(NOTHING, PLAYBOOKS["cost-spike"], Known(AS_OF), {"known_ips": "unknown", "exposure": "GitHub"})

    assert asked(clarify_again(answered, raising)) == ["data_class"]


def test_each_has_a_default_and_an_assumption():
    again = clarify_again(COST_SPIKE, ("known_ips", "forensics"))

    assert {a.slot: a.value for a in again.answers if a.slot in ("known_ips", "forensics")} == {
        "known_ips": "unknown",
        "forensics": "yes",
    }
    assert any(sentence.startswith("Which networks are yours?") for sentence in again.assumptions)


def test_asking_again_after_a_crash_changes_nothing():
    once = clarify_again(COST_SPIKE, ("known_ips", "done"))

    assert clarify_again(once, ("known_ips", "done")) == once


def test_nothing_is_raised_that_nothing_depends_on():
    assert not set(raised(judged(leak(), key=KEY))) & NOT_YET


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A whole case that may ask, run without an answer, and then again with one to its second round."""
    folder = tmp_path_factory.mktemp("again")
    room = Room(folder / "room")
    request = OpenCase(worry=WORRY, sources=Sources(logs=(leak_logs(folder / "logs"),)))
    handle = room.handle(request)
    before = room.investigation.view(handle), room.investigation.document(handle)
    room.investigation.answer(handle, {"data_class": "patient records"})
    room.investigation.run(handle)
    return *before, room.investigation.view(handle), room.investigation.document(handle)


def test_the_run_waits_for_nobody(case):
    view, document, *_ = case

    assert view.run is RunState.FINISHED
    assert [q.slot for q in view.questions if q.round == 2 and q.asked] == asked(document)
    assert "data_class" in asked(document)


def test_who_is_not_asked_finds_the_assumptions_in_the_report(case):
    _, document, *_ = case

    for slot in asked(document):
        [question] = [question for question in document.questions if question.slot == slot]
        assert any(note.startswith(f"Assumed: {question.text}") for note in document.summary.notes)


def test_an_answer_to_it_is_in_the_next_report(case):
    _, before, view, after = case

    assert {a.slot: (a.value, a.source) for a in after.answers}["data_class"] == ("patient records", "user")
    assert "data_class" not in asked(after)
    assert set(asked(after)) < set(asked(before))
    assert view.run is RunState.FINISHED
    severities = [f.severity for d in (before, after) for f in d.findings if "T1530" in f.techniques]
    assert severities == ["high", "critical"]
