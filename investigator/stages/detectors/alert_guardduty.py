"""A GuardDuty finding as an Alert: camelCase in events, PascalCase in answers of the API."""

from collections.abc import Iterator

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.entity import EntityRef
from investigator.domain.paths import first_text, texts
from investigator.domain.words import EntityKind, Severity
from investigator.stages.detectors.alert_parts import count_of, entity, entity_of_arn, moment_of, principal_arn

_IDS = (
    ("resource.accessKeyDetails.accessKeyId", EntityKind.ACCESS_KEY),
    ("resource.instanceDetails.instanceId", EntityKind.INSTANCE),
    ("resource.s3BucketDetails.name", EntityKind.BUCKET),
    ("service.action.awsApiCallAction.remoteIpDetails.ipAddressV4", EntityKind.IP),
    ("service.action.networkConnectionAction.remoteIpDetails.ipAddressV4", EntityKind.IP),
    ("service.action.portProbeAction.portProbeDetails.remoteIpDetails.ipAddressV4", EntityKind.IP),
    ("service.action.rdsLoginAttemptAction.remoteIpDetails.ipAddressV4", EntityKind.IP),
    ("service.action.kubernetesApiCallAction.remoteIpDetails.ipAddressV4", EntityKind.IP),
    ("service.action.dnsRequestAction.domain", EntityKind.DOMAIN),
)
_ARNS = ("resource.lambdaDetails.functionArn", "service.detection.sequence.resources.uid")
_USER_TYPES = {"IAMUser": "user", "AssumedRole": "role", "Role": "role", "Root": "root"}


def is_guardduty(finding: JsonValue) -> bool:
    """Whether camel-cased JSON is a GuardDuty finding."""
    return all(first_text(finding, path) for path in ("id", "type", "accountId", "severity")) and ":" in first_text(
        finding, "type"
    )


def camel_cased(value: JsonValue) -> JsonValue:
    """The same JSON with keys that begin in lower case."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: camel_cased(inner) for key, inner in value.items()}
    return [camel_cased(inner) for inner in value] if isinstance(value, list) else value


def guardduty_alert(finding: JsonValue) -> Alert:
    """The alert of one camel-cased finding."""
    return Alert(
        id=f"alert:{first_text(finding, 'id')}",
        detector="guardduty",
        type=first_text(finding, "type"),
        title=first_text(finding, "title") or first_text(finding, "type"),
        description=first_text(finding, "description"),
        severity=guardduty_severity(first_text(finding, "severity")),
        account=first_text(finding, "accountId"),
        region=first_text(finding, "region"),
        first=moment_of(finding, "service.eventFirstSeen", "createdAt"),
        last=moment_of(finding, "service.eventLastSeen", "updatedAt"),
        count=count_of(finding, "service.count"),
        archived=first_text(finding, "service.archived") == "true",
        entities=tuple(dict.fromkeys(_entities(finding))),
    )


def guardduty_severity(number: str) -> Severity:
    """9 and up is critical, 7 high, 4 medium, 1 low (GuardDuty user guide, severity levels)."""
    try:
        value = float(number)
    except ValueError:
        return Severity.MEDIUM
    levels = ((9, Severity.CRITICAL), (7, Severity.HIGH), (4, Severity.MEDIUM), (1, Severity.LOW))
    return next((severity for least, severity in levels if value >= least), Severity.INFORMATIONAL)


def _entities(finding: JsonValue) -> Iterator[EntityRef]:
    for path, kind in _IDS:
        for value in texts(finding, path):
            yield from entity(kind, value)
    for path in _ARNS:
        for arn in texts(finding, path):
            yield from entity_of_arn(arn)
    kind = _USER_TYPES.get(first_text(finding, "resource.accessKeyDetails.userType"), "")
    name = first_text(finding, "resource.accessKeyDetails.userName")
    if arn := principal_arn(first_text(finding, "accountId"), kind, name, first_text(finding, "partition") or "aws"):
        yield EntityRef(kind=EntityKind.PRINCIPAL, value=arn)
