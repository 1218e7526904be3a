"""Taint at scale: what credentials did is read together, and what was not read is said."""

from dataclasses import replace
from datetime import timedelta

from investigator.stages.assessment.credential_records import MOST_OF_ALL, MOST_OF_ONE, read_records
from investigator.stages.assessment.taint import Reason
from investigator.stages.assessment.tracing import trace
from tests.doubles.counting_store import CountingStore
from tests.support.matters import START, history, judged, matter
from tests.support.story import key_of, role_arn, session_arn, told

OFFICE_LIFE = history("09:00 alice s3:ListBuckets from 203.0.113.40")
[CALL] = told("00:00 alice s3:ListBuckets from 203.0.113.40")
KEY = key_of("alice")


def busy(calls: int, **more):
    """So many everyday calls of one key, all inside the time of the case."""
    step = timedelta(seconds=1)
    prefix = f"ct:{more.get('key', 'busy')}"
    return [replace(CALL, id=f"{prefix}{n:06}", time=START + n * step, request_id="", **more) for n in range(calls)]


def sessions(number: int):
    """A key from a strange network that issued so many sessions, half of them a machine's, and people around."""
    for n in range(number):
        name = f"i-0{n:06}" if n % 2 else f"s{n}"
        minute = START + timedelta(seconds=60 + n)
        [issue] = told(f"00:01 alice sts:AssumeRole(deploy/{name}) -> ASIA{n:06} from 198.51.100.7")
        yield replace(issue, id=f"ct:i{n}", time=minute)
        yield replace(
            CALL,
            id=f"ct:u{n}",
            time=minute + timedelta(hours=1),
            key=f"ASIA{n:06}",
            arn=session_arn("deploy", name),
            principal=role_arn(f"deploy{n}"),
            session=name,
            ip=f"198.51.{n % 200}.7",
        )


def test_a_thousand_credentials_are_traced_with_as_many_questions_as_ten():
    def questions(number: int):
        case = matter((*OFFICE_LIFE, *sessions(number)), {"key": KEY})
        store = CountingStore(case.store.all)
        found = trace(replace(case, store=store))
        assert len(found.tainted) == number + 1
        return store.asked

    assert questions(10) == questions(1_000)


def test_each_record_is_read_once():
    case = matter((*OFFICE_LIFE, *sessions(50)), {"key": KEY})
    store = CountingStore(case.store.all)

    read_records(replace(case, store=store))

    assert store.given == 100


def test_late_use_from_a_strange_network_is_seen_in_a_flood_of_everyday_calls():
    [late] = told("23:00 alice cloudtrail:StopLogging(main) from 198.51.100.7")
    late = replace(late, id="ct:late")

    found = trace(matter([*OFFICE_LIFE, *busy(MOST_OF_ONE + 500), late], {"key": KEY}))

    [taint] = found.tainted
    assert (taint.reason, [event.id for event in taint.events]) == (Reason.NEW_NETWORK, ["ct:late"])
    [gap] = found.gaps
    assert f"501 of the {MOST_OF_ONE + 501:,} records of {KEY}" in gap.what


def test_a_credential_with_as_many_records_as_are_judged_leaves_no_gap():
    found = read_records(matter(busy(MOST_OF_ONE), {"key": KEY}))

    assert len(found.of(KEY)) == MOST_OF_ONE
    assert found.gaps == ()


def test_the_records_that_were_not_judged_stand_among_the_gaps_of_the_report():
    assessed = judged([*OFFICE_LIFE, *busy(MOST_OF_ONE + 1)], key=KEY)

    assert any(f"1 of the {MOST_OF_ONE + 1:,} records" in gap.what for gap in assessed.gaps)


def test_all_credentials_together_are_read_up_to_a_limit_and_the_gap_says_from_when_on():
    keys = [key_of(f"user{letter}") for letter in "abcdef"]
    each = MOST_OF_ALL // len(keys) + 10
    case = matter([event for key in keys for event in busy(each, key=key)], {"principal": "alice"})

    found = read_records(case)

    assert sum(map(len, found.by_credential.values())) == MOST_OF_ALL
    [gap] = found.gaps
    assert gap.what.startswith("records of 6 linked credentials from 2026-01-27T02:18:")


def test_sessions_without_a_key_are_told_apart_though_they_are_read_together():
    one, other, first, second = told("""
        03:09 alice sts:AssumeRole(deploy/a) -> ASIAONE
        03:10 alice sts:AssumeRole(deploy/b) -> ASIAOTHER
        03:11 ASIAONE   s3:ListBuckets
        03:12 ASIAOTHER s3:ListBuckets
    """)
    keyless = (
        replace(first, key="", session_start="2026-01-27T03:09:00Z"),
        replace(second, key="", session_start="2026-01-27T03:10:00Z"),
    )

    found = read_records(matter((one, other, *keyless), {"key": KEY}))

    assert [event.id for event in found.of("ASIAONE")] == ["ct:3"]
    assert [event.id for event in found.of("ASIAOTHER")] == ["ct:4"]


def test_our_own_calls_are_nobodys_records():
    case = matter(told("03:00 alice s3:ListBuckets"), {"key": KEY}, own_requests=frozenset({"r1"}))

    assert read_records(case).of(KEY) == ()
