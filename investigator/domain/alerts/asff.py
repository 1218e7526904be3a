"""A finding of Security Hub in the AWS Security Finding Format as an Alert."""

from collections.abc import Iterator

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.alerts.parts import (
    Places,
    alert_id,
    entities_at,
    entity,
    first_of,
    moment_of,
    named,
    type_at,
)
from investigator.domain.alerts.tactics import tactic_of_types
from investigator.domain.arns import principal_arn
from investigator.domain.entity import EntityRef
from investigator.domain.paths import first_text, quote_key, texts
from investigator.domain.words import EntityKind, Severity

_PLACES: Places = (
    ("Resources.Details.AwsIamAccessKey.AccessKeyId", EntityKind.ACCESS_KEY),
    ("Network.SourceIpV4", EntityKind.IP),
    ("Network.SourceIpV6", EntityKind.IP),
    ("Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4", EntityKind.IP),
    ("Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4", EntityKind.IP),
    ("Action.PortProbeAction.PortProbeDetails.RemoteIpDetails.IpAddressV4", EntityKind.IP),
    ("Action.DnsRequestAction.Domain", EntityKind.DOMAIN),
    *(
        (f"ProductFields.{quote_key(f'{before}action/{action}/remoteIpDetails/ipAddressV4')}", EntityKind.IP)
        for before in ("", "aws/guardduty/service/")
        for action in ("awsApiCallAction", "networkConnectionAction")
    ),
)
_RESOURCES = (
    ("AwsEc2Instance", EntityKind.INSTANCE),
    ("AwsS3Bucket", EntityKind.BUCKET),
    ("AwsIamAccessKey", EntityKind.ACCESS_KEY),
)
"""Resources whose Id ends with the id that we know them by, in whatever form a product writes it."""
_SEVERITY = {severity.value.upper(): severity for severity in Severity}
_LEVELS = ((90, Severity.CRITICAL), (70, Severity.HIGH), (40, Severity.MEDIUM), (1, Severity.LOW))
"""The normalized score, 0 to 100 (ASFF syntax, Severity)."""


def is_asff(finding: JsonValue) -> bool:
    return all(first_text(finding, path) for path in ("Id", "ProductArn", "AwsAccountId"))


def asff_alert(finding: JsonValue) -> Alert:
    """The alert of one finding; the detector is the product that found it."""
    return Alert(
        id=alert_id(finding, "Id"),
        detector=first_text(finding, "ProductArn").rpartition("/")[2] or "securityhub",
        type=first_of(finding, "Types", "GeneratorId"),
        title=first_text(finding, "Title"),
        description=first_text(finding, "Description"),
        severity=_severity(finding),
        tactic=tactic_of_types(texts(finding, "Types")),
        account=first_text(finding, "AwsAccountId"),
        region=first_of(finding, "Region", "Resources.Region"),
        first=moment_of(finding, "FirstObservedAt", "CreatedAt"),
        last=moment_of(finding, "LastObservedAt", "UpdatedAt"),
        updated=moment_of(finding, "UpdatedAt", "LastObservedAt"),
        archived=first_text(finding, "RecordState") == "ARCHIVED",
        entities=tuple(dict.fromkeys(_entities(finding))),
        type_at=type_at(finding, "Types", "GeneratorId"),
    )


def _severity(finding: JsonValue) -> Severity:
    """The label, else the normalized score."""
    if severity := _SEVERITY.get(first_text(finding, "Severity.Label").upper()):
        return severity
    score = first_text(finding, "Severity.Normalized")
    value = int(score) if score.isdecimal() and len(score) < 9 else 40
    return next((severity for least, severity in _LEVELS if value >= least), Severity.INFORMATIONAL)


def _entities(finding: JsonValue) -> Iterator[EntityRef]:
    yield from entities_at(finding, _PLACES)
    for resource, kind in _RESOURCES:
        for given in texts(finding, f"Resources[Type={resource}].Id"):
            yield from entity(kind, given.rpartition("/")[2].rpartition(":")[2])
    yield from named(texts(finding, "Resources.Id"))
    account = first_text(finding, "AwsAccountId")
    for path in ("UserName", "PrincipalName"):
        name = first_text(finding, f"Resources.Details.AwsIamAccessKey.{path}")
        if arn := principal_arn(account, "user", name, first_text(finding, "Resources.Partition") or "aws"):
            yield EntityRef(kind=EntityKind.PRINCIPAL, value=arn)
