"""Evidence ties entities to suspects; nobody who merely acted on a suspect becomes one."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from investigator.domain.alert import Alert
from investigator.domain.entity import EntityRef
from investigator.domain.question import Answer
from investigator.domain.times import Window, parse_instant
from investigator.domain.words import EntityKind, Severity
from investigator.stages.case_facts import CaseFacts
from investigator.stages.steps.leads import find_leads
from tests.doubles.fake_store import FakeStore
from tests.support.story import key_of, role_arn, session_arn, told, user_arn, without

DAY = parse_instant("2026-01-27T00:00:00Z")
WINDOW = Window(start=DAY, end=DAY + timedelta(days=1))
BOB_KEY, SESSION_KEY, MACHINE = "AKIABOB1234567890123", "ASIADEPLOY1234567890", "i-0123456789abcdef0"
INTRUSION = f"""
    03:02 alice iam:ListUsers from 198.51.100.7
    03:06 alice iam:CreateAccessKey(bob) -> {BOB_KEY} from 198.51.100.7
    03:07 {BOB_KEY} iam:CreateUser(svc) from 198.51.100.7
    03:08 {BOB_KEY} sts:AssumeRole(deploy/nightly) -> {SESSION_KEY} from 198.51.100.8
    03:09 {SESSION_KEY} ec2:RunInstances(x) -> {MACHINE} from 198.51.100.8
    03:10 {SESSION_KEY} s3:GetObject(acme-data) from 198.51.100.8
    03:11 svc sts:GetCallerIdentity from 198.51.100.9
    04:00 admin iam:UpdateAccessKey(alice)
    04:01 admin iam:AttachUserPolicy(alice)
    04:02 carol s3:GetObject(other-bucket)
"""


def case(**slots: str) -> CaseFacts:
    return CaseFacts(tuple(Answer(slot=slot, value=value, source="user") for slot, value in slots.items()))


def leads(events, facts, most=40):
    return find_leads(facts, WINDOW, FakeStore(events), most).leads


def values(found):
    return {lead.entity.value for lead in found}


def test_every_hop_of_a_chain_is_a_lead_with_the_record_that_raised_it():
    raised = {lead.entity.value: lead.evidence for lead in leads(told(INTRUSION), case(key=key_of("alice")))}

    assert raised[BOB_KEY] == "ct:2"
    assert raised[user_arn("svc")] == "ct:3"
    assert raised[SESSION_KEY] == "ct:4"
    assert raised[session_arn("deploy", "nightly")] == "ct:4"
    assert raised[role_arn("deploy")] == "ct:4"
    assert raised[MACHINE] == "ct:5"
    assert raised["acme-data"] == "ct:6"
    assert raised["198.51.100.7"] == "ct:1"
    assert raised[key_of("svc")] == "ct:7"


def test_responders_and_strangers_are_no_leads():
    found = values(leads(told(INTRUSION), case(key=key_of("alice"))))

    assert not found & {user_arn("admin"), key_of("admin"), user_arn("carol"), key_of("carol"), "other-bucket"}


def test_who_made_a_long_term_key_long_ago_is_no_lead():
    events = told(f"""
        01:00 admin iam:CreateAccessKey(alice) -> {BOB_KEY}
        03:00 {BOB_KEY} iam:ListUsers
    """)

    assert key_of("admin") not in values(leads(events, case(key=BOB_KEY)))


def test_the_credential_that_issued_a_suspect_session_is_a_lead():
    events = told(f"""
        02:00 dave sts:AssumeRole(deploy) -> {SESSION_KEY}
        03:00 {SESSION_KEY} ec2:DescribeInstances
    """)

    assert key_of("dave") in values(leads(events, case(key=SESSION_KEY)))


def test_failed_calls_hand_nothing_out():
    events = told("""
        03:06 alice iam:CreateUser(svc) denied
        03:07 alice sts:AssumeRole(deploy) denied
    """)

    found = values(leads(events, case(key=key_of("alice"))))
    assert not found & {user_arn("svc"), role_arn("deploy")}


def test_readers_of_a_bucket_that_the_case_names_are_looked_at():
    events = told("""
        03:00 alice s3:GetObject(acme-data)
        03:01 carol s3:GetObject(other)
        03:02 admin s3:PutBucketPolicy(acme-data)
    """)

    [lead] = [lead for lead in leads(events, case(bucket="acme-data")) if lead.entity.kind is EntityKind.ACCESS_KEY]
    assert (lead.entity.value, lead.evidence) == (key_of("alice"), "ct:1")
    assert lead.because == "it touched objects of acme-data"


def test_anonymous_readers_of_a_bucket_are_known_by_their_address():
    events = told("03:00 anonymous s3:GetObject(acme-data) from 192.0.2.9")

    [lead] = leads(events, case(bucket="acme-data"))
    assert lead.entity == EntityRef(kind=EntityKind.IP, value="192.0.2.9")


def test_an_address_leads_to_its_credentials_and_their_other_addresses_but_no_further():
    events = told("""
        03:00 alice iam:ListUsers from 198.51.100.7
        03:01 alice iam:ListRoles from 192.0.2.1
        03:02 carol iam:ListUsers from 192.0.2.1
    """)

    found = values(leads(events, case(ip="198.51.100.7")))
    assert {key_of("alice"), "192.0.2.1"} <= found
    assert key_of("carol") not in found


def test_networks_of_the_user_lead_to_nobody():
    events = told("""
        03:00 alice iam:ListUsers from 203.0.113.40
        03:01 carol iam:ListUsers from 203.0.113.40
    """)

    found = values(leads(events, case(key=key_of("alice"), known_ips="203.0.113.0/24")))
    assert "203.0.113.40" not in found


def test_services_that_call_for_a_suspect_are_no_addresses():
    events = told("03:00 alice ec2:RunInstances(x) from autoscaling.amazonaws.com")

    assert EntityKind.IP not in {lead.entity.kind for lead in leads(events, case(key=key_of("alice")))}


def test_an_alert_names_suspects_too():
    alert = Alert(
        id="alert:1",
        detector="guardduty",
        type="t",
        title="t",
        severity=Severity.HIGH,
        entities=(EntityRef(kind=EntityKind.ACCESS_KEY, value=key_of("alice")),),
    )

    assert BOB_KEY in values(leads(told(INTRUSION), CaseFacts((), (alert,))))


def test_the_budget_of_leads_is_kept_and_said():
    trail = find_leads(case(key=key_of("alice")), WINDOW, FakeStore(told(INTRUSION)), 3)

    assert len(trail.leads) == 3
    assert trail.cut


def test_what_was_only_touched_comes_last_and_never_takes_the_place_of_a_credential():
    lines = [f"03:{number:02d} alice s3:PutObject(bucket-{number})" for number in range(50)]
    events = told("\n".join([*lines, f"03:55 alice iam:CreateAccessKey(bob) -> {BOB_KEY}"]))
    found = [lead.entity.value for lead in leads(events, case(key=key_of("alice")), most=10)]

    assert BOB_KEY in found
    assert found[-1].startswith("bucket-")


def test_an_identity_that_a_suspect_first_changed_and_then_made_anew_is_followed():
    events = told("""
        03:00 alice iam:AttachUserPolicy(svc)
        03:01 alice iam:CreateUser(svc)
        03:02 svc iam:ListUsers from 192.0.2.66
    """)

    assert "192.0.2.66" in values(leads(events, case(key=key_of("alice"))))


def test_the_session_and_role_of_a_reader_are_looked_at_too():
    events = told(f"""
        02:00 dave sts:AssumeRole(web/i-0123456789abcdef0) -> {SESSION_KEY}
        03:00 {SESSION_KEY} s3:GetObject(acme-data)
    """)

    found = values(leads(events, case(bucket="acme-data")))
    assert {SESSION_KEY, session_arn("web", MACHINE), role_arn("web")} <= found


def test_records_outside_the_window_raise_nothing():
    before = Window(start=DAY - timedelta(days=1), end=DAY)

    assert find_leads(case(key=key_of("alice")), before, FakeStore(told(INTRUSION)), 40).leads == ()


def test_a_ring_of_roles_ends():
    keys = [f"ASIARING{number:012d}" for number in range(40)]
    lines = [
        f"03:{number:02d} {keys[number]} sts:AssumeRole(r{number}/s) -> {keys[number + 1]}" for number in range(39)
    ]
    story = "\n".join(
        [f"03:00 alice sts:AssumeRole(r/s) -> {keys[0]}", *lines, f"03:59 {keys[39]} sts:AssumeRole(r/s) -> {keys[0]}"]
    )

    assert keys[39] in values(leads(told(story), case(key=key_of("alice")), most=200))


def test_hostile_names_are_written_out():
    events = told("03:00 alice s3:PutObject(acme\x1b[31m) from 198.51.100.7")

    assert all("\x1b" not in lead.because for lead in leads(events, case(key=key_of("alice"))))


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(1, 10), max_size=10))
def test_order_and_repetition_of_records_change_nothing(random, doubled):
    events = list(told(INTRUSION))
    again = events + [event for event in events if int(event.id.removeprefix("ct:")) in doubled]
    random.shuffle(again)

    assert leads(again, case(key=key_of("alice"))) == leads(events, case(key=key_of("alice")))


@pytest.mark.parametrize("number", range(1, 11))
def test_no_lead_stays_on_evidence_that_is_gone(number):
    gone = f"ct:{number}"
    before = leads(told(INTRUSION), case(key=key_of("alice")))
    after = leads(without(told(INTRUSION), gone), case(key=key_of("alice")))

    assert gone not in {lead.evidence for lead in after}
    raised_by_others = {lead.entity for lead in before if lead.evidence != gone} | {lead.entity for lead in after}
    assert {lead.entity for lead in after} <= raised_by_others
