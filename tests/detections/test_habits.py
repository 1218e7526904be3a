"""What a caller has long done from the same network is told at the lowest level; what is new, more or harmful is not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from investigator.detections.habits import Span, told_apart
from investigator.domain.hit import Hit
from investigator.domain.words import Severity, Tactic

FIRST = date(2026, 3, 2)
MONTH = Span(FIRST, FIRST + timedelta(days=29))
OFFICE, ELSEWHERE = "192.0.2.10", "198.51.100.7"


def told(
    *days: int,
    level: Severity = Severity.LOW,
    harmful: bool = False,
    span: Span = MONTH,
    tactic: Tactic = Tactic.IMPACT,
    also: dict | None = None,
):
    """The days on which the hit keeps its level, when it hits once on each of these days from the office."""
    calls = {f"ct:{place}": (day, OFFICE) for place, day in enumerate(days)} | (also or {})
    seen = {
        id_: (datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=day), address)
        for id_, (day, address) in calls.items()
    }
    hit = Hit(
        rule_id="X1", title="t", level=level, tactic=tactic, techniques=(), principal="p", account="1", first=None,
        last=None, count=len(calls), event_ids=tuple(calls), harmful=harmful,
    )  # fmt: skip
    found = list(told_apart([hit], seen, span))
    assert sorted(id_ for one in found for id_ in one.event_ids) == sorted(calls)
    assert all(one.first == min(seen[id_][0] for id_ in one.event_ids) for one in found if len(found) > 1)
    return sorted(calls[id_][0] for one in found if one.level is level for id_ in one.event_ids)


def test_what_was_so_from_the_first_week_on_is_habit_all_along():
    assert told(0, 2, 4, 9, 16, 29) == []


def test_what_begins_later_is_told_for_a_week_and_until_it_happened_on_three_days():
    assert told(10, 12, 14, 18, 25) == [10, 12, 14]
    assert told(10, 18, 19, 20, 21) == [10, 18, 19]


def test_two_days_are_no_habit():
    assert told(0, 3, 20) == [0, 3, 20]
    assert told(10, 20, 21) == [10, 20, 21]


def test_another_network_is_none_of_the_habit():
    assert told(0, 2, 4, 9, also={"ct:x": (20, ELSEWHERE)}) == [20]
    assert told(0, 2, 4, 9, also={"ct:x": (20, "192.0.2.99")}) == []


def test_a_day_with_far_more_than_ever_is_told():
    many = {f"ct:m{n}": (20, OFFICE) for n in range(4)}
    three = {f"ct:m{n}": (20, OFFICE) for n in range(3)}

    assert told(0, 2, 4, 9, also=many) == [20] * 4
    assert told(0, 2, 4, 9, also=three) == []


@pytest.mark.parametrize(
    ("level", "harmful"), [(Severity.HIGH, False), (Severity.CRITICAL, False), (Severity.LOW, True)]
)
def test_what_weighs_much_or_harms_by_itself_never_becomes_a_habit(level, harmful):
    days = [0, 2, 4, 9, 16, 29]

    assert told(*days, level=level, harmful=harmful) == days


@pytest.mark.parametrize("tactic", [Tactic.PERSISTENCE, Tactic.DEFENSE_EVASION, Tactic.EXECUTION])
def test_ways_in_never_become_a_habit_above_a_low_level(tactic):
    assert told(0, 2, 4, 9, level=Severity.MEDIUM, tactic=tactic) == [0, 2, 4, 9]
    assert told(0, 2, 4, 9, level=Severity.LOW, tactic=tactic) == []
    assert told(0, 2, 4, 9, level=Severity.MEDIUM, tactic=Tactic.COLLECTION) == []


@pytest.mark.parametrize("address", ["cloudformation.amazonaws.com", "", "AWS Internal"])
def test_what_is_no_address_is_no_network(address):
    assert told(also={f"ct:{day}": (day, address) for day in (0, 2, 4, 9)}) == [0, 2, 4, 9]


def test_what_grows_from_day_to_day_outgrows_the_habit():
    calls = {
        f"ct:{day}-{n}": (day, OFFICE)
        for day, often in {10: 1, 11: 1, 12: 1, 18: 3, 19: 9}.items()
        for n in range(often)
    }

    assert 19 in told(also=calls)
    assert 18 not in told(also=calls)


def test_the_first_week_ends_before_its_eighth_day():
    assert told(4, 5, 6, 7) == [7]
    assert told(5, 6, 7, 8) == [5, 6, 7, 8]


def test_in_short_evidence_the_first_week_proves_nothing():
    """An intruder who came as the records begin is no regular."""
    week = Span(FIRST, FIRST + timedelta(days=8))

    assert told(0, 1, 2, 3, 4, span=week) == [0, 1, 2, 3, 4]


def test_undated_events_have_no_habit():
    hit = Hit(
        rule_id="X1", title="t", level=Severity.LOW, tactic=Tactic.IMPACT, techniques=(), principal="p", account="1",
        first=None, last=None, count=5, event_ids=tuple(f"ct:{n}" for n in range(5)),
    )  # fmt: skip

    assert list(told_apart([hit], dict.fromkeys(hit.event_ids, (None, OFFICE)), MONTH)) == [hit]
