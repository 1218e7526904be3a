"""Linking: sign-ins and the passwords behind them, and records that name no key."""

from dataclasses import replace

from investigator.domain.entity import EntityRef
from investigator.domain.search import parse_search
from investigator.domain.words import EntityKind
from investigator.stages.linking import link
from tests.doubles.fake_store import FakeStore
from tests.support.story import key_of, told, user_arn

ALICE = EntityRef(kind=EntityKind.ACCESS_KEY, value=key_of("alice"))


def story_of(text: str, **starts: str):
    """A story in which sign-ins carry no key; `starts` gives records, by their number, a console key and its start."""
    events = [replace(event, key="") if event.name == "ConsoleLogin" else event for event in told(text)]
    for number, start in starts.items():
        at = int(number.removeprefix("record"))
        events[at - 1] = replace(events[at - 1], key=f"ASIACONSOLE{at}", session_start=f"2026-01-27T{start}Z")
    return events


def linked(events, *suspects: EntityRef):
    return {c.id: c for c in link(suspects or [ALICE], FakeStore(events)).credentials}


def reach(events, credential: str):
    """The ids of the records that linking lays at a credential's door."""
    store = FakeStore(events)
    found = link([ALICE], store)
    searches = [parse_search(reach.where) for reach in found.reach if reach.credential == credential]
    return {event.id for where in searches for event in store.events(where)}


def console(user: str, clock: str) -> str:
    return f"console:{user_arn(user)}@2026-01-27T{clock}Z"


def test_a_sign_in_after_somebody_else_reset_the_password_is_not_laid_at_the_intruders_door():
    events = story_of("""
        03:00 alice iam:CreateLoginProfile(carol)
        03:05 carol signin:ConsoleLogin from 198.51.100.7
        04:00 admin iam:UpdateLoginProfile(carol)
        04:10 carol signin:ConsoleLogin
    """)

    found = linked(events)

    assert found[console("carol", "03:05:00")].parent == ALICE.value
    assert console("carol", "04:10:00") not in found


def test_a_password_that_somebody_deleted_opens_nothing_more():
    events = story_of("""
        03:00 alice iam:CreateLoginProfile(carol)
        04:00 admin iam:DeleteLoginProfile(carol)
        04:05 admin iam:CreateLoginProfile(carol)
        04:10 carol signin:ConsoleLogin
    """)

    assert set(linked(events)) == {ALICE.value}


def test_a_reset_that_failed_ends_nothing():
    events = story_of("""
        03:00 alice iam:CreateLoginProfile(carol)
        04:00 admin iam:UpdateLoginProfile(carol) denied
        04:10 carol signin:ConsoleLogin from 198.51.100.7
    """)

    assert console("carol", "04:10:00") in linked(events)


def test_the_intruder_may_reset_the_password_again_and_the_last_reset_is_the_parent():
    events = story_of("""
        03:00 alice iam:CreateLoginProfile(carol)
        03:10 alice sts:AssumeRole(deploy) -> ASIADEPLOY
        03:20 ASIADEPLOY iam:UpdateLoginProfile(carol)
        03:30 carol signin:ConsoleLogin from 198.51.100.7
    """)

    found = linked(events)[console("carol", "03:30:00")]

    assert (found.parent, found.by) == ("ASIADEPLOY", "ct:3")


def test_the_same_user_name_in_another_account_is_somebody_else():
    given, login = story_of("""
        03:00 alice iam:CreateLoginProfile(carol)
        03:05 carol signin:ConsoleLogin
    """)

    assert set(linked([given, replace(login, account="999988887777")])) == {ALICE.value}


def test_records_of_a_console_session_may_tell_a_start_some_seconds_off_the_sign_in():
    events = story_of(
        """
        03:00 alice iam:CreateLoginProfile(carol)
        03:05 carol signin:ConsoleLogin
        03:06 carol iam:ListUsers
        """,
        record3="03:05:04",
    )

    assert reach(events, console("carol", "03:05:00")) == {"ct:2", "ct:3"}


def test_a_sign_in_after_which_nothing_was_called_is_a_record_of_its_session():
    events = story_of("""
        03:00 alice iam:CreateLoginProfile(carol)
        03:05 carol signin:ConsoleLogin
    """)

    assert reach(events, console("carol", "03:05:00")) == {"ct:2"}


def test_a_session_belongs_to_the_sign_in_that_is_closest_to_its_start():
    events = story_of(
        """
        03:00    alice iam:CreateLoginProfile(carol)
        03:05    carol signin:ConsoleLogin
        03:05:40 carol signin:ConsoleLogin
        03:06    carol iam:ListUsers
        03:07    carol iam:ListRoles
        """,
        record4="03:05:02",
        record5="03:05:39",
    )

    assert reach(events, console("carol", "03:05:00")) == {"ct:2", "ct:4"}
    assert reach(events, console("carol", "03:05:40")) == {"ct:3", "ct:5"}


def test_a_session_that_a_call_handed_out_just_after_the_sign_in_is_no_console_session():
    events = story_of(
        """
        03:00    alice iam:CreateLoginProfile(carol)
        03:05    carol signin:ConsoleLogin
        03:05:10 carol sts:GetSessionToken -> ASIATOKEN
        03:06    carol iam:ListUsers
        """,
        record4="03:05:10",
    )
    token = [replace(event, key="ASIATOKEN") if event.id == "ct:4" else event for event in events]

    assert "ct:4" not in reach(token, console("carol", "03:05:00"))


def test_upwards_the_sign_in_closest_to_the_start_is_the_parent():
    events = story_of(
        """
        03:04:30 carol signin:ConsoleLogin
        03:05    carol signin:ConsoleLogin
        03:06    carol iam:ListUsers
        """,
        record3="03:05:02",
    )

    found = linked(events, EntityRef(kind=EntityKind.ACCESS_KEY, value="ASIACONSOLE3"))

    assert found["ASIACONSOLE3"].parent == console("carol", "03:05:00")


def test_what_a_console_session_makes_is_its_child():
    events = story_of(
        """
        03:00 alice iam:CreateLoginProfile(carol)
        03:05 carol signin:ConsoleLogin
        03:06 carol iam:CreateAccessKey(carol) -> AKIACAROL2
        """,
        record3="03:05:00",
    )

    assert linked(events)["AKIACAROL2"].parent == console("carol", "03:05:00")


def test_a_sign_in_that_names_nobody_is_linked_to_nothing():
    given, login, other = story_of("""
        03:00 alice iam:CreateLoginProfile(carol)
        03:05 carol signin:ConsoleLogin
        03:06 bob   s3:ListBuckets
    """)

    found = linked([given, replace(login, arn=""), replace(other, arn="", key="")])

    assert set(found) == {ALICE.value}


KEYLESS = """
    03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
    03:10 ASIADEPLOY s3:ListBuckets
    03:11 ASIADEPLOY sts:AssumeRole(backup) -> ASIABACKUP
    03:12 ASIABACKUP s3:ListBuckets
"""


def keyless(*numbers: int):
    """The story, in which some records of the first session carry its start in place of its key."""
    return [
        replace(event, key="", session_start="2026-01-27T03:09:00Z") if int(event.id[3:]) in numbers else event
        for event in told(KEYLESS)
    ]


def test_a_session_that_was_known_before_gets_its_records_without_key_and_what_these_issued():
    """The session itself is named; its key is known from a record, and its issuer is found on the way up."""
    events = keyless(3)
    store = FakeStore(events)

    found = link([EntityRef(kind=EntityKind.ACCESS_KEY, value="ASIADEPLOY")], store)

    assert {c.id: c.parent for c in found.credentials}["ASIABACKUP"] == "ASIADEPLOY"
    assert [r.where for r in found.reach if r.credential == "ASIADEPLOY" and "key=null" in r.where]


def test_a_call_without_answer_and_without_role_or_name_ties_nothing_to_nobody():
    token, after = told("""
        03:09 alice sts:GetSessionToken
        03:10 bob   s3:ListBuckets
    """)
    nameless = replace(after, arn="", key="ASIANOBODY", session_start="2026-01-27T03:09:00Z")

    assert set(linked([token, nameless])) == {ALICE.value}


def test_a_hostile_expiry_does_not_stretch_a_session_over_later_records():
    issue, use = told("""
        03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
        03:10 ASIADEPLOY s3:ListBuckets
    """)
    answer = {**issue.response, "credentials": {"accessKeyId": "ASIADEPLOY", "expiration": "9999-01-01T00:00:00Z"}}
    much_later = replace(use, key="", id="ct:3", time=use.time.replace(month=6))

    store = FakeStore([replace(issue, response=answer), replace(use, key=""), much_later])
    found = link([ALICE], store)

    [where] = [r.where for r in found.reach if r.credential == "ASIADEPLOY" and "key=null" in r.where]
    assert "to:2026-01-27T15:09:00Z" in where


def test_calls_whose_answers_were_not_kept_in_the_same_second_get_a_key_each():
    first, second, one, other = told("""
        03:09 alice sts:AssumeRole(deploy) -> ASIAONE
        03:09 alice sts:AssumeRole(deploy) -> ASIAOTHER
        03:10 ASIAONE   s3:ListBuckets
        03:11 ASIAOTHER s3:ListBuckets
    """)
    silent = [replace(event, issued_key="", response=None) for event in (first, second)]
    used = [replace(event, session_start="2026-01-27T03:09:00Z") for event in (one, other)]

    found = linked([*silent, *used])

    assert {found["ASIAONE"].by, found["ASIAOTHER"].by} == {"ct:1", "ct:2"}


def test_a_key_called_null_does_not_take_in_the_records_that_have_none():
    issue, other = told("""
        03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
        03:10 bob   iam:CreateAccessKey(bob) -> AKIABOB2
    """)

    found = linked([replace(issue, issued_key="null"), replace(other, key="")])

    assert set(found) == {ALICE.value, "null"}
