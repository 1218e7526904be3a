"""At most five questions, none already answered; every slot ends with an answer, a lookup or a said default."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from investigator.domain.case import OpenCase
from investigator.domain.coverage import Cell
from investigator.domain.facts import SLOTS
from investigator.domain.playbook import Playbook
from investigator.domain.times import Window, parse_instant
from investigator.domain.words import CellState, Scenario
from investigator.stages.clarifying import Known, checked, clarify
from investigator.stages.evidence_facts import evidence_facts
from investigator.stages.intake import intake
from tests.domain.alerts.test_reading import FINDING
from tests.doubles.fake_store import FakeStore
from tests.support.story import ACCOUNT, key_of, told, user_arn

NOW = parse_instant("2026-01-28T12:00:00Z")
KEY = "AKIAIOSFODNN7EXAMPLE"
LEAKED = Playbook(
    name="leaked-access-key",
    title="Leaked key",
    scenario=Scenario.LEAKED_ACCESS_KEY,
    when=("access_key",),
    slots=("exposure", "start", "key", "principal", "rotated", "account", "usual", "known_ips"),
    steps=(),
)


def read(worry: str, **more):
    return intake(OpenCase(worry=worry, **more), NOW)


def asked(clarified) -> list[str]:
    return [question.slot for question in clarified.questions if question.asked]


def answers(clarified) -> dict[str, tuple[str, str]]:
    return {answer.slot: (answer.value, answer.source) for answer in clarified.answers}


def test_what_the_text_says_is_not_asked():
    taken = read(f"credentials of user build were committed to GitHub, key {KEY}")
    clarified = clarify(taken, LEAKED, Known(NOW), {})

    assert asked(clarified) == ["start", "rotated", "account", "usual", "known_ips"]
    assert all(question.default and question.why for question in clarified.questions)


def test_five_questions_are_asked_in_the_order_of_the_playbook():
    assert asked(clarify(read("help"), LEAKED, Known(NOW), {})) == ["exposure", "start", "key", "principal", "rotated"]


def test_what_evidence_says_is_not_asked():
    clarified = clarify(read("help"), LEAKED, Known(NOW, {"account": ACCOUNT}), {})

    assert "account" not in asked(clarified)
    assert answers(clarified)["account"] == (ACCOUNT, "looked_up")


def test_without_answers_every_slot_has_a_default_and_an_assumption():
    clarified = clarify(read(f"key {KEY} leaked"), LEAKED, Known(NOW), {})

    assert {answer.slot for answer in clarified.answers} >= set(LEAKED.slots)
    assert answers(clarified)["start"] == ("2026-01-14T12:00:00Z", "default")
    assert any("14 days ago (2026-01-14T12:00:00Z)" in sentence for sentence in clarified.assumptions)
    assert len(clarified.assumptions) == sum(1 for answer in clarified.answers if answer.source == "default")


def test_the_default_start_is_a_day_before_the_first_alert():
    clarified = clarify(intake(OpenCase(alert=FINDING), NOW), LEAKED, Known(NOW), {})

    assert answers(clarified)["start"] == ("2026-01-26T08:40:00Z", "default")


def test_the_default_start_is_the_time_of_exposure_when_that_is_known():
    clarified = clarify(read("help"), LEAKED, Known(NOW), {"exposure": "public repository on 2026-01-20"})

    assert answers(clarified)["start"] == ("2026-01-20T00:00:00Z", "default")


def test_the_user_outweighs_text_and_evidence():
    clarified = clarify(
        read(f"key {KEY}"), LEAKED, Known(NOW, {"key": "AKIAEVIDENCE00000000"}), {"key": "AKIAUSER000000000000"}
    )

    assert answers(clarified)["key"] == ("AKIAUSER000000000000", "user")


def test_do_not_know_is_an_answer_and_takes_nothing_away():
    clarified = clarify(read(f"key {KEY}"), LEAKED, Known(NOW), {"key": "unknown", "rotated": "Don't know"})

    assert answers(clarified)["key"] == (KEY, "description")
    assert answers(clarified)["rotated"] == ("unknown", "user")
    assert "rotated" not in asked(clarified)


def test_an_invalid_answer_is_kept_as_text_with_a_note():
    answer = checked("account", "prod, 111122223333")

    assert answer.value == "prod, 111122223333"
    assert answer.note == "'prod' is kept as text: this takes an account id of 12 digits"


def test_an_account_that_lost_its_zero_is_mended():
    assert checked("account", "12345678901").value == "012345678901"


def test_a_secret_in_an_answer_is_redacted():
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

    assert secret not in checked("exposure", f"secret access key: {secret}").model_dump_json()


def test_whose_address_it_is_does_not_replace_the_address():
    clarified = clarify(read("calls from 198.51.100.7"), LEAKED, Known(NOW), {"ip": "our VPN"})

    assert answers(clarified)["ip"] == ("198.51.100.7, our VPN", "user")


def test_what_the_playbook_presets_gives_way_to_the_user():
    preset = LEAKED.model_copy(update={"answers": {"known_ips": "10.0.0.0/8", "rotated": "no"}})
    clarified = clarify(read("help"), preset, Known(NOW), {"rotated": "yes"})

    assert answers(clarified)["known_ips"][0] == "10.0.0.0/8"
    assert answers(clarified)["rotated"][0] == "yes"


@given(st.sampled_from(sorted(SLOTS)), st.text(max_size=60))
def test_every_text_is_accepted_for_every_slot(slot, text):
    assert checked(slot, text).source == "user"


@given(st.dictionaries(st.sampled_from(LEAKED.slots), st.just("unknown")))
def test_never_more_than_five_and_never_one_that_was_answered(given_answers):
    found = asked(clarify(read("help"), LEAKED, Known(NOW), given_answers))

    assert len(found) <= 5
    assert not set(found) & set(given_answers)


def test_logs_tell_whose_key_it_is_and_which_accounts_there_are():
    store = FakeStore(told("03:00 build iam:ListUsers"))
    cell = Cell(source="logs", account=ACCOUNT, region="us-east-1", events="management",
                window=Window(start=NOW, end=NOW), records=1, state=CellState.UNVERIFIED)  # fmt: skip
    found = evidence_facts(store, (cell,), read(f"key {key_of('build')} leaked"))

    assert found == {"account": ACCOUNT, "principal": user_arn("build")}


def test_the_role_of_a_session_key_is_not_taken_for_its_owner():
    store = FakeStore(
        told("02:00 dave sts:AssumeRole(deploy) -> ASIADEPLOY1234567890\n03:00 ASIADEPLOY1234567890 iam:ListUsers")
    )

    assert evidence_facts(store, (), read("key ASIADEPLOY1234567890 leaked")) == {}


@pytest.mark.parametrize("slot", ["known_ips", "disrupt", "left_at", "instance"])
def test_each_checked_slot_says_what_it_takes(slot):
    assert checked(slot, "nonsense!").note
