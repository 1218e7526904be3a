"""Claims about rights, judged on the saved authorization details and on nothing else."""

import pytest

from investigator.domain.answers import SavedPage
from investigator.domain.claim import Permits, Reaches
from investigator.domain.permissions.levels import Level
from investigator.domain.permissions.rights import Answer
from investigator.proof.permissions import unmet_by_details
from tests.support.policies import ADMIN, ALICE, BOB, allow, deny, details, role, trust, user

ANSWER = "aws:0123456789abcdef"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
BODY = details(
    users=[user("alice", allow(["iam:Create*", "s3:*"]), deny("iam:CreateUser"), allow("ec2:*", Condition=MFA))],
    roles=[role("admin", trust({"AWS": ALICE, "Service": "ec2.amazonaws.com"}), allow("*"))],
)
PAGES = f"{SavedPage(parameters={}, body=BODY)}\n".encode()


def permits(action: str, says: Answer, principal: str = ALICE, resource: str = "*") -> str:
    asked = Permits(answer=ANSWER, principal=principal, action=action, resource=resource, says=says)
    return unmet_by_details(asked, PAGES)


def reaches(service: str, levels: tuple[Level, ...], principal: str = ALICE, **more: object) -> str:
    return unmet_by_details(Reaches(answer=ANSWER, principal=principal, service=service, levels=levels, **more), PAGES)


@pytest.mark.parametrize(
    ("action", "principal", "resource", "says"),
    [
        ("iam:CreateAccessKey", ALICE, BOB, Answer.ALLOWED),
        ("iam:CreateUser", ALICE, "*", Answer.DENIED),
        ("iam:DeleteUser", ALICE, "*", Answer.NOT_ALLOWED),
        ("ec2:RunInstances", ALICE, "*", Answer.CONDITIONAL),
        ("iam:CreateAccessKey", BOB, "*", Answer.UNKNOWN),
        ("sts:AssumeRole", ALICE, ADMIN, Answer.ALLOWED),
        ("sts:AssumeRole", BOB, ADMIN, Answer.UNKNOWN),
        ("sts:AssumeRole", "ec2.amazonaws.com", ADMIN, Answer.ALLOWED),
        ("sts:AssumeRole", "lambda.amazonaws.com", ADMIN, Answer.NOT_ALLOWED),
    ],
)
def test_only_what_the_policies_say_holds(action: str, principal: str, resource: str, says: Answer) -> None:
    for claimed in Answer:
        assert bool(permits(action, claimed, principal, resource)) is (claimed is not says)


def test_levels_hold_exactly() -> None:
    every = tuple(Level)

    assert not reaches("s3", every, whole=True)
    assert not reaches("ec2", every, conditional=True)
    assert not reaches("iam", (Level.WRITE, Level.PERMISSIONS), but=("iam:createuser",))
    for wrong in (
        reaches("s3", every),
        reaches("s3", (Level.READ,), whole=True),
        reaches("s3", every, whole=True, but=("s3:get*",)),
        reaches("ec2", every),
        reaches("ec2", every, whole=True),
        reaches("iam", (Level.WRITE, Level.PERMISSIONS)),
        reaches("kms", every, whole=True),
        reaches("s3", every, BOB, whole=True),
    ):
        assert "has other rights" in wrong


def test_an_answer_that_is_gone_says_nothing() -> None:
    asked = Permits(answer=ANSWER, principal=ALICE, action="s3:GetObject", says=Answer.ALLOWED)

    assert unmet_by_details(asked, b"") == "s3:GetObject of arn:aws:iam::111122223333:user/alice on * is unknown"
