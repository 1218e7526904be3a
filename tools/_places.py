"""Partitions and the Regions where their global services are at home."""

import re

_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
_ACCOUNT = re.compile(r"\d{12}")


def partition_of(arn: str) -> str:
    """The partition of an ARN; `aws` when there is none."""
    parts = arn.split(":")
    return parts[1] if len(parts) > 1 and parts[0] == "arn" and parts[1] else "aws"


def home_region(partition: str) -> str:
    """Where IAM and the other global services of a partition answer and record."""
    return _HOME.get(partition, "us-east-1")


def is_place(account: str, region: str) -> bool:
    """Whether these are an account id and a Region name, so that they may stand in a path or a host name."""
    return bool(_ACCOUNT.fullmatch(account) and _REGION.fullmatch(region))


def partition_in(region: str) -> str:
    """The partition that a Region belongs to."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
