"""A GuardDuty finding as an Alert: camelCase in events, PascalCase in answers of the API."""

from collections.abc import Iterator

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.alerts.parts import Places, alert_id, count_of, entities_at, moment_of, named, type_at
from investigator.domain.alerts.tactics import furthest, tactic_of_types
from investigator.domain.arns import principal_arn
from investigator.domain.entity import EntityRef
from investigator.domain.paths import first_text, texts
from investigator.domain.words import EntityKind, Severity, Tactic

_REMOTE = (
    "awsApiCallAction",
    "networkConnectionAction",
    "portProbeAction.portProbeDetails",
    "rdsLoginAttemptAction",
    "kubernetesApiCallAction",
)
"""Actions that have a remote address."""
_PLACES: Places = (
    ("resource.accessKeyDetails.accessKeyId", EntityKind.ACCESS_KEY),
    ("resource.instanceDetails.instanceId", EntityKind.INSTANCE),
    ("resource.s3BucketDetails.name", EntityKind.BUCKET),
    *(
        (f"service.action.{action}.remoteIpDetails.ipAddressV{version}", EntityKind.IP)
        for action in _REMOTE
        for version in (4, 6)
    ),
    ("service.action.dnsRequestAction.domain", EntityKind.DOMAIN),
    ("service.action.awsApiCallAction.domainDetails.domain", EntityKind.DOMAIN),
    ("service.detection.sequence.actors.user.credentialUid", EntityKind.ACCESS_KEY),
    ("service.detection.sequence.endpoints.ip", EntityKind.IP),
    ("service.detection.sequence.endpoints.domain", EntityKind.DOMAIN),
)
_NAMES = (
    "resource.lambdaDetails.functionArn",
    "resource.eksClusterDetails.arn",
    "resource.ecsClusterDetails.arn",
    "resource.rdsDbInstanceDetails.dbInstanceArn",
    "resource.ebsSnapshotDetails.snapshotArn",
    "service.detection.sequence.actors.user.uid",
    "service.detection.sequence.resources.uid",
)
_TACTICS = ("sequenceIndicators", "indicators")
_USER_TYPES = {"IAMUser": "user", "AssumedRole": "role", "Role": "role", "Root": "root"}
_LEVELS = ((9, Severity.CRITICAL), (7, Severity.HIGH), (4, Severity.MEDIUM), (1, Severity.LOW))
"""GuardDuty user guide, severity levels of findings."""


def is_guardduty(finding: JsonValue) -> bool:
    """Whether it has what every GuardDuty finding has, in either spelling."""
    plain = _top_camel_cased(finding)
    return all(first_text(plain, path) for path in ("id", "accountId", "severity")) and ":" in first_text(plain, "type")


def guardduty_alert(finding: JsonValue) -> Alert:
    """The alert of one finding."""
    plain = _camel_cased(finding)
    kind = first_text(plain, "type")
    return Alert(
        id=alert_id(plain, "id"),
        detector="guardduty",
        type=kind,
        title=first_text(plain, "title") or kind,
        description=first_text(plain, "description"),
        severity=_severity(first_text(plain, "severity")),
        tactic=_tactic(plain, kind),
        account=first_text(plain, "accountId"),
        region=first_text(plain, "region"),
        first=moment_of(plain, "service.eventFirstSeen", "createdAt"),
        last=moment_of(plain, "service.eventLastSeen", "updatedAt"),
        updated=moment_of(plain, "updatedAt", "service.eventLastSeen"),
        count=count_of(plain, "service.count"),
        archived=first_text(plain, "service.archived") == "true",
        entities=tuple(dict.fromkeys(_entities(plain))),
        type_at=type_at(finding, "type", "Type"),
    )


def _top_camel_cased(value: JsonValue) -> JsonValue:
    return {key[:1].lower() + key[1:]: inner for key, inner in value.items()} if isinstance(value, dict) else value


def _camel_cased(value: JsonValue) -> JsonValue:
    """The same JSON with keys that begin in lower case."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _camel_cased(inner) for key, inner in value.items()}
    return [_camel_cased(inner) for inner in value] if isinstance(value, list) else value


def _severity(number: str) -> Severity:
    try:
        value = float(number)
    except ValueError:
        return Severity.MEDIUM
    return next((severity for least, severity in _LEVELS if value >= least), Severity.INFORMATIONAL)


def _tactic(finding: JsonValue, kind: str) -> Tactic:
    """That of its type's threat purpose; an attack sequence names the tactics that it went through."""
    paths = (f"service.detection.sequence.{name}[key=ATTACK_TACTIC].values" for name in _TACTICS)
    gone_through = furthest(name for path in paths for name in texts(finding, path))
    return gone_through if kind.startswith("AttackSequence:") else tactic_of_types([kind])


def _entities(finding: JsonValue) -> Iterator[EntityRef]:
    yield from entities_at(finding, _PLACES)
    for path in _NAMES:
        yield from named(texts(finding, path))
    kind = _USER_TYPES.get(first_text(finding, "resource.accessKeyDetails.userType"), "")
    name = first_text(finding, "resource.accessKeyDetails.userName")
    if arn := principal_arn(first_text(finding, "accountId"), kind, name, first_text(finding, "partition") or "aws"):
        yield EntityRef(kind=EntityKind.PRINCIPAL, value=arn)
