"""Events of AWS services as Alerts: of Health, of CloudTrail, and of AWS Security Incident Response."""

from collections.abc import Iterator

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.alerts.parts import Places, alert_id, entities_at, first_of, moment_of, named, type_at
from investigator.domain.arns import principal_arn
from investigator.domain.entity import EntityRef
from investigator.domain.paths import first_text, texts
from investigator.domain.words import EntityKind, Severity

_HEALTH_PLACES: Places = (("eventMetadata.publicKey", EntityKind.ACCESS_KEY),)
_CALL_PLACES: Places = (
    ("userIdentity.accessKeyId", EntityKind.ACCESS_KEY),
    ("sourceIPAddress", EntityKind.IP),
    ("requestParameters.bucketName", EntityKind.BUCKET),
    ("requestParameters.instancesSet.items.instanceId", EntityKind.INSTANCE),
    ("responseElements.instancesSet.items.instanceId", EntityKind.INSTANCE),
    ("responseElements.accessKey.accessKeyId", EntityKind.ACCESS_KEY),
)
_CALL_NAMES = ("userIdentity.arn", "userIdentity.sessionContext.sessionIssuer.arn", "resources.ARN")
_AWS_RESPONDERS = ("AWS Responder", "security-ir.amazonaws.com")


def is_health(detail: JsonValue) -> bool:
    return bool(first_text(detail, "eventTypeCode"))


def health_alert(detail: JsonValue) -> Alert:
    code = first_text(detail, "eventTypeCode")
    return Alert(
        id=alert_id(detail, "eventArn", "eventTypeCode"),
        detector="health",
        type=code,
        title=f"AWS Health: {code.removeprefix('AWS_').replace('_', ' ').lower()}",
        description=first_text(detail, "eventDescription.latestDescription"),
        severity=Severity.HIGH if "RISK" in code else Severity.MEDIUM,
        account=first_text(detail, "affectedAccount"),
        region=first_text(detail, "eventRegion"),
        first=moment_of(detail, "startTime"),
        last=moment_of(detail, "lastUpdatedTime", "startTime"),
        updated=moment_of(detail, "lastUpdatedTime", "startTime"),
        entities=tuple(dict.fromkeys(_of_health(detail))),
        type_at=type_at(detail, "eventTypeCode"),
    )


def _of_health(detail: JsonValue) -> Iterator[EntityRef]:
    yield from named(texts(detail, "affectedEntities.entityValue"))
    yield from entities_at(detail, _HEALTH_PLACES)
    account = first_of(detail, "affectedAccount", "eventMetadata.accountId")
    if arn := principal_arn(account, "user", first_text(detail, "eventMetadata.userName")):
        yield EntityRef(kind=EntityKind.PRINCIPAL, value=arn)


def is_call(detail: JsonValue) -> bool:
    return bool(first_text(detail, "eventName") and first_text(detail, "eventSource"))


def call_alert(record: JsonValue) -> Alert:
    """The alert of one CloudTrail record; its type is its service and its name together, and stands in both."""
    name, source = first_text(record, "eventName"), first_text(record, "eventSource")
    who = first_of(record, "userIdentity.userName", "userIdentity.arn", "userIdentity.invokedBy")
    when = moment_of(record, "eventTime")
    return Alert(
        id=alert_id(record, "eventID"),
        detector="cloudtrail",
        type=f"{source.removesuffix('.amazonaws.com')}:{name}",
        title=f"{name} by {who}" if who else name,
        severity=Severity.MEDIUM,
        account=first_of(record, "recipientAccountId", "userIdentity.accountId"),
        region=first_text(record, "awsRegion"),
        first=when,
        last=when,
        updated=when,
        entities=tuple(dict.fromkeys(_of_call(record))),
        type_at=(("eventSource", source), ("eventName", name)),
    )


def _of_call(record: JsonValue) -> Iterator[EntityRef]:
    yield from entities_at(record, _CALL_PLACES)
    for path in _CALL_NAMES:
        yield from named(texts(record, path))


def is_response(event: JsonValue) -> bool:
    """Whether it is an event of AWS Security Incident Response; its whole envelope is read."""
    return first_text(event, "source") == "aws.security-ir" and bool(_case(event))


def is_own_comment(event: JsonValue) -> bool:
    """Whether it tells of a comment that AWS did not make: our own comments never start anything."""
    return is_response(event) and "Comment" in first_text(event, "detail-type") and _by(event) not in _AWS_RESPONDERS


def response_alert(event: JsonValue) -> Alert:
    """The alert of one event about a case or a membership."""
    kind, by = first_text(event, "detail-type"), _by(event)
    when = moment_of(event, "time")
    return Alert(
        id=alert_id(event, "resources", "detail.caseId", "detail.membershipId"),
        detector="security-ir",
        type=kind,
        title=f"AWS Security Incident Response: {kind}, {_case(event)}" + (f", by {by}" if by else ""),
        severity=Severity.MEDIUM,
        account=first_text(event, "account"),
        region=first_text(event, "region"),
        first=when,
        last=when,
        updated=when,
        type_at=type_at(event, "detail-type"),
    )


def _case(event: JsonValue) -> str:
    case, membership = first_text(event, "detail.caseId"), first_text(event, "detail.membershipId")
    return f"case {case}" if case else f"membership {membership}" if membership else ""


def _by(event: JsonValue) -> str:
    return first_of(event, "detail.updatedBy", "detail.createdBy")
