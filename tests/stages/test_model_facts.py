"""What a model read in the description: it may widen the search, and excuse or hide nothing."""

import pytest

from investigator.domain.question import Answer
from investigator.domain.stage_results import Intake
from investigator.ports.model import Understood
from investigator.stages.model_facts import with_model


def told(*facts):
    return tuple(Answer(slot=slot, value=value, source="description") for slot, value in facts)


def intake(*facts):
    return Intake(title="t", description="d", scenarios=(), answers=told(*facts))


def test_a_name_that_rules_missed_is_added_and_said():
    taken = with_model(intake(), Understood(answers=told(("person", "Jane Doe"))))

    assert taken.answers == told(("person", "Jane Doe"))
    assert "person Jane Doe" in taken.notes[0]


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("known_ips", "198.51.100.7"),
        ("start", "2026-01-28T00:00:00Z"),
        ("left_at", "2026-01-28T00:00:00Z"),
        ("change", "planned test"),
        ("done", "alice"),
        ("mfa", "yes"),
        ("regions", "eu-west-1"),
        ("account", "111122223333"),
        ("disrupt", "yes"),
        ("verdict", "benign"),
    ],
)
def test_what_could_excuse_or_narrow_is_not_taken_from_a_model(slot, value):
    taken = with_model(intake(), Understood(answers=told((slot, value))))

    assert taken.answers == ()
    assert "1 fact(s) of the model were not used" in taken.notes[0]


def test_what_rules_found_stays():
    before = intake(("person", "Jane Doe"))

    assert with_model(before, Understood(answers=told(("person", "Eve")))).answers == before.answers


def test_whose_key_it_is_comes_from_the_records():
    before = intake(("key", "AKIAIOSFODNN7EXAMPLE"))

    assert with_model(before, Understood(answers=told(("principal", "leaked")))).answers == before.answers


def test_a_model_that_failed_is_said():
    assert with_model(intake(), Understood(trouble="the model did not read it")).notes == (
        "The model did not read it.",
    )
