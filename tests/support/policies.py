"""Policies and accounts as tests write them: in short, with the parts that matter."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from investigator.domain.permissions.account import Account
from investigator.domain.permissions.documents import read_policy
from investigator.domain.permissions.rights import Answer, Decision, Rights, decide

NUMBER = "111122223333"
ALICE = f"arn:aws:iam::{NUMBER}:user/alice"
BOB = f"arn:aws:iam::{NUMBER}:user/bob"
DEPLOY = f"arn:aws:iam::{NUMBER}:role/deploy"
ADMIN = f"arn:aws:iam::{NUMBER}:role/admin"


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, JsonValue]:
    return {"Version": version, "Statement": list(statements)}


def allow(actions: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def deny(actions: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": actions, "Resource": resource, **more}


def trust(principal: Any, effect: str = "Allow", **more: Any) -> dict[str, JsonValue]:
    return policy({"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole", **more})


def rights(*statements: dict[str, Any], boundary: Sequence[dict[str, Any]] | None = None, user: str = "") -> Rights:
    """The rights of a policy of these statements, within a boundary of those."""
    limits = None if boundary is None else read_policy(policy(*boundary), "limits", user)
    return Rights(read_policy(policy(*statements), "inline", user), limits)


def asked(statements: Sequence[dict[str, Any]], action: str, resource: str = "*") -> Decision:
    return decide(rights(*statements), action, resource)


def answer(statements: Sequence[dict[str, Any]], action: str, resource: str = "*") -> Answer:
    return asked(statements, action, resource).answer


def user(name: str, *statements: dict[str, Any], **more: Any) -> dict[str, JsonValue]:
    """A user of authorization details with one inline policy."""
    return {
        "UserName": name,
        "Arn": f"arn:aws:iam::{NUMBER}:user/{name}",
        "UserPolicyList": [{"PolicyName": "inline", "PolicyDocument": policy(*statements)}] if statements else [],
        "GroupList": [],
        "AttachedManagedPolicies": [],
        **more,
    }


def role(name: str, trusted: Any, *statements: dict[str, Any], **more: Any) -> dict[str, JsonValue]:
    """A role of authorization details with its trust policy and one inline policy."""
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{NUMBER}:role/{name}",
        "AssumeRolePolicyDocument": trusted,
        "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": policy(*statements)}] if statements else [],
        "AttachedManagedPolicies": [],
        **more,
    }


def group(name: str, *statements: dict[str, Any], **more: Any) -> dict[str, JsonValue]:
    return {
        "GroupName": name,
        "Arn": f"arn:aws:iam::{NUMBER}:group/{name}",
        "GroupPolicyList": [{"PolicyName": "inline", "PolicyDocument": policy(*statements)}] if statements else [],
        "AttachedManagedPolicies": [],
        **more,
    }


def managed(name: str, document: JsonValue) -> dict[str, JsonValue]:
    """A customer's policy with one version."""
    version: dict[str, JsonValue] = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document}
    return {"PolicyName": name, "Arn": policy_arn(name), "DefaultVersionId": "v1", "PolicyVersionList": [version]}


def policy_arn(name: str) -> str:
    return f"arn:aws:iam::{NUMBER}:policy/{name}"


def attached(*names: str) -> list[JsonValue]:
    return [{"PolicyName": name, "PolicyArn": policy_arn(name)} for name in names]


def details(
    users: Sequence[Mapping[str, JsonValue]] = (),
    groups: Sequence[Mapping[str, JsonValue]] = (),
    roles: Sequence[Mapping[str, JsonValue]] = (),
    policies: Sequence[Mapping[str, JsonValue]] = (),
) -> dict[str, JsonValue]:
    """The answer of GetAccountAuthorizationDetails."""
    lists = {"UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": roles, "Policies": policies}
    return {name: [dict(each) for each in listed] for name, listed in lists.items()}


def account(**lists: Any) -> Account:
    return Account(details(**lists))
