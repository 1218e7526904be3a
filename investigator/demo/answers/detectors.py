"""GuardDuty in every Region, Security Hub in all but one."""

import random
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from investigator.demo.alerts import Finding
from investigator.demo.answers.asked import Asked, Body, Fault
from investigator.demo.company import ACCOUNT, SEED, unique
from investigator.demo.incident import Incident
from investigator.demo.launches import Machine
from investigator.domain.times import to_text

HUB_OFF = "ap-northeast-3"
"""The Region where nobody switched Security Hub on."""


def detector_id(region: str) -> str:
    """32 hex digits; every Region has a detector of its own."""
    return f"{random.Random(f'{SEED}/detector/{region}').getrandbits(128):032x}"


def _detectors(told: Incident, asked: Asked) -> Body:
    return {"DetectorIds": [detector_id(asked.region)]}


def _here(told: Incident, asked: Asked) -> list[Finding]:
    if asked.text("DetectorId") != detector_id(asked.region):
        message = "The request is rejected because the input detectorId is not owned by the current account."
        raise Fault("BadRequestException", message)
    return [finding for finding in told.estate.findings if finding.region == asked.region]


def _list_findings(told: Incident, asked: Asked) -> Body:
    found = [each for each in _here(told, asked) if _meets(finding_body(each), asked)]
    return {"FindingIds": [finding.id for finding in found]}


def _get_findings(told: Incident, asked: Asked) -> Body:
    wanted = asked.texts("FindingIds")
    return {"Findings": [finding_body(each) for each in _here(told, asked) if each.id in wanted]}


def _meets(body: Body, asked: Asked) -> bool:
    criteria = asked.parameters.get("FindingCriteria")
    conditions = criteria.get("Criterion") if isinstance(criteria, dict) else None
    if not isinstance(conditions, dict):
        return True
    return all(_meets_one(_at(body, path), condition) for path, condition in conditions.items())


def _meets_one(values: list[str], condition: JsonValue) -> bool:
    """One criterion of ListFindings: equality on text; other comparisons are refused, not guessed."""
    tests = condition if isinstance(condition, dict) else {}
    for name, wanted in tests.items():
        if name not in ("Eq", "Equals") or not isinstance(wanted, list):
            raise Fault("BadRequestException", f"The condition {name} is not supported.")
        if not set(map(str, wanted)) & set(values):
            return False
    return True


def _at(body: JsonValue, path: str) -> list[str]:
    """The texts at a path such as `resource.accessKeyDetails.accessKeyId`."""
    for step in path.split("."):
        body = body.get(step[:1].upper() + step[1:]) if isinstance(body, dict) else None
    return [] if body is None else [str(body).lower() if isinstance(body, bool) else str(body)]


def finding_body(finding: Finding) -> Body:
    """A finding as GetFindings gives it."""
    return {
        "SchemaVersion": "2.0",
        "AccountId": ACCOUNT,
        "Region": finding.region,
        "Partition": "aws",
        "Id": finding.id,
        "Arn": _arn(finding),
        "Type": finding.type,
        "Title": finding.title,
        "Description": finding.description,
        "Severity": finding.severity,
        "CreatedAt": to_text(finding.first),
        "UpdatedAt": to_text(finding.last),
        "Resource": _instance_resource(finding.machine) if finding.machine else _key_resource(finding),
        "Service": _service(finding),
    }


def _arn(finding: Finding) -> str:
    detector = detector_id(finding.region)
    return f"arn:aws:guardduty:{finding.region}:{ACCOUNT}:detector/{detector}/finding/{finding.id}"


def _service(finding: Finding) -> JsonValue:
    return {
        "ServiceName": "guardduty",
        "DetectorId": detector_id(finding.region),
        "EventFirstSeen": to_text(finding.first),
        "EventLastSeen": to_text(finding.last),
        "Count": finding.count,
        "Archived": False,
        "ResourceRole": "TARGET",
        "Action": _action(finding),
    }


def _action(finding: Finding) -> JsonValue:
    if finding.machine:
        asked: JsonValue = {"Domain": "pool.example.net", "Protocol": "UDP", "Blocked": False}
        return {"ActionType": "DNS_REQUEST", "DnsRequestAction": asked}
    remote: JsonValue = {"IpAddressV4": finding.address, "Organization": {"Asn": "64500", "AsnOrg": "Example Hosting"}}
    call: JsonValue = {
        "Api": "GetCallerIdentity", "ServiceName": "sts.amazonaws.com", "CallerType": "Remote IP",
        "RemoteIpDetails": remote,
    }  # fmt: skip
    return {"ActionType": "AWS_API_CALL", "AwsApiCallAction": call}


def _key_resource(finding: Finding) -> JsonValue:
    details: JsonValue = {
        "AccessKeyId": finding.key,
        "PrincipalId": unique("AIDA", finding.user),
        "UserType": "IAMUser",
        "UserName": finding.user,
    }
    return {"ResourceType": "AccessKey", "AccessKeyDetails": details}


def _instance_resource(machine: Machine) -> JsonValue:
    interface: JsonValue = {
        "NetworkInterfaceId": machine.interface,
        "PrivateIpAddress": machine.private,
        "PublicIp": machine.public,
        "SubnetId": machine.subnet,
        "VpcId": machine.vpc,
        "SecurityGroups": [{"GroupId": machine.group, "GroupName": machine.key_name}],
    }
    details: JsonValue = {
        "InstanceId": machine.id,
        "InstanceType": machine.kind,
        "ImageId": machine.image,
        "InstanceState": "running",
        "AvailabilityZone": machine.zone,
        "LaunchTime": to_text(machine.launched),
        "NetworkInterfaces": [interface],
    }
    return {"ResourceType": "Instance", "InstanceDetails": details}


def _hub(told: Incident, asked: Asked) -> Body:
    """Security Hub, on everywhere but in one Region; it takes over the GuardDuty findings of its Region."""
    if asked.region == HUB_OFF:
        raise Fault("InvalidAccessException", f"Account {ACCOUNT} is not subscribed to AWS Security Hub", 401)
    return {"Findings": [_in_hub(finding) for finding in told.estate.findings if finding.region == asked.region]}


def _in_hub(finding: Finding) -> JsonValue:
    """The finding in ASFF."""
    kind, _, name = finding.type.partition(":")
    return {
        "SchemaVersion": "2018-10-08",
        "Id": _arn(finding),
        "ProductArn": f"arn:aws:securityhub:{finding.region}::product/aws/guardduty",
        "ProductName": "GuardDuty",
        "CompanyName": "Amazon",
        "Region": finding.region,
        "GeneratorId": f"arn:aws:guardduty:{finding.region}:{ACCOUNT}:detector/{detector_id(finding.region)}",
        "AwsAccountId": ACCOUNT,
        "Types": [f"TTPs/{kind}/{name.replace('/', '-')}"],
        "FirstObservedAt": to_text(finding.first),
        "LastObservedAt": to_text(finding.last),
        "CreatedAt": to_text(finding.first),
        "UpdatedAt": to_text(finding.last),
        "Severity": _hub_severity(finding),
        "Title": finding.title,
        "Description": finding.description,
        "Resources": [_hub_resource(finding)],
        "WorkflowState": "NEW",
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
    }


def _hub_severity(finding: Finding) -> JsonValue:
    high = finding.severity >= 7
    return {"Product": finding.severity, "Label": "HIGH" if high else "MEDIUM", "Normalized": 70 if high else 50}


def _hub_resource(finding: Finding) -> JsonValue:
    place: Body = {"Partition": "aws", "Region": finding.region}
    if machine := finding.machine:
        arn = f"arn:aws:ec2:{machine.region}:{ACCOUNT}:instance/{machine.id}"
        details: JsonValue = {
            "AwsEc2Instance": {"Type": machine.kind, "VpcId": machine.vpc, "SubnetId": machine.subnet}
        }
        return {"Type": "AwsEc2Instance", "Id": arn, **place, "Details": details}
    key: JsonValue = {"PrincipalName": finding.user, "AccessKeyId": finding.key}
    named = f"AWS::IAM::AccessKey:{finding.key}"
    return {"Type": "AwsIamAccessKey", "Id": named, **place, "Details": {"AwsIamAccessKey": key}}


GUARDDUTY: Mapping[str, Callable[[Incident, Asked], Body]] = {
    "ListDetectors": _detectors,
    "ListFindings": _list_findings,
    "GetFindings": _get_findings,
}
SECURITY_HUB: Mapping[str, Callable[[Incident, Asked], Body]] = {"GetFindings": _hub}
