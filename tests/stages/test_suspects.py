"""Suspects: whom linking starts from, and what is said of those for whom there is no room."""

from dataclasses import replace
from datetime import timedelta

from investigator.domain.hit import Hit
from investigator.domain.words import Severity, Tactic
from investigator.stages.suspects import MOST_OF_A_HIT, MOST_RAISED, MOST_RECORDS, suspects
from tests.doubles.counting_store import CountingStore
from tests.support.matters import matter
from tests.support.story import key_of, told, user_arn

[CALL] = told("03:00 alice s3:GetObject(acme-data) from 198.51.100.7")


def call(number: int, **more):
    """One of many calls, each with a key of its own, a second apart."""
    changed = {"key": f"AKIA{number:06}", "id": f"ct:c{number:06}", "request_id": f"c{number}", **more}
    return replace(CALL, time=CALL.time + timedelta(seconds=number), **changed)


def hit(ids, level=Severity.HIGH, rule="r"):
    ids = tuple(ids)
    return Hit(
        rule_id=rule,
        title="seen",
        level=level,
        tactic=Tactic.IMPACT,
        techniques=(),
        principal=user_arn("alice"),
        account=CALL.account,
        first=None,
        last=None,
        count=len(ids),
        event_ids=ids,
    )


def raised(found) -> list[str]:
    return [ref.value for ref in found.refs]


def test_whoever_touched_the_named_bucket_first_is_followed_and_the_gap_counts_the_others():
    events = [call(number, key=f"AKIA{999 - number:06}") for number in range(MOST_RAISED + 15)]

    found = suspects(matter(events, {"bucket": "acme-data"}, hits=()))

    assert raised(found) == [event.key for event in events[:MOST_RAISED]]
    [gap] = found.gaps
    assert "15 access keys" in gap.what


def test_as_many_as_there_is_room_for_leave_no_gap():
    events = [call(number) for number in range(MOST_RAISED)]

    assert suspects(matter(events, {"bucket": "acme-data"}, hits=())).gaps == ()


def test_the_worst_hits_come_first_and_the_gap_reaches_the_report():
    events = [call(number) for number in range(MOST_RAISED + 1)]
    lesser = hit((event.id for event in events[:-1]), Severity.MEDIUM, "a")
    worst = hit([events[-1].id], Severity.CRITICAL, "z")

    judged = matter(events, {}, hits=(lesser, worst))

    assert raised(suspects(judged))[0] == events[-1].key
    assert any("access keys" in gap.what for gap in judged.linked.gaps)


def test_a_caller_whom_only_the_last_records_of_a_large_hit_show_is_found():
    events = [call(number, key=key_of("alice")) for number in range(MOST_OF_A_HIT + 5)]
    late = call(900, key="AKIALATE")

    found = suspects(matter([*events, late], {}, hits=(hit(event.id for event in (*events, late)),)))

    assert raised(found) == [key_of("alice"), "AKIALATE"]


def test_more_records_of_hits_than_are_looked_at_are_a_gap():
    beyond = hit(f"ct:x{number}" for number in range(MOST_RECORDS + 7))

    [gap] = suspects(matter([call(1)], {}, hits=(beyond,))).gaps

    assert f"7 of {MOST_RECORDS + 7:,}" in gap.what


def test_neither_services_nor_our_own_calls_are_raised():
    ours, service, other = call(1), call(2, actor="service"), call(3)

    found = suspects(matter([ours, service, other], {"ip": CALL.ip}, own_requests=frozenset({ours.request_id})))

    assert raised(found) == [other.key]


def test_a_thousand_hits_and_named_people_take_as_many_questions_as_ten():
    def questions(number: int):
        events = [call(at, user=f"u{at}") for at in range(number)]
        names = ", ".join(event.user for event in events)
        store = CountingStore(events)
        found = suspects(
            matter(events, {"principal": names}, hits=tuple(hit([event.id]) for event in events), store=store)
        )
        assert len(found.refs) > min(number, MOST_RAISED)
        return store.asked

    assert questions(10) == questions(1_000)
