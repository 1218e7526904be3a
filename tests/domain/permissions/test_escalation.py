"""Each known way up, found in a policy that gives it and not in its near miss."""

import pytest

from investigator.domain.permissions.documents import read_policy
from investigator.domain.permissions.escalation import METHODS, ways
from investigator.domain.permissions.rights import Rights
from investigator.domain.permissions.targets import Standing, ways_up
from investigator.domain.permissions.trust import assumable
from tests.support.policies import (
    ADMIN,
    ALICE,
    BOB,
    DEPLOY,
    NUMBER,
    account,
    allow,
    attached,
    deny,
    group,
    managed,
    policy,
    policy_arn,
    rights,
    role,
    trust,
    user,
)

NAMES = [method.name for method in METHODS]
SELF = "arn:aws:iam::*:user/${aws:username}"
TRUSTED = trust({"AWS": f"arn:aws:iam::{NUMBER}:root"})


def found(*statements: dict, **more: object) -> list[str]:
    return [way.method.name for way in ways(rights(*statements, **more))]


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_a_policy_of_just_its_actions_gives_the_method(method) -> None:
    assert method.name in found(allow(list(method.actions)))


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_a_policy_without_one_of_its_actions_does_not(method) -> None:
    for missing in method.actions:
        left = [action for action in method.actions if action != missing] or ["s3:GetObject"]
        assert method.name not in found(allow(left))
        assert method.name not in found(allow("*"), deny(missing))


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_a_boundary_without_one_of_its_actions_takes_it_away(method) -> None:
    limits = [{"Effect": "Allow", "NotAction": method.actions[-1], "Resource": "*"}]

    assert method.name not in found(allow("*"), boundary=limits)


@pytest.mark.parametrize("method", [m for m in METHODS if m.actions[0].startswith("iam:")], ids=lambda m: m.name)
def test_a_right_on_another_kind_of_thing_does_not(method) -> None:
    elsewhere = [allow(method.actions[0], "arn:aws:iam::111122223333:mfa/x"), allow(list(method.actions[1:]) or "s3:*")]

    assert method.name not in found(*elsewhere)


@pytest.mark.parametrize("name", ["CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile"])
def test_managing_ones_own_credentials_is_no_way_up(name: str) -> None:
    statement = allow(f"iam:{name}", SELF)

    assert not list(ways(Rights(read_policy(policy(statement), "self service", "alice")), ALICE))
    assert not found(statement)
    assert found(allow(f"iam:{name}", BOB)) == [name]


def test_giving_oneself_a_policy_is_a_way_up() -> None:
    assert found(allow("iam:PutUserPolicy", SELF)) == ["PutUserPolicy"]


def test_a_role_that_goes_to_one_service_goes_to_no_other() -> None:
    to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    statements = [
        allow("iam:PassRole", Condition=to_lambda),
        allow(["ec2:*", "lambda:CreateFunction", "lambda:Invoke*"]),
    ]
    [way] = ways(rights(*statements))

    assert (way.method.name, way.only_if) == ("PassRoleToNewFunctionThenInvoke", ())


def test_a_condition_stands_beside_the_method() -> None:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    [way] = ways(rights(allow("iam:CreateAccessKey", Condition=mfa)))

    assert way.only_if == ("Bool aws:MultiFactorAuthPresent true",)


def up(principal: str, **lists: object) -> dict[str, tuple[str, ...]]:
    """The ways up of a principal in an account, with what they work on."""
    held = account(**lists)
    roles = tuple(one.role for one in assumable(held, principal))
    return {way.method.name: way.targets for way in ways_up(Standing(held, principal, roles), METHODS)}


def test_a_key_can_only_be_made_for_a_user_that_is_there() -> None:
    alice = user("alice", allow("iam:CreateAccessKey"))

    assert up(ALICE, users=[alice]) == {}
    assert up(ALICE, users=[alice, user("bob")]) == {"CreateAccessKey": (BOB,)}


def test_a_policy_version_helps_where_the_policy_is_ones_own() -> None:
    statement = allow("iam:CreatePolicyVersion", policy_arn("*"))
    mine = managed("mine", policy(statement))
    others = managed("others", policy(allow("s3:*")))
    alice = user("alice", AttachedManagedPolicies=attached("mine"))
    bob = user("bob", statement, AttachedManagedPolicies=[])

    assert up(ALICE, users=[alice, bob], policies=[mine, others]) == {"CreatePolicyVersion": (policy_arn("mine"),)}
    assert up(BOB, users=[alice, bob], policies=[mine, others]) == {}


def test_a_policy_of_a_group_is_ones_own_too() -> None:
    admins = group("admins", allow("iam:PutGroupPolicy"))
    lists = {
        "users": [user("alice", GroupList=["admins"]), user("bob", allow("iam:PutGroupPolicy"))],
        "groups": [admins],
    }

    assert up(ALICE, **lists) == {"PutGroupPolicy": (f"arn:aws:iam::{NUMBER}:group/admins",)}
    assert up(BOB, **lists) == {}


def test_a_role_may_raise_itself_and_a_user_only_what_it_can_assume() -> None:
    raising = allow("iam:AttachRolePolicy")
    deploy = role("deploy", TRUSTED, raising)
    alice = user("alice", raising)
    bob = user("bob", raising, allow("sts:AssumeRole", DEPLOY))

    assert up(DEPLOY, users=[alice, bob], roles=[deploy]) == {"AttachRolePolicy": (DEPLOY,)}
    assert up(ALICE, users=[alice, bob], roles=[deploy]) == {}
    assert up(BOB, users=[alice, bob], roles=[deploy]) == {"AttachRolePolicy": (DEPLOY,)}


def test_a_trust_policy_that_one_may_write_opens_its_role() -> None:
    lists = {"users": [user("alice", allow("iam:UpdateAssumeRolePolicy"))], "roles": [role("admin", trust({}))]}

    assert up(ALICE, **lists) == {"UpdateAssumeRolePolicy": (ADMIN,)}


def test_a_role_is_passed_to_a_service_that_it_trusts() -> None:
    alice = user("alice", allow(["iam:PassRole", "ec2:RunInstances", "codebuild:*"]))
    of_machines = role("machines", trust({"Service": "ec2.amazonaws.com"}))

    assert up(ALICE, users=[alice], roles=[of_machines]) == {
        "PassRoleToNewInstance": (f"arn:aws:iam::{NUMBER}:role/machines",)
    }


def test_without_a_list_of_such_things_the_method_is_told_alone() -> None:
    held = account(users=[user("alice", allow("iam:AddUserToGroup"))])
    del held.answer["GroupDetailList"]
    [way] = ways_up(Standing(held, ALICE), METHODS)

    assert (way.method.name, way.targets) == ("AddUserToGroup", ())
