"""Questions to IAM, asked of the loopback and of what that run saved."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from investigator.tools.iam import (
    account_authorization_details,
    key_last_used,
    keys_of_user,
    login_profile,
    mfa_devices,
    role_of_name,
    user_of_name,
)

from tests.doubles.loopback_aws import Error
from tests.tools.doors import ask

KEYS = [
    {
        "UserName": "alice",
        "AccessKeyId": "AKIAOLDOLDOLDOLD0001",
        "Status": "Inactive",
        "CreateDate": "2024-05-01T08:00:00Z",
    },
    {
        "UserName": "alice",
        "AccessKeyId": "AKIANEWNEWNEWNEW0002",
        "Status": "Active",
        "CreateDate": "2026-01-27T19:21:07Z",
    },
]


def test_the_keys_of_a_user_come_from_every_page(tmp_path: Path) -> None:
    pages = [
        {"AccessKeyMetadata": KEYS[:1], "IsTruncated": True, "Marker": "m1"},
        {"AccessKeyMetadata": KEYS[1:], "IsTruncated": False},
    ]

    old, new = ask(keys_of_user, {"iam:ListAccessKeys": pages}, tmp_path, user="alice")

    assert (old.entity.value, old.values["Status"]) == ("AKIAOLDOLDOLDOLD0001", "Inactive")
    assert (new.entity.value, new.values["CreateDate"]) == ("AKIANEWNEWNEWNEW0002", "2026-01-27T19:21:07Z")
    assert old.answer == new.answer


def test_a_user_that_does_not_exist_is_an_answer(tmp_path: Path) -> None:
    [state] = ask(keys_of_user, {"iam:ListAccessKeys": [Error("NoSuchEntity", 404)]}, tmp_path, user="ghost")

    assert (state.kind, dict(state.values)) == ("no_access_keys", {"Error.Code": "NoSuchEntity"})
    assert state.entity.value == "arn:aws:iam::111122223333:user/ghost"


USER_ARN = "arn:aws:iam::111122223333:user/dev/alice"


@pytest.mark.parametrize("named", ["alice", USER_ARN])
def test_a_user_is_found_by_name_and_by_arn(named: str, tmp_path: Path) -> None:
    user = {
        "UserName": "alice",
        "UserId": "AIDA1",
        "Arn": USER_ARN,
        "Path": "/dev/",
        "CreateDate": "2024-05-01T08:00:00Z",
    }

    [state] = ask(user_of_name, {"iam:GetUser": [{"User": user}]}, tmp_path, user=named)

    assert (state.values["Arn"], state.at("Arn")) == (USER_ARN, "User.Arn")


def test_a_role_is_no_user_and_nobody_is_asked(tmp_path: Path) -> None:
    assert ask(user_of_name, {}, tmp_path, user="arn:aws:iam::111122223333:role/deploy") == []


@pytest.mark.parametrize(
    "named", ["deploy", "arn:aws:iam::111122223333:role/deploy", "arn:aws:sts::111122223333:assumed-role/deploy/i-1"]
)
def test_a_role_says_who_may_take_it(named: str, tmp_path: Path) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    role = {"RoleName": "deploy", "RoleId": "AROA1", "Arn": "arn:aws:iam::111122223333:role/deploy", "Path": "/",
            "CreateDate": "2024-05-01T08:00:00Z", "AssumeRolePolicyDocument": quote(json.dumps(trust))}  # fmt: skip

    [state] = ask(role_of_name, {"iam:GetRole": [{"Role": role}]}, tmp_path, role=named)

    assert json.loads(state.values["AssumeRolePolicyDocument"]) == trust
    assert state.entity.value == "arn:aws:iam::111122223333:role/deploy"


def test_a_key_names_its_user_and_its_last_use(tmp_path: Path) -> None:
    used = {"Region": "us-east-1", "ServiceName": "iam", "LastUsedDate": "2026-01-27T19:21:00Z"}
    answer = {"UserName": "alice", "AccessKeyLastUsed": used}

    [state] = ask(key_last_used, {"iam:GetAccessKeyLastUsed": [answer]}, tmp_path, key="AKIANEWNEWNEWNEW0002")

    assert (state.values["UserName"], state.values["AccessKeyLastUsed.ServiceName"]) == ("alice", "iam")


def test_no_login_profile_means_no_console_password(tmp_path: Path) -> None:
    [state] = ask(login_profile, {"iam:GetLoginProfile": [Error("NoSuchEntity", 404)]}, tmp_path, user="alice")

    assert dict(state.values) == {"Error.Code": "NoSuchEntity"}


def test_no_mfa_device_is_seen_as_an_empty_list(tmp_path: Path) -> None:
    [state] = ask(
        mfa_devices, {"iam:ListMFADevices": [{"MFADevices": [], "IsTruncated": False}]}, tmp_path, user="alice"
    )

    assert (state.kind, dict(state.values)) == ("no_mfa_devices", {"MFADevices": "[]"})


def test_an_mfa_device_is_seen_with_its_serial(tmp_path: Path) -> None:
    serial = "arn:aws:iam::111122223333:mfa/alice"
    device = {"UserName": "alice", "SerialNumber": serial, "EnableDate": "2026-01-27T19:30:00Z"}

    [state] = ask(mfa_devices, {"iam:ListMFADevices": [{"MFADevices": [device]}]}, tmp_path, user="alice")

    assert (state.kind, state.values["SerialNumber"]) == ("mfa_device", serial)


def test_the_account_tells_groups_and_the_policies_in_force(tmp_path: Path) -> None:
    group = {"GroupName": "admins", "Arn": "arn:aws:iam::111122223333:group/admins", "GroupPolicyList": []}
    versions = [
        {"VersionId": "v1", "IsDefaultVersion": False, "Document": quote("{}")},
        {"VersionId": "v2", "IsDefaultVersion": True, "Document": quote('{"Version":"2012-10-17","Statement":[]}')},
    ]
    policy = {"PolicyName": "p", "Arn": "arn:aws:iam::111122223333:policy/p", "PolicyVersionList": versions}
    pages = [{"UserDetailList": [], "GroupDetailList": [group], "RoleDetailList": [], "Policies": [policy]}]

    admins, p = ask(account_authorization_details, {"iam:GetAccountAuthorizationDetails": pages}, tmp_path)

    assert (admins.kind, admins.values["GroupPolicyList"]) == ("iam_group", "[]")
    assert (p.kind, p.values["PolicyVersionList[IsDefaultVersion=true].Document"]) == (
        "iam_policy",
        '{"Version":"2012-10-17","Statement":[]}',
    )


def test_the_account_tells_every_user_and_role(tmp_path: Path) -> None:
    user = {"UserName": "alice", "Arn": USER_ARN, "Path": "/", "GroupList": ["admins"]}
    role = {"RoleName": "deploy", "Arn": "arn:aws:iam::111122223333:role/deploy", "Path": "/"}
    pages = [
        {"UserDetailList": [user], "RoleDetailList": [], "IsTruncated": True, "Marker": "m"},
        {"UserDetailList": [], "RoleDetailList": [role]},
    ]

    alice, deploy = ask(account_authorization_details, {"iam:GetAccountAuthorizationDetails": pages}, tmp_path)

    assert (alice.kind, alice.values["GroupList"], deploy.kind) == ("iam_user", '["admins"]', "iam_role")
