"""Linking rules, recomputed on raw records: each leads where it should, and to nowhere else."""

import json

import pytest

from investigator.proof.links import leads
from investigator.proof.record import Record
from tests.support.documents import ACCOUNT, BACKUP, BUILD, ROLE, SESSION, call, records, role_session, user

ARN = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/nightly"


def raw(record):
    return Record(json.dumps(record).encode(), record)


def without(record, *path):
    *above, last = path
    holder = record = json.loads(json.dumps(record))
    for key in above:
        holder = holder[key]
    del holder[last]
    return record


MADE, ASSUMED, LATER = records()[4], records()[5], records()[6]
SILENT = {**ASSUMED, "responseElements": None}
KEYLESS = without(LATER, "userIdentity", "accessKeyId")
BARE = without(KEYLESS, "userIdentity", "sessionContext")


def check(rule, parent, child, *told):
    return leads(rule, parent, child, [raw(record) for record in told])


def test_1_a_response_that_hands_out_the_key():
    assert check("1", BACKUP, SESSION, ASSUMED)
    assert check("4", BACKUP, SESSION, ASSUMED)
    assert not check("1", BUILD, SESSION, ASSUMED)
    assert not check("1", BACKUP, BACKUP, ASSUMED)
    assert not check("1", BACKUP, SESSION, {**ASSUMED, "errorCode": "AccessDenied"})
    assert not check("1", BUILD, BACKUP, MADE)


def test_2_the_issue_time_when_the_response_is_silent():
    session = f"session:{ROLE}/nightly@2026-01-27T03:09:30Z"

    assert check("2", BACKUP, SESSION, SILENT, LATER)
    assert check("2", BACKUP, session, SILENT, KEYLESS)
    assert not check("2", BACKUP, SESSION, SILENT)
    late = {**SILENT, "eventTime": "2026-01-27T03:09:33Z"}
    assert not check("2", BACKUP, SESSION, late, LATER)
    other = {**SILENT, "requestParameters": {"roleArn": ROLE, "roleSessionName": "other"}}
    assert not check("2", BACKUP, SESSION, other, LATER)


def test_2b_the_only_candidate_within_its_validity():
    assert check("2b", BACKUP, SESSION, ASSUMED, BARE)
    assert not check("2b", BACKUP, SESSION, ASSUMED, {**BARE, "eventTime": "2026-01-27T04:09:30Z"})
    assert not check("2b", BACKUP, SESSION, ASSUMED, {**BARE, "eventTime": "2026-01-27T03:09:29Z"})
    again = {**ASSUMED, "eventID": "again", "eventTime": "2026-01-27T03:10:00Z"}
    assert not check("2b", BACKUP, SESSION, ASSUMED, again, BARE)


def test_3_one_shared_event_in_two_accounts():
    twin = {**ASSUMED, "sharedEventID": "s1", "responseElements": None}
    trusting = {
        **ASSUMED,
        "sharedEventID": "s1",
        "recipientAccountId": "999988887777",
        "userIdentity": {"type": "AWSAccount", "principalId": "AIDABACKUP", "accountId": ACCOUNT},
    }

    assert check("3", BACKUP, SESSION, trusting, twin)
    assert check("1", BACKUP, SESSION, trusting, twin)
    assert not check("3", BACKUP, SESSION, trusting)
    assert not check("3", BACKUP, SESSION, trusting, {**twin, "sharedEventID": "s2"})


def test_5_sessions_that_keep_the_users_identity():
    token = {**ASSUMED, "eventName": "GetSessionToken"}

    assert check("5", BACKUP, SESSION, token)
    assert not check("5", BACKUP, SESSION, ASSUMED)


def test_6_a_new_key():
    assert check("6", BUILD, BACKUP, MADE)
    assert not check("6", BACKUP, BUILD, MADE)


def sign_in(name="bob", clock="03:20:00"):
    identity = {key: value for key, value in user(name, "").items() if key != "accessKeyId"}
    return call(20, clock, "signin:ConsoleLogin", identity, responseElements={"ConsoleLogin": "Success"})


def console_call(name="bob", started="2026-01-27T03:20:01Z", key="ASIACONSOLE"):
    identity = {**user(name, key), "sessionContext": {"attributes": {"creationDate": started}}}
    return call(21, "03:25:00", "iam:ListUsers", identity, sessionCredentialFromConsole="true")


def test_7_a_sign_in_and_what_its_session_did():
    console = f"console:arn:aws:iam::{ACCOUNT}:user/bob@2026-01-27T03:20:00Z"

    assert check("7", console, "ASIACONSOLE", sign_in(), console_call())
    assert not check("7", console, "ASIACONSOLE", sign_in(), console_call("eve"))
    assert not check("7", console, "ASIACONSOLE", sign_in(), console_call(started="2026-01-27T09:00:00Z"))
    failed = {**sign_in(), "responseElements": {"ConsoleLogin": "Failure"}}
    assert not check("7", console, "ASIACONSOLE", failed, console_call())


def test_7_a_password_and_the_sign_in_that_it_opened():
    given = call(10, "03:10:00", "iam:CreateLoginProfile", user("build", BUILD), requestParameters={"userName": "bob"})
    console = f"console:arn:aws:iam::{ACCOUNT}:user/bob@2026-01-27T03:20:00Z"

    assert check("7", BUILD, console, given, sign_in())
    assert not check("7", BACKUP, console, given, sign_in())
    assert not check("7", BUILD, console, given, sign_in(clock="03:09:00"))
    assert not check("7", BUILD, console, {**given, "requestParameters": {"userName": ".*"}}, sign_in())


def test_7_a_switched_role():
    origin = f"arn:aws:iam::{ACCOUNT}:user/bob"
    switch = call(
        30,
        "03:09:00",
        "signin:SwitchRole",
        without(role_session(""), "accessKeyId"),
        responseElements={"SwitchRole": "Success"},
        additionalEventData={"SwitchFrom": origin},
    )

    assert check("7", f"console:{origin}@unknown", SESSION, switch, LATER)
    assert not check("7", f"console:{origin}x@unknown", SESSION, switch, LATER)


def test_8_an_outside_subject():
    subject = {"type": "WebIdentityUser", "principalId": "repo:acme/app", "identityProvider": "oidc.example"}
    federated = {**ASSUMED, "eventName": "AssumeRoleWithWebIdentity", "userIdentity": subject}

    assert check("8", "subject:oidc.example/repo:acme/app", SESSION, federated)
    assert not check("8", "subject:oidc.example/other", SESSION, federated)
    assert not check("8", BACKUP, SESSION, ASSUMED)


def test_9_a_service_that_takes_a_role_for_a_machine():
    taken = {**ASSUMED, "userIdentity": {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}}

    assert check("9", "service:ec2.amazonaws.com", SESSION, taken)
    assert not check("9", "service:lambda.amazonaws.com", SESSION, taken)
    assert not check("9", BACKUP, SESSION, ASSUMED)


def test_a_keyless_caller_is_the_session_whose_issue_is_at_hand():
    chained = {**BARE, "eventName": "AssumeRole", "eventSource": "sts.amazonaws.com"}
    chained["requestParameters"] = {"roleArn": f"{ROLE}2", "roleSessionName": "next"}
    chained["responseElements"] = {"credentials": {"accessKeyId": "ASIANEXT"}}

    assert check("1", SESSION, "ASIANEXT", chained, ASSUMED)
    assert not check("1", SESSION, "ASIANEXT", chained)


@pytest.mark.parametrize("rule", ["", "10", "1 ", "one"])
def test_an_unknown_rule_leads_nowhere(rule):
    assert not check(rule, BACKUP, SESSION, ASSUMED)


@pytest.mark.parametrize("rule", ["1", "2", "2b", "3", "4", "5", "6", "7", "8", "9"])
def test_no_rule_makes_a_link_of_nothing(rule):
    odd = [{}, {"userIdentity": "text"}, {"eventName": ["AssumeRole"], "responseElements": 7}]

    assert not check(rule, "", "", *odd)
    assert not check(rule, "a", "b", *odd)
