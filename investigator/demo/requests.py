"""Every request that the tools make in an investigation of the scenario: what a collector would have saved."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pydantic import JsonValue

from investigator.demo.answers import Asked
from investigator.demo.answers.detectors import detector_id
from investigator.demo.company import BUCKETS, GLOBAL, HOME, TRAIL_ARN
from investigator.demo.incident import Incident
from investigator.demo.searches import named_keys, searches, session_names
from investigator.domain.times import parse_instant

Parameters = Mapping[str, JsonValue]
Question = tuple[str, str, Parameters]
"""Service, operation, parameters."""

_OF_USER = (
    "GetUser", "ListAccessKeys", "GetLoginProfile", "ListMFADevices", "ListAttachedUserPolicies", "ListUserPolicies",
    "ListGroupsForUser",
)  # fmt: skip
_OF_ROLE = ("GetRole", "ListAttachedRolePolicies", "ListRolePolicies")
_OF_BUCKET = (
    "GetBucketLocation", "GetBucketPolicy", "GetBucketPolicyStatus", "GetBucketAcl", "GetPublicAccessBlock",
    "GetBucketVersioning", "GetBucketLogging", "GetBucketEncryption", "GetBucketLifecycleConfiguration",
    "GetBucketReplication", "GetObjectLockConfiguration",
)  # fmt: skip
_OF_INSTANCE = {
    "DescribeInstances": "instance-id",
    "DescribeIamInstanceProfileAssociations": "instance-id",
    "DescribeNetworkInterfaces": "attachment.instance-id",
    "DescribeVolumes": "attachment.instance-id",
}
"""The filter by which each operation is asked about one instance."""
_COST_GROUPS = (("SERVICE",), ("REGION", "USAGE_TYPE"))
_COST_BEFORE = timedelta(days=14)


def requests(told: Incident) -> Iterator[Asked]:
    """Each request once."""
    for service, operation, parameters in _at_home(told):
        yield Asked(service, operation, told.account, GLOBAL, parameters)
    everywhere = tuple(_everywhere(told))
    for region in told.regions:
        for service, operation, parameters in (*everywhere, *_findings(told, region)):
            yield Asked(service, operation, told.account, region, parameters)
    for operation, name in (("GetTrailStatus", "Name"), ("GetEventSelectors", "TrailName")):
        yield Asked("cloudtrail", operation, told.account, HOME, {name: TRAIL_ARN})


def _at_home(told: Incident) -> Iterator[Question]:
    yield "sts", "GetCallerIdentity", {}
    yield "ec2", "DescribeRegions", {}
    yield "iam", "GetAccountAuthorizationDetails", {}
    for key in named_keys(told):
        yield "sts", "GetAccessKeyInfo", {"AccessKeyId": key}
        yield "iam", "GetAccessKeyLastUsed", {"AccessKeyId": key}
    yield from _users(told)
    yield from _roles(told)
    yield from _costs(told)
    for bucket in BUCKETS:
        yield from (("s3", operation, {"Bucket": bucket}) for operation in _OF_BUCKET)


def _users(told: Incident) -> Iterator[Question]:
    """Of every user, and of session names: a name alone does not say which of the two it is."""
    for name in dict.fromkeys((*(user.name for user in told.estate.users), *session_names(told))):
        yield from (("iam", operation, {"UserName": name}) for operation in _OF_USER)
    for user in told.estate.users:
        for policy in user.inline:
            yield "iam", "GetUserPolicy", {"UserName": user.name, "PolicyName": policy}


def _roles(told: Incident) -> Iterator[Question]:
    for role in told.estate.roles:
        yield from (("iam", operation, {"RoleName": role.name}) for operation in _OF_ROLE)
        for policy in role.inline:
            yield "iam", "GetRolePolicy", {"RoleName": role.name, "PolicyName": policy}


def _costs(told: Incident) -> Iterator[Question]:
    start = (parse_instant(told.answers["start"]) - _COST_BEFORE).date()
    period: JsonValue = {"Start": f"{start}", "End": f"{told.as_of.date() + timedelta(days=1)}"}
    metrics: JsonValue = ["UnblendedCost", "UsageQuantity"]
    for keys in _COST_GROUPS:
        groups: JsonValue = [{"Type": "DIMENSION", "Key": key} for key in keys]
        parameters: dict[str, JsonValue] = {"TimePeriod": period, "Granularity": "DAILY", "Metrics": metrics}
        yield "ce", "GetCostAndUsage", {**parameters, "GroupBy": groups}


def _everywhere(told: Incident) -> Iterator[Question]:
    yield "cloudtrail", "DescribeTrails", {}
    yield "ec2", "DescribeSecurityGroups", {}
    yield "guardduty", "ListDetectors", {}
    yield "securityhub", "GetFindings", {"MaxResults": 100}
    for operation, name in _OF_INSTANCE.items():
        yield "ec2", operation, {}
        for machine in told.estate.machines:
            condition: JsonValue = {"Name": name, "Values": [machine.id]}
            yield "ec2", operation, {"Filters": [condition]}
    for machine in told.estate.machines:
        yield "ec2", "DescribeInstanceAttribute", {"InstanceId": machine.id, "Attribute": "userData"}
    yield from (("cloudtrail", "LookupEvents", parameters) for parameters in searches(told))


def _findings(told: Incident, region: str) -> Iterator[Question]:
    yield "guardduty", "ListFindings", {"DetectorId": detector_id(region)}
    found: list[JsonValue] = [finding.id for finding in told.estate.findings if finding.region == region]
    if found:
        yield "guardduty", "GetFindings", {"DetectorId": detector_id(region), "FindingIds": found}
