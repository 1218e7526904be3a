"""Authorization details: who has which policies, whatever the answer lacks or pretends."""

import json
from urllib.parse import quote

import pytest

from investigator.domain.permissions.account import Account
from investigator.domain.permissions.escalation import METHODS
from investigator.domain.permissions.levels import services
from investigator.domain.permissions.rights import Answer, Unread, decide
from investigator.domain.permissions.targets import Standing, ways_up
from investigator.domain.permissions.trust import assumable
from tests.support.policies import (
    ALICE,
    DEPLOY,
    account,
    allow,
    attached,
    deny,
    group,
    managed,
    policy,
    role,
    trust,
    user,
)


def test_a_user_has_its_own_policies_and_those_of_its_groups() -> None:
    held = account(
        users=[user("alice", allow("s3:*"), GroupList=["devs"], AttachedManagedPolicies=attached("lists"))],
        groups=[group("devs", allow("ec2:*"), AttachedManagedPolicies=attached("kms"))],
        policies=[managed("lists", policy(allow("iam:List*"))), managed("kms", policy(allow("kms:*")))],
    )

    for action in ("s3:GetObject", "ec2:RunInstances", "iam:ListUsers", "kms:Decrypt"):
        assert decide(held.rights(ALICE), action).answer is Answer.ALLOWED
    assert decide(held.rights(ALICE), "iam:CreateUser").answer is Answer.NOT_ALLOWED


def test_the_version_in_force_counts() -> None:
    both = managed("one", policy(allow("s3:*")))
    both["PolicyVersionList"].append({"VersionId": "v0", "IsDefaultVersion": False, "Document": policy(allow("*"))})
    held = account(users=[user("alice", AttachedManagedPolicies=attached("one"))], policies=[both])

    assert decide(held.rights(ALICE), "iam:CreateUser").answer is Answer.NOT_ALLOWED


def test_documents_are_read_as_the_api_sends_them() -> None:
    encoded = quote(json.dumps(policy(allow("s3:*"))))
    held = account(users=[user("alice", UserPolicyList=[{"PolicyName": "p", "PolicyDocument": encoded}])])

    assert decide(held.rights(ALICE), "s3:GetObject").answer is Answer.ALLOWED


@pytest.mark.parametrize(
    ("more", "unread"),
    [
        ({"AttachedManagedPolicies": attached("gone")}, Unread("gone", "the authorization details do not hold it")),
        ({"GroupList": ["gone"]}, Unread("the policies of group gone", "the authorization details do not hold it")),
        ({"UserPolicyList": [{"PolicyName": "p", "PolicyDocument": "{"}]}, Unread("p of alice", "it is no JSON text")),
    ],
)
def test_what_cannot_be_read_leaves_rights_open(more: dict, unread: Unread) -> None:
    rights = account(users=[user("alice", **more)]).rights(ALICE)

    assert rights.unread == (unread,)
    assert decide(rights, "iam:CreateUser").answer is Answer.UNKNOWN


def test_a_policy_that_cannot_be_read_might_deny_what_others_allow() -> None:
    rights = account(users=[user("alice", allow("s3:*"), AttachedManagedPolicies=attached("gone"))]).rights(ALICE)

    assert decide(rights, "s3:GetObject").only_if == ("gone, which could not be read, lets it through",)


def test_a_denial_holds_whatever_else_could_not_be_read() -> None:
    rights = account(users=[user("alice", deny("s3:*"), AttachedManagedPolicies=attached("gone"))]).rights(ALICE)

    assert decide(rights, "s3:GetObject").answer is Answer.DENIED


def test_a_boundary_that_cannot_be_read_is_a_condition_and_gives_nothing() -> None:
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/gone"}}
    rights = account(users=[user("alice", allow("s3:*"), **boundary)]).rights(ALICE)

    assert decide(rights, "s3:GetObject").answer is Answer.CONDITIONAL
    assert decide(rights, "iam:CreateUser").answer is Answer.NOT_ALLOWED


def test_a_principal_that_the_answer_does_not_hold_is_not_known() -> None:
    assert decide(account().rights(ALICE), "s3:GetObject").answer is Answer.UNKNOWN


def test_groups_that_name_each_other_are_read_once() -> None:
    circle = [group("a", allow("s3:*"), GroupList=["b"]), group("b", allow("iam:*"), GroupList=["a"])]
    rights = account(users=[user("alice", GroupList=["a", "a"])], groups=circle).rights(ALICE)

    assert decide(rights, "s3:GetObject").answer is Answer.ALLOWED
    assert decide(rights, "iam:CreateUser").answer is Answer.NOT_ALLOWED


HOSTILE = [
    None, [], "details", 7, {"UserDetailList": None}, {"UserDetailList": "alice"}, {"UserDetailList": [None, 1, [], {}]},
    {"UserDetailList": [{"Arn": "arn:"}]}, {"UserDetailList": [{"Arn": ["arn:aws:iam::1:user/a"]}]},
    {"UserDetailList": [{"Arn": ALICE, "GroupList": {"a": 1}, "AttachedManagedPolicies": "x", "UserPolicyList": 3}]},
    {"UserDetailList": [{"Arn": ALICE, "GroupList": [[["a"]], None, {}], "AttachedManagedPolicies": [None, 3, {}]}]},
    {"UserDetailList": [{"Arn": ALICE}], "RoleDetailList": [{"Arn": DEPLOY, "AssumeRolePolicyDocument": [1]}]},
    {"UserDetailList": [{"Arn": ALICE, "PermissionsBoundary": {"PermissionsBoundaryArn": ["x", "y"]}}]},
    {"UserDetailList": [{"Arn": ALICE}], "Policies": [{"Arn": "arn:aws:iam::1:policy/x", "PolicyVersionList": {}}]},
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE, ids=lambda answer: json.dumps(answer)[:60])
def test_a_hostile_answer_is_read_without_harm_and_denies_nothing(answer: object) -> None:
    held = Account(answer)
    rights = held.rights(ALICE)
    roles = tuple(one.role for one in assumable(held, ALICE)) if held.holds(ALICE) else ()

    assert decide(rights, "s3:GetObject").answer in (Answer.UNKNOWN, Answer.NOT_ALLOWED)
    assert list(ways_up(Standing(held, ALICE, roles), METHODS)) == []
    assert services(rights) == ()


def test_a_document_that_pairs_many_patterns_ends_soon_and_hides_nothing() -> None:
    resources = [f"arn:aws:s3:::{n}*x*" for n in range(1_000)]
    limits = managed("limits", policy(allow("s3:*", [f"arn:aws:s3:::*y*{n}" for n in range(1_000)])))
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": limits["Arn"]}}
    keep = {"Effect": "Deny", "Action": "s3:*", "NotResource": [f"arn:aws:s3:::*z*{n}*" for n in range(200)]}
    rights = account(users=[user("alice", allow("s3:*", resources), keep, **boundary)], policies=[limits]).rights(ALICE)

    assert decide(rights, "s3:GetObject").answer in (Answer.ALLOWED, Answer.CONDITIONAL, Answer.UNKNOWN)


def test_many_roles_that_trust_one_another_end() -> None:
    roles = [role(f"r{n:03}", trust({"AWS": f"arn:aws:iam::111122223333:role/r{n - 1:03}"})) for n in range(200)]
    roles[0] = role("r000", trust({"AWS": ALICE}))
    held = account(users=[user("alice")], roles=roles)

    assert 50 <= len(list(assumable(held, ALICE))) < 200
