"""Search expressions over timeline entries."""

import pytest

from investigator.domain.search import NotASearch
from investigator.domain.timeline_filter import matching, place_of
from tests.doubles.fake_case import LEAKED, SECOND, SESSION, START, timeline


def actions(expression: str) -> list[str]:
    return [entry.action.partition(":")[2] for entry in matching(timeline(), expression)]


@pytest.mark.parametrize(
    ("expression", "left"),
    [
        ("createaccesskey", ["CreateAccessKey"]),
        (SECOND, ["CreateAccessKey", "AssumeRole"]),
        ("name=CreateUser", ["CreateUser"]),
        ("source=iam.amazonaws.com outcome=denied", ["CreateUser"]),
        ("action~^iam:Create -outcome=denied", ["CreateAccessKey"]),
        (f"key={SESSION}", ["ListBuckets", "StopLogging"]),
        ("tactic=defense-evasion", ["StopLogging"]),
        ("from:2026-01-27T19:12:07Z to:2026-01-27T19:18:07Z", ["AssumeRole", "ListBuckets"]),
        ("time>=2026-01-27T19:15:00Z", ["ListBuckets", "StopLogging"]),
        ("time<2026-01-27T19:02:00Z", ["GetCallerIdentity"]),
        ("on=null -name~List", ["GetCallerIdentity"]),
        ("why=f1", ["CreateAccessKey"]),
        ('"initial access"', []),
    ],
)
def test_what_a_filter_leaves(expression: str, left: list[str]):
    assert actions(expression) == left


def test_no_expression_leaves_everything():
    assert len(matching(timeline(), "  ")) == 7


def test_an_unknown_field_is_told_with_those_that_there_are():
    with pytest.raises(NotASearch, match=r"no field requestParameters\.x; it has time, id"):
        matching(timeline(), "requestParameters.x=1")


def test_an_entry_that_was_repeated_is_there_until_its_last_time():
    entry = timeline()[0].model_copy(update={"count": 3, "last": START.replace(hour=23)})

    assert matching((entry,), "from:2026-01-27T22:00:00Z") == [entry]


def test_an_entry_without_a_time_is_in_no_window():
    entry = timeline()[0].model_copy(update={"time": None})

    assert matching((entry,), "from:2020-01-01") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [("19:12:07", 4), ("19:10", 4), ("2026-01-27T19:05", 2), ("2026-01-28", 7), ("2020-01-01", 0)],
)
def test_the_place_of_a_time(text: str, place: int):
    assert place_of(timeline(), text, START) == place


def test_a_text_that_is_no_time_is_told_what_it_takes():
    with pytest.raises(ValueError, match="takes a time such as"):
        place_of(timeline(), "noon", START)


def test_credentials_are_found_by_key():
    assert len(matching(timeline(), f"key={LEAKED}")) == 4
