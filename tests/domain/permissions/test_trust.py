"""Which roles can be assumed: what the trust policy says, and what the principal's own policies add."""

import pytest

from investigator.domain.permissions.rights import Answer
from investigator.domain.permissions.trust import assumable, may_assume
from tests.support.policies import (
    ADMIN,
    ALICE,
    DEPLOY,
    NUMBER,
    account,
    allow,
    attached,
    deny,
    managed,
    policy,
    role,
    trust,
    user,
)

ROOT = {"AWS": f"arn:aws:iam::{NUMBER}:root"}
ASSUME = allow("sts:AssumeRole", ADMIN)


def may(trusted: object, *statements: dict, **more: object) -> Answer:
    held = account(
        users=[user("alice", *statements, **more)],
        roles=[role("admin", trusted)],
        policies=[managed("limits", policy(allow("s3:*"))), managed("denying", policy(deny("sts:*")))],
    )
    return may_assume(held, ALICE, ADMIN).answer


def test_a_trust_policy_that_names_the_user_is_enough() -> None:
    assert may(trust({"AWS": ALICE})) is Answer.ALLOWED


@pytest.mark.parametrize("principal", [ROOT, {"AWS": NUMBER}, {"AWS": ["999988887777", NUMBER]}])
def test_a_trust_policy_that_names_the_account_needs_a_right_of_ones_own(principal: dict) -> None:
    assert may(trust(principal)) is Answer.NOT_ALLOWED
    assert may(trust(principal), ASSUME) is Answer.ALLOWED


def test_a_right_of_ones_own_is_never_enough() -> None:
    assert may(trust({"Service": "ec2.amazonaws.com"}), ASSUME) is Answer.NOT_ALLOWED
    assert may(trust({"AWS": "999988887777"}), ASSUME) is Answer.NOT_ALLOWED


def test_everyone_needs_a_right_or_nobody_knows() -> None:
    assert may(trust("*"), ASSUME) is Answer.ALLOWED
    assert may(trust({"AWS": "*"})) is Answer.UNKNOWN


def test_ones_own_denial_wins() -> None:
    assert may(trust({"AWS": ALICE}), deny("sts:*")) is Answer.DENIED
    assert may(trust(ROOT), ASSUME, deny("sts:AssumeRole", ADMIN)) is Answer.DENIED


def test_a_denial_of_the_trust_policy_wins() -> None:
    both = policy(
        {"Effect": "Allow", "Principal": ROOT, "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"},
    )

    assert may(both, ASSUME) is Answer.DENIED


def test_a_denial_for_all_others_spares_the_one() -> None:
    def but(arn: str) -> dict:
        denial = {"Effect": "Deny", "NotPrincipal": {"AWS": [arn]}, "Action": "sts:*"}
        return policy({"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}, denial)

    assert may(but(ALICE)) is Answer.ALLOWED
    assert may(but(ADMIN)) is Answer.DENIED


def test_a_condition_of_the_trust_policy_stays() -> None:
    trusted = trust(ROOT, Condition={"StringEquals": {"sts:ExternalId": "x"}})

    assert may(trusted, ASSUME) is Answer.CONDITIONAL


def test_a_boundary_that_is_silent_limits_a_right_but_not_a_name() -> None:
    limits = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{NUMBER}:policy/limits"}}
    denying = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{NUMBER}:policy/denying"}}

    assert may(trust(ROOT), ASSUME, **limits) is Answer.NOT_ALLOWED
    assert may(trust({"AWS": ALICE}), **limits) is Answer.ALLOWED
    assert may(trust({"AWS": ALICE}), **denying) is Answer.DENIED


def test_a_silent_boundary_limits_a_role_that_is_named() -> None:
    limits = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{NUMBER}:policy/limits"}}
    roles = [role("deploy", trust(ROOT), **limits), role("admin", trust({"AWS": DEPLOY}))]
    held = account(roles=roles, policies=[managed("limits", policy(allow("s3:*")))])

    assert may_assume(held, DEPLOY, ADMIN).answer is Answer.NOT_ALLOWED


def test_a_trust_policy_that_cannot_be_read_is_not_known() -> None:
    assert may("{") is Answer.UNKNOWN


def test_roles_that_trust_each_other_are_followed_once() -> None:
    roles = [role("deploy", trust({"AWS": [ALICE, ADMIN]})), role("admin", trust({"AWS": DEPLOY}))]
    held = account(users=[user("alice", AttachedManagedPolicies=attached("none"))], roles=roles)
    told = [(one.role, one.through) for one in assumable(held, ALICE)]

    assert told == [(DEPLOY, ()), (ADMIN, (DEPLOY,))]
