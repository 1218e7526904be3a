"""The exact read-only IAM policy that tools need, and the policy that narrows a session of the reader role."""

import json
from collections.abc import Iterable

from pydantic import JsonValue

from investigator.ports.tool import Tool

from ._allowed import NEVER, READ_LIST, action_of

BASE = frozenset({"sts:GetCallerIdentity", "ec2:DescribeRegions"})
"""What every run with AWS asks first."""
DENIED = (
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "ssm:GetParameter*",
    "ec2:GetPasswordData",
    "s3:Delete*",
    "lambda:GetFunction",
)
"""Explicitly denied in the shipped policy (specification 0.5)."""
_BEYOND_SECURITY_AUDIT = ("ce:GetCostAndUsage", "cloudtrail:LookupEvents", "guardduty:Get*", "guardduty:List*",
                          "securityhub:GetFindings", "sts:GetAccessKeyInfo")  # fmt: skip


def permissions(tools: Iterable[Tool]) -> dict[str, JsonValue]:
    """The IAM policy document that lets exactly these tools ask, and denies what reads secrets."""
    actions = sorted(BASE.union(*(tool.permissions for tool in tools)))
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "InvestigatorReads", "Effect": "Allow", "Action": [*actions], "Resource": "*"},
            {"Sid": "NeverSecrets", "Effect": "Deny", "Action": [*DENIED], "Resource": "*"},
        ],
    }


def session_policy() -> str:
    """The inline policy that goes beside SecurityAudit when a reader role is assumed; at most 2,048 characters."""
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": _BEYOND_SECURITY_AUDIT, "Resource": "*"},
            {"Effect": "Deny", "Action": DENIED, "Resource": "*"},
        ],
    }
    return json.dumps(document, separators=(",", ":"))


def readable_actions() -> frozenset[str]:
    """Every IAM action of the read list."""
    entries = ((service, entry.partition(":")[0]) for _, service, names in READ_LIST for entry in names.split())
    return frozenset(action_of(service, operation) for service, operation in entries) - NEVER
