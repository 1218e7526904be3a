"""Questions to IAM about rights: what a user or role may do, and whether AWS has quarantined it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from investigator.domain.entity import EntityRef
from investigator.domain.observation import Observation
from investigator.domain.paths import first_text, texts
from investigator.domain.words import EntityKind
from investigator.ports.aws import Aws
from investigator.ports.tool import HOME, tool

from ._inputs import OneRole, OneUser
from ._names import iam_arn, role_name, user_name
from ._states import Seen, elements, is_missing, pick, ref
from ._together import together

_QUARANTINE = re.compile(r"AWSCompromisedKeyQuarantine(V\d+)?")
_DOCUMENTS = {"iam:GetPolicy", "iam:GetPolicyVersion"}


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who holds policies: `User`, `Group` or `Role`, with the name that IAM takes, and whose rights they are."""

    aws: Aws
    kind: str
    name: str
    whose: EntityRef

    def named(self) -> dict[str, JsonValue]:
        return {f"{self.kind}Name": self.name}


@tool(
    "What may this user do, and has AWS quarantined it?",
    permissions={
        "iam:ListAttachedUserPolicies",
        "iam:ListUserPolicies",
        "iam:GetUserPolicy",
        "iam:ListGroupsForUser",
        "iam:ListAttachedGroupPolicies",
        "iam:ListGroupPolicies",
        "iam:GetGroupPolicy",
        *_DOCUMENTS,
    },
    where=HOME,
)
def policies_of_user(inputs: OneUser, aws: Aws) -> Iterator[Observation]:
    if name := user_name(inputs.user):
        whose = ref(EntityKind.PRINCIPAL, iam_arn(inputs.user, "user", aws.account, aws.region))
        user = _Holder(aws, "User", name, whose)
        yield from together(_attached(user), _inline(user), _of_groups(user))


@tool(
    "What may this role do?",
    permissions={"iam:ListAttachedRolePolicies", "iam:ListRolePolicies", "iam:GetRolePolicy", *_DOCUMENTS},
    where=HOME,
)
def policies_of_role(inputs: OneRole, aws: Aws) -> Iterator[Observation]:
    if name := role_name(inputs.role):
        whose = ref(EntityKind.PRINCIPAL, iam_arn(inputs.role, "role", aws.account, aws.region))
        role = _Holder(aws, "Role", name, whose)
        yield from together(_attached(role), _inline(role))


def _attached(holder: _Holder) -> Iterator[Observation]:
    """One state for each attached policy; kind `quarantine` for those that AWS attaches to exposed keys."""
    for page in holder.aws.pages("iam", f"ListAttached{holder.kind}Policies", **holder.named()):
        seen = Seen(page, holder.aws)
        if is_missing(page):
            yield seen.state("attached_policy", holder.whose)
        for arn in texts(page.body, "AttachedPolicies.PolicyArn"):
            path = pick("AttachedPolicies", "PolicyArn", arn)
            kind = "quarantine" if _QUARANTINE.fullmatch(arn.rpartition("/")[2]) else "attached_policy"
            yield seen.state(kind, holder.whose, path, ("PolicyName", "PolicyArn"))
            if ":aws:policy/" not in arn:
                yield from _document(arn, holder)


def _document(arn: str, holder: _Holder) -> Iterator[Observation]:
    """What a policy of the customer says in the version that is in force."""
    for page in holder.aws.pages("iam", "GetPolicy", PolicyArn=arn):
        version = first_text(page.body, "Policy.DefaultVersionId")
        keys = ("PolicyName", "Arn", "DefaultVersionId", "CreateDate", "UpdateDate")
        yield Seen(page, holder.aws).state("managed_policy", ref(EntityKind.POLICY, arn), "Policy", keys)
        if version:
            yield from _version(arn, version, holder.aws)


def _version(arn: str, version: str, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("iam", "GetPolicyVersion", PolicyArn=arn, VersionId=version):
        keys = ("VersionId", "CreateDate", "Document")
        yield Seen(page, aws).state("policy_version", ref(EntityKind.POLICY, arn), "PolicyVersion", keys)


def _inline(holder: _Holder) -> Iterator[Observation]:
    for page in holder.aws.pages("iam", f"List{holder.kind}Policies", **holder.named()):
        for name in texts(page.body, "PolicyNames"):
            yield from _inline_document(holder, name)


def _inline_document(holder: _Holder, policy: str) -> Iterator[Observation]:
    for page in holder.aws.pages("iam", f"Get{holder.kind}Policy", **holder.named(), PolicyName=policy):
        keys = (f"{holder.kind}Name", "PolicyName", "PolicyDocument")
        yield Seen(page, holder.aws).state("inline_policy", holder.whose, keys=keys)


def _of_groups(user: _Holder) -> Iterator[Observation]:
    for page in user.aws.pages("iam", "ListGroupsForUser", **user.named()):
        for group in elements(page.body, "Groups"):
            name = first_text(group, "GroupName")
            keys = ("GroupName", "Arn")
            yield Seen(page, user.aws).state("group", user.whose, pick("Groups", "GroupName", name), keys)
            holder = _Holder(user.aws, "Group", name, user.whose)
            yield from together(_attached(holder), _inline(holder))
