"""What users and roles may do."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from investigator.tools.aws import LiveAccounts, SavedAccounts
from investigator.tools.policies import policies_of_role, policies_of_user

from investigator.domain.gap import Gap
from investigator.domain.observation import Observation
from investigator.domain.state import State
from investigator.domain.words import CellState
from investigator.ports.aws import Refused
from tests.doubles.loopback_aws import Error, loopback
from tests.tools.doors import ACCOUNT, HOME, ask, live, saved

QUARANTINE = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"
OWN = "arn:aws:iam::111122223333:policy/ops"
DOCUMENT = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
TEXT = quote(json.dumps(DOCUMENT))
ANSWERS = {
    "iam:ListAttachedUserPolicies": [{"AttachedPolicies": [
        {"PolicyName": "AWSCompromisedKeyQuarantineV3", "PolicyArn": QUARANTINE}, {"PolicyName": "ops", "PolicyArn": OWN}]}],
    "iam:GetPolicy": [{"Policy": {"PolicyName": "ops", "Arn": OWN, "DefaultVersionId": "v3"}}],
    "iam:GetPolicyVersion": [{"PolicyVersion": {"VersionId": "v3", "Document": TEXT}}],
    "iam:ListUserPolicies": [{"PolicyNames": ["extra"]}],
    "iam:GetUserPolicy": [{"UserName": "alice", "PolicyName": "extra", "PolicyDocument": TEXT}],
    "iam:ListGroupsForUser": [{"Groups": [
        {"GroupName": "admins", "Arn": "arn:aws:iam::111122223333:group/admins", "Path": "/", "GroupId": "g", "CreateDate": "2024-01-01T00:00:00Z"}]}],
    "iam:ListAttachedGroupPolicies": [{"AttachedPolicies": [
        {"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}]}],
    "iam:ListGroupPolicies": [{"PolicyNames": []}],
}  # fmt: skip


def test_rights_come_from_attached_inline_and_group_policies_and_quarantine_stands_out(tmp_path: Path) -> None:
    states = ask(policies_of_user, ANSWERS, tmp_path, user="alice")

    assert [state.kind for state in states if isinstance(state, State)] == [
        "quarantine", "attached_policy", "managed_policy", "policy_version", "inline_policy", "group", "attached_policy",
    ]  # fmt: skip
    assert json.loads(states[3].values["Document"]) == json.loads(states[4].values["PolicyDocument"]) == DOCUMENT


def test_one_denied_part_leaves_the_others(tmp_path: Path) -> None:
    denied = {
        **ANSWERS,
        "iam:ListUserPolicies": [Error("AccessDenied", 403)],
        "iam:ListGroupsForUser": [Error("AccessDenied", 403)],
    }
    with loopback(denied) as world:
        live_seen, refusal = until_refused(live(world.url, tmp_path))

    assert [type(seen) for seen in live_seen] == [State] * 4 + [Gap]
    assert (refusal.state, "iam:ListUserPolicies" in refusal.gap.why) == (CellState.DENIED, True)
    assert until_refused(saved(tmp_path))[0] == live_seen


def until_refused(accounts: LiveAccounts | SavedAccounts) -> tuple[list[Observation], Refused]:
    """What the tool yields before it is refused, and the refusal."""
    seen: list[Observation] = []
    inputs = policies_of_user.inputs(user="alice")
    with pytest.raises(Refused) as refusal:
        for each in policies_of_user.gather(inputs, accounts.at(ACCOUNT, HOME)):
            seen.append(each)
    return seen, refusal.value


def test_the_rights_of_a_role(tmp_path: Path) -> None:
    answers = {
        "iam:ListAttachedRolePolicies": [{"AttachedPolicies": []}],
        "iam:ListRolePolicies": [{"PolicyNames": ["in"]}],
        "iam:GetRolePolicy": [{"RoleName": "deploy", "PolicyName": "in", "PolicyDocument": TEXT}],
    }
    [state] = ask(policies_of_role, answers, tmp_path, role="arn:aws:iam::111122223333:role/deploy")

    assert (state.kind, state.values["RoleName"]) == ("inline_policy", "deploy")
