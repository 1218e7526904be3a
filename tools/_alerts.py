"""Findings of GuardDuty and Security Hub, as their APIs give them, in our words."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.entity import EntityRef
from investigator.domain.paths import first_text, texts
from investigator.domain.times import parse_instant
from investigator.domain.words import EntityKind, Severity
from investigator.ports.aws import Page

_GUARDDUTY: Mapping[str, EntityKind] = {
    "Resource.AccessKeyDetails.AccessKeyId": EntityKind.ACCESS_KEY,
    "Resource.InstanceDetails.InstanceId": EntityKind.INSTANCE,
    "Resource.S3BucketDetails.Name": EntityKind.BUCKET,
    "Service.Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4": EntityKind.IP,
    "Service.Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4": EntityKind.IP,
    "Service.Action.PortProbeAction.PortProbeDetails.RemoteIpDetails.IpAddressV4": EntityKind.IP,
    "Service.Action.DnsRequestAction.Domain": EntityKind.DOMAIN,
}
_USER_TYPES = {"IAMUser": "user", "AssumedRole": "role", "Role": "role"}
_LEVELS = ((9, Severity.CRITICAL), (7, Severity.HIGH), (4, Severity.MEDIUM), (1, Severity.LOW))
"""GuardDuty user guide, severity levels of findings."""
_ASFF: Mapping[str, EntityKind] = {
    "Resources.Details.AwsIamAccessKey.AccessKeyId": EntityKind.ACCESS_KEY,
    "Network.SourceIpV4": EntityKind.IP,
    "Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4": EntityKind.IP,
    "Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4": EntityKind.IP,
}
_ASFF_RESOURCES: Mapping[str, EntityKind] = {
    "AwsEc2Instance": EntityKind.INSTANCE,
    "AwsS3Bucket": EntityKind.BUCKET,
    "AwsIamUser": EntityKind.PRINCIPAL,
    "AwsIamRole": EntityKind.PRINCIPAL,
    "AwsLambdaFunction": EntityKind.FUNCTION,
}


def guardduty_alert(finding: JsonValue, page: Page) -> Alert:
    """The alert of one finding of guardduty:GetFindings."""
    return Alert(
        id=f"alert:{first_text(finding, 'Id')}",
        answer=page.answer,
        detector="guardduty",
        type=first_text(finding, "Type"),
        title=first_text(finding, "Title") or first_text(finding, "Type"),
        description=first_text(finding, "Description"),
        severity=_level(first_text(finding, "Severity")),
        account=first_text(finding, "AccountId"),
        region=first_text(finding, "Region"),
        first=_moment(finding, "Service.EventFirstSeen", "CreatedAt"),
        last=_moment(finding, "Service.EventLastSeen", "UpdatedAt"),
        count=_count(first_text(finding, "Service.Count")),
        archived=first_text(finding, "Service.Archived") == "true",
        entities=tuple(dict.fromkeys((*_found(finding, _GUARDDUTY), *_guardduty_principal(finding)))),
        type_path=f"Findings[Id={first_text(finding, 'Id')}].Type",
    )


def securityhub_alert(finding: JsonValue, page: Page) -> Alert:
    """The alert of one finding of securityhub:GetFindings (ASFF); the detector is the product that found it."""
    kind = "Types" if first_text(finding, "Types") else "GeneratorId"
    return Alert(
        id=f"alert:{first_text(finding, 'Id')}",
        answer=page.answer,
        detector=first_text(finding, "ProductArn").rpartition("/")[2] or "securityhub",
        type=first_text(finding, kind),
        title=first_text(finding, "Title"),
        description=first_text(finding, "Description"),
        severity=_label(first_text(finding, "Severity.Label")),
        account=first_text(finding, "AwsAccountId"),
        region=first_text(finding, "Region"),
        first=_moment(finding, "FirstObservedAt", "CreatedAt"),
        last=_moment(finding, "LastObservedAt", "UpdatedAt"),
        archived=first_text(finding, "RecordState") == "ARCHIVED",
        entities=tuple(dict.fromkeys((*_found(finding, _ASFF), *_asff_resources(finding)))),
        type_path=f"Findings[Id={first_text(finding, 'Id')}].{kind}",
    )


def _found(finding: JsonValue, paths: Mapping[str, EntityKind]) -> Iterator[EntityRef]:
    return (
        EntityRef(kind=kind, value=value) for path, kind in paths.items() for value in texts(finding, path) if value
    )


def _guardduty_principal(finding: JsonValue) -> Iterator[EntityRef]:
    kind = _USER_TYPES.get(first_text(finding, "Resource.AccessKeyDetails.UserType"))
    name = first_text(finding, "Resource.AccessKeyDetails.UserName")
    account = first_text(finding, "AccountId")
    if kind and name and account:
        arn = f"arn:{first_text(finding, 'Partition') or 'aws'}:iam::{account}:{kind}/{name}"
        yield EntityRef(kind=EntityKind.PRINCIPAL, value=arn)


def _asff_resources(finding: JsonValue) -> Iterator[EntityRef]:
    for resource, kind in _ASFF_RESOURCES.items():
        for arn in texts(finding, f"Resources[Type={resource}].Id"):
            short = kind in (EntityKind.INSTANCE, EntityKind.BUCKET)
            yield EntityRef(kind=kind, value=arn.rpartition("/")[2].rpartition(":")[2] if short else arn)


def _level(number: str) -> Severity:
    try:
        value = float(number)
    except ValueError:
        return Severity.MEDIUM
    return next((severity for least, severity in _LEVELS if value >= least), Severity.INFORMATIONAL)


def _label(label: str) -> Severity:
    return next((severity for severity in Severity if severity.value == label.lower()), Severity.MEDIUM)


def _count(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 16 else 1


def _moment(finding: JsonValue, *paths: str) -> datetime | None:
    for path in paths:
        try:
            return parse_instant(first_text(finding, path))
        except ValueError:
            continue
    return None
