"""Findings of Security Hub as Alerts: the ASFF format, and OCSF detection findings."""

from collections.abc import Iterator

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.entity import EntityRef
from investigator.domain.paths import first_text, select, texts
from investigator.domain.words import EntityKind, Severity
from investigator.stages.detectors.alert_parts import count_of, entity, entity_of_arn, moment_of, principal_arn

_ASFF_IDS = (
    ("Resources.Details.AwsIamAccessKey.AccessKeyId", EntityKind.ACCESS_KEY),
    ("Network.SourceIpV4", EntityKind.IP),
    ("Network.SourceIpV6", EntityKind.IP),
    ("Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4", EntityKind.IP),
    ("Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4", EntityKind.IP),
)
_ASFF_FIELDS = (
    ("aws/guardduty/service/action/awsApiCallAction/remoteIpDetails/ipAddressV4", EntityKind.IP),
    ("action/awsApiCallAction/remoteIpDetails/ipAddressV4", EntityKind.IP),
)
_OCSF_IDS = (
    ("evidences.src_endpoint.ip", EntityKind.IP),
    ("evidences.actor.user.credential_uid", EntityKind.ACCESS_KEY),
    ("resources.owner.credential_uid", EntityKind.ACCESS_KEY),
    ("observables[type=IP Address].value", EntityKind.IP),
)
_OCSF_SEVERITY = {str(severity.number): severity for severity in Severity} | {"6": Severity.CRITICAL}
_ASFF_SEVERITY = {severity.value.upper(): severity for severity in Severity}


def is_asff(finding: JsonValue) -> bool:
    return all(first_text(finding, path) for path in ("Id", "ProductArn", "AwsAccountId"))


def is_ocsf(finding: JsonValue) -> bool:
    return bool(first_text(finding, "finding_info.uid") and first_text(finding, "class_uid"))


def asff_alert(finding: JsonValue) -> Alert:
    """The alert of one finding in the AWS Security Finding Format."""
    return Alert(
        id=f"alert:{first_text(finding, 'Id')}",
        detector=_product(finding),
        type=first_text(finding, "Types") or first_text(finding, "GeneratorId"),
        title=first_text(finding, "Title"),
        description=first_text(finding, "Description"),
        severity=_asff_severity(finding),
        account=first_text(finding, "AwsAccountId"),
        region=first_text(finding, "Region") or first_text(finding, "Resources.Region"),
        first=moment_of(finding, "FirstObservedAt", "CreatedAt"),
        last=moment_of(finding, "LastObservedAt", "UpdatedAt"),
        archived=first_text(finding, "RecordState") == "ARCHIVED",
        entities=tuple(dict.fromkeys(_asff_entities(finding))),
    )


def _product(finding: JsonValue) -> str:
    return first_text(finding, "ProductArn").rpartition("/")[2] or "securityhub"


def _asff_severity(finding: JsonValue) -> Severity:
    """The label, else the normalized score of 0 to 100 (ASFF: 90 critical, 70 high, 40 medium, 1 low)."""
    if severity := _ASFF_SEVERITY.get(first_text(finding, "Severity.Label").upper()):
        return severity
    score = first_text(finding, "Severity.Normalized")
    value = int(score) if score.isdecimal() and len(score) < 9 else 40
    levels = ((90, Severity.CRITICAL), (70, Severity.HIGH), (40, Severity.MEDIUM), (1, Severity.LOW))
    return next((severity for least, severity in levels if value >= least), Severity.INFORMATIONAL)


def _asff_entities(finding: JsonValue) -> Iterator[EntityRef]:
    for path, kind in _ASFF_IDS:
        for value in texts(finding, path):
            yield from entity(kind, value)
    for field in select(finding, "ProductFields"):
        for name, kind in _ASFF_FIELDS:
            if isinstance(field, dict) and isinstance(value := field.get(name), str):
                yield from entity(kind, value)
    for arn in texts(finding, "Resources.Id"):
        yield from entity_of_arn(arn)
    account = first_text(finding, "AwsAccountId")
    for path in ("UserName", "PrincipalName"):
        name = first_text(finding, f"Resources.Details.AwsIamAccessKey.{path}")
        if arn := principal_arn(account, "user", name):
            yield EntityRef(kind=EntityKind.PRINCIPAL, value=arn)


def ocsf_alert(finding: JsonValue) -> Alert:
    """The alert of one OCSF finding (class 2004 and its neighbours)."""
    return Alert(
        id=f"alert:{first_text(finding, 'finding_info.uid')}",
        detector=first_text(finding, "metadata.product.name") or "securityhub",
        type=first_text(finding, "finding_info.types") or first_text(finding, "metadata.event_code"),
        title=first_text(finding, "finding_info.title") or first_text(finding, "message"),
        description=first_text(finding, "finding_info.desc"),
        severity=_OCSF_SEVERITY.get(first_text(finding, "severity_id"), Severity.MEDIUM),
        account=first_text(finding, "cloud.account.uid"),
        region=first_text(finding, "cloud.region"),
        first=moment_of(finding, "finding_info.first_seen_time_dt", "finding_info.first_seen_time",
                        "finding_info.created_time_dt", "finding_info.created_time", "time"),
        last=moment_of(finding, "finding_info.last_seen_time_dt", "finding_info.last_seen_time",
                       "finding_info.modified_time_dt", "finding_info.modified_time", "time"),
        count=count_of(finding, "count"),
        entities=tuple(dict.fromkeys(_ocsf_entities(finding))),
    )  # fmt: skip


def _ocsf_entities(finding: JsonValue) -> Iterator[EntityRef]:
    for path, kind in _OCSF_IDS:
        for value in texts(finding, path):
            yield from entity(kind, value)
    for arn in (*texts(finding, "resources.uid"), *texts(finding, "evidences.actor.user.uid_alt")):
        yield from entity_of_arn(arn)
