"""Blast radius on told stories and hostile details: every shape of answer ends in sentences or Gaps."""

import json

import pytest

from investigator.domain.entity import EntityRef
from investigator.domain.plan import Step
from investigator.domain.stage_results import Gathered, StepReport
from investigator.domain.state import State
from investigator.domain.words import EntityKind
from investigator.stages.assessing import assess
from tests.support.matters import TakenAsTold, matter
from tests.support.policies import ADMIN, ALICE, NUMBER, allow, details, policy, role, trust, user
from tests.support.story import key_of, told

ANSWER = "aws:0123456789abcdef"
THEFT = told("""
    03:00 alice sts:GetCallerIdentity        from 198.51.100.7
    03:02 alice iam:ListUsers                from 198.51.100.7
    03:03 alice iam:ListUsers                from 198.51.100.7
    03:04 alice iam:CreateUser(eve) denied   from 198.51.100.7
    03:05 alice sts:AssumeRole(admin/night)  -> ASIAADMIN0000000000 from 198.51.100.7
    03:06 ASIAADMIN0000000000 s3:GetObject(acme-data) from 198.51.100.7
""")
LISTS = (("iam_user", "UserDetailList"), ("iam_role", "RoleDetailList"), ("iam_policy", "Policies"))


def seen(answer: dict) -> Gathered:
    """The details as the tool tells them, one state for each element."""
    states = [_state(kind, name, each) for kind, name in LISTS for each in answer.get(name, ())]
    step = Step(id="s1", tool="account_authorization_details", source="iam", inputs={}, because="rights")
    return Gathered(steps=(StepReport(step=step, observations=tuple(states)),))


def _state(kind: str, name: str, each: dict) -> State:
    return State(
        answer=ANSWER,
        path=f"{name}[Arn={each['Arn']}]",
        entity=EntityRef(kind=EntityKind.PRINCIPAL, value=each["Arn"]),
        kind=kind,
        account=NUMBER,
        region="us-east-1",
        values={key: value if isinstance(value, str) else json.dumps(value) for key, value in each.items()},
    )


def assessed(answer: dict, proof: object = None):
    case = matter(THEFT, {"key": key_of("alice")}, gathered=seen(answer))
    return assess(case, (), proof or TakenAsTold())


def sentences(found, principal: str) -> list[str]:
    texts = {claim.id: claim.text for claim in found.claims}
    [radius] = [one for one in found.blast if one.principal == principal]
    return [texts[name] for name in radius.claims]


ACCOUNT = details(
    users=[user("alice", allow("iam:CreateAccessKey")), user("bob")],
    roles=[role("admin", trust({"AWS": ALICE}), allow(["s3:*", "kms:Decrypt"]))],
)


def test_each_credential_has_its_calls_and_its_principal_its_rights():
    found = assessed(ACCOUNT)
    alice, admin = found.blast

    assert (alice.principal, admin.principal) == (ALICE, ADMIN)
    assert [(one.action, one.count) for one in alice.used[0].done][:2] == [("iam:ListUsers", 2), ("sts:AssumeRole", 1)]
    assert [one.action for one in alice.used[0].tried] == ["iam:CreateUser"]
    assert [(one.method, one.on) for one in alice.ways_up] == [
        ("CreateAccessKey", (f"arn:aws:iam::{NUMBER}:user/bob",))
    ]
    assert [one.role for one in alice.roles] == [ADMIN]
    assert sentences(found, ADMIN) == [
        "admin could use everything in s3; on some resources at least, and by the names of actions, Write in kms."
    ]


def test_what_proof_cannot_confirm_is_not_told():
    class Doubting(TakenAsTold):
        def judged(self, claims, cells):
            return tuple(c.model_copy(update={"holds": "more rights" not in c.text}) for c in claims)

    found = assessed(ACCOUNT, Doubting())

    assert sentences(found, ALICE) == [
        "alice could use on some resources at least, and by the names of actions, Write in iam.",
        "alice could assume admin.",
    ]
    assert [claim.text for claim in found.claims if not claim.holds] == [
        "alice could get more rights by CreateAccessKey on bob."
    ]


def test_rights_change_no_verdict_and_no_finding():
    with_rights, without = assessed(ACCOUNT), assess(matter(THEFT, {"key": key_of("alice")}), (), TakenAsTold())

    assert with_rights.findings == without.findings
    assert (with_rights.verdict.value, with_rights.verdict.supports) == (
        without.verdict.value,
        without.verdict.supports,
    )


@pytest.mark.parametrize(
    "more",
    [
        {"UserPolicyList": "no list"},
        {"UserPolicyList": [{"PolicyName": "p", "PolicyDocument": policy(allow("*"), version="2031-01-01")}]},
        {"GroupList": ["a", "a", "missing"]},
        {"AttachedManagedPolicies": [{"PolicyName": "gone", "PolicyArn": "arn:aws:iam::aws:policy/gone"}]},
        {"PermissionsBoundary.PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/gone"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_hostile_details_of_a_user_end_in_gaps(more):
    found = assessed(details(users=[user("alice", **more)]))
    [radius] = [one for one in found.blast if one.principal == ALICE]
    gaps = {gap.id: gap for gap in found.gaps}

    assert radius.claims == ()
    assert all(name in gaps for name in radius.gaps)
    unread = [gap for gap in gaps.values() if gap.what == "every policy that bears on alice"]
    assert len(unread) == 1


def test_a_session_that_was_never_used_acts_as_its_role():
    issued = tuple(event for event in THEFT if event.key != "ASIAADMIN0000000000")
    case = matter(issued, {"key": key_of("alice")}, gathered=seen(ACCOUNT))
    found = assess(case, (), TakenAsTold())

    assert ADMIN in [one.principal for one in found.blast]
