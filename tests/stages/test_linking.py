"""Linking: chains of credentials, walked up and down."""

from dataclasses import replace

from investigator.domain.entity import EntityRef
from investigator.domain.words import EntityKind
from investigator.stages.linking import link
from tests.doubles.fake_store import FakeStore
from tests.support.story import key_of, told, user_arn, without

ALICE = EntityRef(kind=EntityKind.ACCESS_KEY, value=key_of("alice"))

TWO_HOPS = """
    03:00 alice iam:ListUsers
    03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
    03:10 ASIADEPLOY sts:AssumeRole(backup) -> ASIABACKUP
    03:12 ASIABACKUP s3:GetObject(acme-data)
    03:13 ASIABACKUP iam:CreateAccessKey(carol) -> AKIACAROL2
"""


def chain(linked):
    return {credential.id: (credential.parent, credential.rule) for credential in linked.credentials}


def test_a_leaked_key_leads_to_every_session_and_key_that_it_issued():
    linked = link([ALICE], FakeStore(told(TWO_HOPS)))

    assert chain(linked) == {
        key_of("alice"): (None, None),
        "ASIADEPLOY": (key_of("alice"), "1"),
        "ASIABACKUP": ("ASIADEPLOY", "1"),
        "AKIACAROL2": ("ASIABACKUP", "6"),
    }


def test_each_credential_says_to_whom_it_was_issued_and_by_which_record():
    linked = link([ALICE], FakeStore(told(TWO_HOPS)))

    carol = next(credential for credential in linked.credentials if credential.id == "AKIACAROL2")
    assert (carol.issued_to, carol.by) == (user_arn("carol"), "ct:5")


def test_a_session_leads_up_to_the_key_that_issued_it():
    session = EntityRef(kind=EntityKind.ACCESS_KEY, value="ASIABACKUP")

    linked = link([session], FakeStore(told(TWO_HOPS)))

    assert chain(linked)["ASIABACKUP"] == ("ASIADEPLOY", "1")
    assert chain(linked)["ASIADEPLOY"] == (key_of("alice"), "1")


def test_a_session_whose_issue_is_not_in_the_records_is_a_gap_and_no_root():
    session = EntityRef(kind=EntityKind.ACCESS_KEY, value="ASIADEPLOY")

    linked = link([session], FakeStore(without(told(TWO_HOPS), "ct:2")))

    assert any("ASIADEPLOY" in gap.what for gap in linked.gaps)


def test_a_session_whose_issuer_is_found_on_the_way_down_is_no_gap():
    """The answer of the call was not kept, so that only the caller leads to the session."""
    issue, use = told("""
        03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
        03:10 ASIADEPLOY s3:ListBuckets
    """)
    events = [replace(issue, issued_key="", response=None), replace(use, session_start="2026-01-27T03:09:00Z")]
    session = EntityRef(kind=EntityKind.ACCESS_KEY, value="ASIADEPLOY")

    linked = link([ALICE, session], FakeStore(events))

    assert chain(linked)["ASIADEPLOY"] == (key_of("alice"), "2")
    assert linked.gaps == ()


def test_a_denied_call_issues_nothing():
    linked = link([ALICE], FakeStore(told("03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY denied")))

    assert chain(linked) == {key_of("alice"): (None, None)}


def keyless(events, start=""):
    """The same story, where the session's records carry no key, and perhaps a session start."""
    return tuple(
        replace(event, key="", session_start=start) if event.key == "ASIADEPLOY" else event for event in events
    )


def test_records_without_a_key_belong_to_the_session_that_was_issued_at_their_session_start():
    story = told(TWO_HOPS)
    issued = "2026-01-27T03:09:00Z"

    linked = link([ALICE], FakeStore(keyless(story, issued)))

    deploy = next(credential for credential in linked.credentials if credential.id == "ASIADEPLOY")
    assert (deploy.rule, deploy.certainty) == ("2", "medium")
    assert chain(linked)["ASIABACKUP"][0] == "ASIADEPLOY"


def test_records_with_neither_key_nor_start_belong_to_the_only_candidate():
    linked = link([ALICE], FakeStore(keyless(told(TWO_HOPS))))

    deploy = next(credential for credential in linked.credentials if credential.id == "ASIADEPLOY")
    assert deploy.rule == "2b"


def test_two_candidates_for_records_without_a_key_are_a_gap_that_names_them():
    story = told("""
        03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
        03:09 bob sts:AssumeRole(deploy) -> ASIAOTHER
        03:10 ASIADEPLOY s3:GetObject(acme-data)
    """)

    linked = link([ALICE], FakeStore(keyless(story)))

    [gap] = linked.gaps
    assert "ct:1" in gap.why
    assert "ct:2" in gap.why


def test_a_ring_of_sessions_ends_and_no_edge_closes_the_circle():
    lines = [f"03:{n:02} ASIA{n:03} sts:AssumeRole(r{(n + 1) % 40}) -> ASIA{(n + 1) % 40:03}" for n in range(1, 40)]
    story = told("\n".join(["03:00 alice sts:AssumeRole(r1) -> ASIA001", *lines]))

    linked = link([ALICE], FakeStore(story))

    parents = {credential.id: credential.parent for credential in linked.credentials}
    for start in parents:
        seen, at = set(), start
        while at is not None:
            assert at not in seen
            seen.add(at)
            at = parents.get(at)


def test_across_accounts_the_shared_event_id_names_the_caller():
    """The trusting account records the caller as AWSAccount without a key; the caller's own record has it."""
    own, there, use = told("""
        03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
        03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
        03:10 ASIADEPLOY s3:GetObject(acme-data)
    """)
    own = replace(own, shared_id="shared", issued_key="", response=None)
    there = replace(there, shared_id="shared", identity="AWSAccount", key="", arn="", user="", account="999988887777")
    session = EntityRef(kind=EntityKind.ACCESS_KEY, value="ASIADEPLOY")

    linked = link([session], FakeStore([own, there, use]))

    assert chain(linked)["ASIADEPLOY"][0] == key_of("alice")


def test_a_key_leads_down_into_the_account_that_trusts_it():
    own, there, use = told("""
        03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
        03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
        03:10 ASIADEPLOY s3:GetObject(acme-data)
    """)
    own = replace(own, shared_id="shared", issued_key="", response=None)
    there = replace(there, shared_id="shared", identity="AWSAccount", key="", arn="", user="", account="999988887777")

    linked = link([ALICE], FakeStore([own, there, use]))

    assert chain(linked)["ASIADEPLOY"] == (key_of("alice"), "3")


def test_a_user_given_a_password_leads_to_the_console_session():
    story = told("""
        03:00 alice iam:CreateLoginProfile(carol)
        03:05 carol signin:ConsoleLogin
        03:06 carol iam:ListUsers
    """)
    login = replace(story[1], key="")
    later = replace(story[2], key="ASIACONSOLE", session_start="2026-01-27T03:05:00Z")

    linked = link([ALICE], FakeStore([story[0], login, later]))

    assert f"console:{user_arn('carol')}@2026-01-27T03:05:00Z" in chain(linked)
