"""Principals as people and records write them, and the IAM user or role that they name."""

import re

from ._places import partition_in

_ARN = re.compile(r"arn:(?P<partition>[^:]+):(?:iam|sts)::(?P<account>\d*):(?P<kind>[^/]+)/?(?P<rest>.*)")


def user_name(principal: str) -> str:
    """The IAM user name; "" for an ARN of something else."""
    return _name(principal, "user")


def role_name(principal: str) -> str:
    """The IAM role name, of a role or of a session of it; "" for an ARN of something else."""
    if session := _kind(principal, "assumed-role"):
        return session.partition("/")[0]
    return _name(principal, "role")


def _name(principal: str, kind: str) -> str:
    return _kind(principal, kind).rpartition("/")[2] if principal.startswith("arn:") else principal


def _kind(principal: str, kind: str) -> str:
    match = _ARN.fullmatch(principal)
    return match["rest"] if match and match["kind"] == kind else ""


def is_root(principal: str) -> bool:
    """Whether this is the root of an account."""
    return principal == "root" or principal.endswith(":root")


def iam_arn(principal: str, kind: str, account: str, region: str) -> str:
    """The ARN of a user or role; one that was given as a name is taken to have no path."""
    match = _ARN.fullmatch(principal)
    if match and match["kind"] == kind:
        return principal
    name = user_name(principal) if kind == "user" else role_name(principal)
    return f"arn:{partition_in(region)}:iam::{account}:{kind}/{name}"
