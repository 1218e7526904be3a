"""Policy documents of the account: the AWS managed ones it uses, in short, and makers of its own."""

from collections.abc import Mapping

from pydantic import JsonValue

from investigator.demo.company import QUARANTINE_ARN

_AWS = "arn:aws:iam::aws:policy/"
ADMINISTRATOR_ACCESS = f"{_AWS}AdministratorAccess"
POWER_USER_ACCESS = f"{_AWS}PowerUserAccess"
READ_ONLY_ACCESS = f"{_AWS}job-function/ViewOnlyAccess"
SECURITY_AUDIT = f"{_AWS}SecurityAudit"
EC2_FULL_ACCESS = f"{_AWS}AmazonEC2FullAccess"


def document(*statements: dict[str, JsonValue]) -> JsonValue:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(actions: JsonValue, resource: JsonValue) -> JsonValue:
    """A policy that allows these actions."""
    return document({"Effect": "Allow", "Action": actions, "Resource": resource})


def trust(principal: JsonValue) -> JsonValue:
    """A trust policy."""
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


_VIEWS: list[JsonValue] = [
    "cloudformation:Describe*", "cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "ec2:Describe*",
    "ecr:Describe*", "iam:Get*", "iam:List*", "lambda:List*", "logs:Describe*", "rds:Describe*", "s3:GetObject",
    "s3:ListAllMyBuckets",
]  # fmt: skip
_AUDITS: list[JsonValue] = ["ec2:Describe*", "iam:List*", "iam:Get*", "guardduty:List*", "cloudwatch:List*"]
_QUARANTINED: list[JsonValue] = [
    "iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateUser", "ec2:RunInstances", "ec2:RequestSpotInstances",
    "lambda:CreateFunction", "sagemaker:CreateNotebookInstance",
]  # fmt: skip
_NOT_OF_POWER_USERS: list[JsonValue] = ["iam:*", "organizations:*", "account:*"]

MANAGED: Mapping[str, JsonValue] = {
    ADMINISTRATOR_ACCESS: allow("*", "*"),
    POWER_USER_ACCESS: document({"Effect": "Allow", "NotAction": _NOT_OF_POWER_USERS, "Resource": "*"}),
    READ_ONLY_ACCESS: allow(_VIEWS, "*"),
    SECURITY_AUDIT: allow(_AUDITS, "*"),
    EC2_FULL_ACCESS: allow("ec2:*", "*"),
    QUARANTINE_ARN: document({"Effect": "Deny", "Action": _QUARANTINED, "Resource": "*"}),
}
