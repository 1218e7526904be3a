"""Alerts that open a case: EventBridge envelopes, bare findings and CloudTrail calls (specification 9.3)."""

from collections.abc import Callable, Iterator, Sequence

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.entity import EntityRef
from investigator.domain.ids import digest16
from investigator.domain.paths import first_text, select, texts
from investigator.domain.times import to_text
from investigator.domain.words import EntityKind, Severity
from investigator.stages.detectors.alert_findings import asff_alert, is_asff, is_ocsf, ocsf_alert
from investigator.stages.detectors.alert_guardduty import camel_cased, guardduty_alert, is_guardduty
from investigator.stages.detectors.alert_parts import entity, entity_of_arn, moment_of
from investigator.stages.words.entities_in_text import entities_in

_TAKES = (
    "takes an EventBridge event of GuardDuty, Security Hub, Health or CloudTrail, "
    "or one GuardDuty, ASFF or OCSF finding as JSON"
)
_UPDATED = ("updatedAt", "UpdatedAt", "finding_info.modified_time_dt", "finding_info.modified_time", "lastUpdatedTime",
            "startTime", "eventTime", "time")  # fmt: skip


def alerts_in(alert: JsonValue) -> tuple[Alert, ...]:
    """The alerts of one event or finding; raises ValueError for anything else, saying what is taken."""
    if first_text(alert, "source") == "aws.security-ir":
        raise ValueError("an event of AWS Security Incident Response starts nothing; open a case with its description")
    read = tuple(_placed(path, finding, alert) for path, finding in _findings(alert))
    if not read:
        raise ValueError(f"this alert cannot be read: it {_TAKES}")
    return read


def alert_text(alert: JsonValue) -> str:
    """An alert in words: title first, then what and where; raises ValueError like `alerts_in`."""
    lines = (line for read in alerts_in(alert) for line in _lines(read))
    return "\n".join(line for line in lines if line)


def alert_key(alert: JsonValue) -> str:
    """The same for the same alert and update time, however often it is delivered; raises ValueError."""
    reads = alerts_in(alert)
    found = [finding for _, finding in _findings(alert)]
    updates = [next((text for path in _UPDATED if (text := first_text(each, path))), "") for each in found]
    parts = sorted(f"{read.detector} {read.id} {updated}" for read, updated in zip(reads, updates, strict=True))
    return "alert-" + digest16(*parts)


def _placed(path: str, finding: JsonValue, envelope: JsonValue) -> Alert:
    """The alert, where its type stands in what was sent, and the account and Region of its envelope if it has none."""
    read, kind = _read(finding)
    return read.model_copy(
        update={
            "account": read.account or first_text(envelope, "account"),
            "region": read.region or first_text(envelope, "region"),
            "type_path": ".".join(filter(None, (path, kind))) if kind else "",
        }
    )


def _lines(alert: Alert) -> tuple[str, ...]:
    seen = f" between {to_text(alert.first)} and {to_text(alert.last)}" if alert.first and alert.last else ""
    where = " in " + ", ".join(part for part in (alert.account, alert.region) if part) if alert.account else ""
    return (
        alert.title,
        alert.description if alert.description != alert.title else "",
        f"{alert.detector} alert {alert.type}{where}{seen} ({alert.id.removeprefix('alert:')}).",
    )


def _findings(alert: JsonValue, path: str = "") -> Sequence[tuple[str, JsonValue]]:
    """The findings of an envelope, an answer of the API, a list, or the one finding itself, each with its path."""
    if isinstance(alert, list):
        return [found for element in alert for found in _findings(element, path)]
    if not isinstance(alert, dict):
        return []
    if first_text(alert, "detail-type") and isinstance(detail := alert.get("detail"), dict):
        return _findings(detail, "detail")
    for name in ("findings", "Findings"):
        if isinstance(found := alert.get(name), list):
            below = ".".join(filter(None, (path, name)))
            return [(below, element) for element in found if _fits_any(element)]
    return [(path, alert)] if _fits_any(alert) else []


def _fits_any(finding: JsonValue) -> bool:
    return any(fits(finding) for fits, _, _ in _READERS)


def _read(finding: JsonValue) -> tuple[Alert, str]:
    """The alert of a finding of a known form, and the path of its type in it."""
    read, kinds = next((read, kinds) for fits, read, kinds in _READERS if fits(finding))
    return read(finding), next((kind for kind in kinds if first_text(finding, kind)), "")


def _is_health(detail: JsonValue) -> bool:
    return bool(first_text(detail, "eventTypeCode"))


def _health_alert(detail: JsonValue) -> Alert:
    described = next(iter(texts(detail, "eventDescription.latestDescription")), "")
    code = first_text(detail, "eventTypeCode")
    return Alert(
        id=f"alert:{first_text(detail, 'eventArn') or code}",
        detector="health",
        type=code,
        title=f"AWS Health: {code.removeprefix('AWS_').replace('_', ' ').lower()}",
        description=described,
        severity=Severity.HIGH if "RISK" in code else Severity.MEDIUM,
        account=first_text(detail, "affectedAccount"),
        region=first_text(detail, "eventRegion"),
        first=moment_of(detail, "startTime"),
        last=moment_of(detail, "lastUpdatedTime", "startTime"),
        entities=tuple(
            dict.fromkeys(
                found
                for value in texts(detail, "affectedEntities.entityValue")
                for found in (*entities_in(value), *entity_of_arn(value))
                if found.kind is not EntityKind.ACCOUNT
            )
        ),
    )


def _is_record(detail: JsonValue) -> bool:
    return bool(first_text(detail, "eventName") and first_text(detail, "eventSource"))


def _record_alert(record: JsonValue) -> Alert:
    name, source = first_text(record, "eventName"), first_text(record, "eventSource")
    who = first_text(record, "userIdentity.userName") or first_text(record, "userIdentity.arn")
    return Alert(
        id=f"alert:{first_text(record, 'eventID') or digest16(name, first_text(record, 'eventTime'))}",
        detector="cloudtrail",
        type=f"{source.removesuffix('.amazonaws.com')}:{name}",
        title=f"{name} by {who}" if who else name,
        severity=Severity.MEDIUM,
        account=first_text(record, "recipientAccountId") or first_text(record, "userIdentity.accountId"),
        region=first_text(record, "awsRegion"),
        first=moment_of(record, "eventTime"),
        last=moment_of(record, "eventTime"),
        entities=tuple(dict.fromkeys(_record_entities(record))),
    )


def _record_entities(record: JsonValue) -> Iterator[EntityRef]:
    yield from entity(EntityKind.ACCESS_KEY, first_text(record, "userIdentity.accessKeyId"))
    yield from entity_of_arn(first_text(record, "userIdentity.arn"))
    yield from entity(EntityKind.IP, first_text(record, "sourceIPAddress"))
    for bucket in select(record, "requestParameters.bucketName"):
        yield from entity(EntityKind.BUCKET, bucket if isinstance(bucket, str) else "")


def _is_any_guardduty(finding: JsonValue) -> bool:
    return is_guardduty(camel_cased(finding))


def _any_guardduty(finding: JsonValue) -> Alert:
    return guardduty_alert(camel_cased(finding))


_READERS: tuple[tuple[Callable[[JsonValue], bool], Callable[[JsonValue], Alert], tuple[str, ...]], ...] = (
    (is_asff, asff_alert, ("Types", "GeneratorId")),
    (is_ocsf, ocsf_alert, ("finding_info.types", "metadata.event_code")),
    (_is_any_guardduty, _any_guardduty, ("type", "Type")),
    (_is_health, _health_alert, ("eventTypeCode",)),
    (_is_record, _record_alert, ()),
)
"""How each form is told, read, and where its type stands; the type of a call is its service and name together."""
