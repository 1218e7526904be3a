"""Linking at scale: a whole hop is read at once, and what does not fit is said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from investigator.domain.entity import EntityRef
from investigator.domain.words import EntityKind
from investigator.stages.chains.forest import MOST_CREDENTIALS
from investigator.stages.chains.limits import HOPS
from investigator.stages.chains.seeds import MOST_SEEDS
from investigator.stages.linking import link
from tests.doubles.counting_store import CountingStore
from tests.doubles.fake_store import FakeStore
from tests.support.story import key_of, role_arn, session_arn, told

ALICE = EntityRef(kind=EntityKind.ACCESS_KEY, value=key_of("alice"))
[ISSUE] = told("03:00 alice sts:AssumeRole(deploy) -> ASIACHILD")
USE = replace(told("03:00 alice s3:ListBuckets")[0], principal=role_arn("deploy"), user="")


def issue(number: int, parent: str = ISSUE.key):
    """The issue of one of many sessions, each of its own name, a second apart."""
    arn = session_arn("deploy", f"s{number}")
    return replace(
        ISSUE,
        id=f"ct:i{number:06}",
        key=parent,
        time=ISSUE.time + timedelta(seconds=number),
        issued_key=f"ASIA{number:06}",
        shared_id=f"shared-{number}",
        request={"roleArn": role_arn("deploy"), "roleSessionName": f"s{number}"},
        response={"credentials": {"accessKeyId": f"ASIA{number:06}"}, "assumedRoleUser": {"arn": arn}},
    )


def use(number: int, **more):
    """A call of one of those sessions."""
    session = {"key": f"ASIA{number:06}", "arn": session_arn("deploy", f"s{number}"), "session": f"s{number}"}
    time = ISSUE.time + timedelta(days=1, seconds=number)
    return replace(USE, id=f"ct:u{number:06}", time=time, **{**session, **more})


def silent(event):
    return replace(event, issued_key="", response=None)


def keyless(number: int):
    return use(number, key="", session_start=f"{issue(number).time:%Y-%m-%dT%H:%M:%SZ}")


def bare(number: int):
    return replace(use(number, key=""), time=issue(number).time + timedelta(minutes=1))


def on_the_console(number: int):
    """A password for one of many users, the sign-in with it, and what was done then."""
    given, login, then = told(
        f"03:00 alice iam:CreateLoginProfile(u{number})\n03:05 u{number} signin:ConsoleLogin\n"
        f"03:06 u{number} iam:ListUsers"
    )
    start = "2026-01-27T03:05:00Z"
    return (
        replace(given, id=f"ct:p{number}"),
        replace(login, id=f"ct:l{number}", key=""),
        replace(then, id=f"ct:t{number}", key=f"ASIACONSOLE{number}", session_start=start),
    )


STORIES = {
    "answered": lambda n: (issue(n), use(n)),
    "without an answer": lambda n: (silent(issue(n)), use(n, session_start=f"{issue(n).time:%Y-%m-%dT%H:%M:%SZ}")),
    "without keys": lambda n: (issue(n), keyless(n)),
    "with neither key nor start": lambda n: (issue(n), bare(n)),
    "in another account": lambda n: (silent(issue(n)), replace(issue(n), id=f"ct:x{n}", identity="AWSAccount", key="")),
    "on the console": on_the_console,
}


def linked(store) -> int:
    return len(link([ALICE], store).credentials)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_a_thousand_children_take_as_many_questions_as_ten(story):
    few = CountingStore(event for number in range(10) for event in story(number))
    many = CountingStore(event for number in range(1_000) for event in story(number))

    assert (linked(few), linked(many)) == (11, 1_001)
    assert 0 < few.asked.total() == many.asked.total()


def test_a_thousand_sessions_lead_up_with_as_many_questions_as_ten():
    def questions(sessions: int):
        store = CountingStore(event for number in range(sessions) for event in (issue(number), use(number)))
        found = link([EntityRef(kind=EntityKind.PRINCIPAL, value=role_arn("deploy"))], store)
        assert {credential.parent for credential in found.credentials} == {None, key_of("alice")}
        assert len(found.credentials) == sessions + 1
        return store.asked

    assert questions(10) == questions(1_000)


def test_a_key_that_issued_more_sessions_than_there_is_room_for_keeps_the_first_and_says_so():
    store = CountingStore(issue(number) for number in range(MOST_CREDENTIALS + 500))

    found = link([ALICE], store)

    kept = {credential.id for credential in found.credentials}
    assert kept == {ALICE.value, *(f"ASIA{number:06}" for number in range(MOST_CREDENTIALS - 1))}
    assert any(f"{MOST_CREDENTIALS:,}" in gap.why and "ASIA004999" in gap.what for gap in found.gaps)
    assert store.given < 3 * MOST_CREDENTIALS


def test_what_is_near_a_suspect_is_kept_before_what_is_further_down():
    """The first child issues a crowd before the suspect issues a second child."""
    crowd = [issue(number, parent="ASIA000000") for number in range(1, MOST_CREDENTIALS + 500)]
    late = replace(issue(900_000), id="ct:late", key=ALICE.value)

    found = link([ALICE], FakeStore([issue(0), *crowd, late]))

    kept = {credential.id for credential in found.credentials}
    assert {"ASIA900000", "ASIA000001"} <= kept
    assert f"ASIA{MOST_CREDENTIALS + 499:06}" not in kept


def test_a_role_with_more_sessions_than_can_be_started_from_keeps_the_first_and_says_so():
    store = FakeStore(use(number) for number in range(MOST_SEEDS + 10))

    found = link([EntityRef(kind=EntityKind.PRINCIPAL, value=role_arn("deploy"))], store)

    assert len(found.credentials) == MOST_SEEDS
    assert any(f"{MOST_SEEDS:,}" in gap.why and f"ASIA{MOST_SEEDS:06}" in gap.what for gap in found.gaps)


def test_many_sessions_whose_issue_is_not_in_the_records_are_one_gap_that_counts_them_all():
    store = FakeStore(use(number) for number in range(100))

    found = link([EntityRef(kind=EntityKind.PRINCIPAL, value=role_arn("deploy"))], store)

    [gap] = found.gaps
    assert "ASIA000002 and 97 more" in gap.what


def chain_of(hops: int):
    lines = [f"03:{n:02} ASIA{n:03} sts:AssumeRole(r{n + 1}) -> ASIA{n + 1:03}" for n in range(1, hops)]
    return told("\n".join(["03:00 alice sts:AssumeRole(r1) -> ASIA001", *lines]))


def test_a_chain_as_long_as_linking_goes_is_whole_and_leaves_no_gap():
    found = link([ALICE], FakeStore(chain_of(HOPS)))

    assert len(found.credentials) == HOPS + 1
    assert found.gaps == ()


def test_a_longer_chain_is_followed_so_far_and_the_gap_names_its_last_credential():
    found = link([ALICE], FakeStore(chain_of(HOPS + 3)))

    assert len(found.credentials) == HOPS + 1
    assert any(f"ASIA{HOPS:03}" in gap.what for gap in found.gaps)


def test_a_longer_chain_upwards_is_a_gap_too():
    last = EntityRef(kind=EntityKind.ACCESS_KEY, value=f"ASIA{HOPS + 3:03}")

    found = link([last], FakeStore(chain_of(HOPS + 3)))

    assert any("above" in gap.what and "ASIA003" in gap.what for gap in found.gaps)


def test_two_roles_that_assume_each_other_end():
    story = told("""
        03:00 alice sts:AssumeRole(a) -> ASIA001
        03:01 ASIA001 sts:AssumeRole(b) -> ASIA002
        03:02 ASIA002 sts:AssumeRole(a) -> ASIA001
    """)

    found = link([ALICE], FakeStore(story))

    assert {c.id: c.parent for c in found.credentials} == {
        ALICE.value: None,
        "ASIA001": ALICE.value,
        "ASIA002": "ASIA001",
    }


RING, HUB = 400, 3_000


def ring():
    """The keys of a ring of roles and the calls that close it: each session assumes the next role, the last the first."""
    keys = [f"ASIARING{number:03}" for number in range(RING)]
    lines = [f"{3 + n // 60:02}:{n % 60:02} {keys[n - 1]} sts:AssumeRole(r{n}) -> {keys[n]}" for n in range(RING)]
    first, *others = told("\n".join(lines))
    return keys, [replace(first, key=keys[-1]), *others]


def ends(credential: str, parents) -> bool:
    """Whether the way up from a credential leads to one that nobody issued, in as many steps as there are at most."""
    for _ in parents:
        credential = parents[credential]
        if credential is None:
            return True
    return False


def test_a_ring_of_400_roles_is_followed_as_far_as_linking_goes_both_ways_and_the_gaps_say_so():
    keys, story = ring()

    found = link([EntityRef(kind=EntityKind.ACCESS_KEY, value=keys[200])], FakeStore(story))

    assert {credential.id for credential in found.credentials} == set(keys[200 - HOPS : 200 + HOPS + 1])
    assert any("above" in gap.what for gap in found.gaps)
    assert any("below" in gap.what for gap in found.gaps)


def test_a_ring_of_400_roles_all_of_them_suspects_is_linked_whole_and_has_a_beginning():
    keys, story = ring()

    found = link([EntityRef(kind=EntityKind.ACCESS_KEY, value=key) for key in keys], FakeStore(story))

    parents = {credential.id: credential.parent for credential in found.credentials}
    assert parents.keys() == set(keys)
    assert all(ends(key, parents) for key in keys)
    assert sum(parent is None for parent in parents.values()) == 1


def test_a_hub_of_3_000_sessions_is_linked_whole_with_as_many_questions_as_one_of_30():
    def hub(sessions: int):
        """A role that a key assumes again and again, and whose sessions are used from everywhere."""
        return CountingStore(event for number in range(sessions) for event in (issue(number), use(number)))

    small, large = hub(HUB // 100), hub(HUB)

    assert (linked(small), linked(large)) == (HUB // 100 + 1, HUB + 1)
    assert small.asked == large.asked


def test_a_hub_of_3_000_sessions_each_of_which_assumes_the_hub_again_ends():
    again = [issue(HUB + number, parent=f"ASIA{number:06}") for number in range(HUB)]
    store = FakeStore([*(issue(number) for number in range(HUB)), *again])

    found = link([ALICE], store)

    parents = {credential.id: credential.parent for credential in found.credentials}
    assert len(parents) == MOST_CREDENTIALS
    assert all(parents[f"ASIA{number:06}"] == ALICE.value for number in range(HUB))
    assert any(f"{MOST_CREDENTIALS:,}" in gap.why for gap in found.gaps)


def test_what_is_kept_does_not_depend_on_the_order_of_the_suspects():
    events = [issue(number) for number in range(50)] + [use(number) for number in range(50)]
    named = [ALICE, *(EntityRef(kind=EntityKind.SESSION, value=session_arn("deploy", f"s{n}")) for n in range(20))]

    forwards, backwards = (link(order, FakeStore(events)) for order in (named, named[::-1]))

    assert (forwards.credentials, forwards.reach) == (backwards.credentials, backwards.reach)
