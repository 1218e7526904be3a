"""An OCSF finding as an Alert: Security Hub writes them, and other scanners do (class 2004 and its neighbours)."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.alerts.parts import (
    Places,
    alert_id,
    count_of,
    entities_at,
    first_of,
    moment_of,
    named,
    type_at,
)
from investigator.domain.alerts.tactics import furthest, tactic_of_types
from investigator.domain.entity import EntityRef
from investigator.domain.paths import first_text, texts
from investigator.domain.words import EntityKind, Severity, Tactic

_PLACES: Places = (
    ("evidences.src_endpoint.ip", EntityKind.IP),
    ("evidences.actor.user.credential_uid", EntityKind.ACCESS_KEY),
    ("resources.owner.credential_uid", EntityKind.ACCESS_KEY),
    ("observables[type=IP Address].value", EntityKind.IP),
)
_NAMES = ("resources.uid", "evidences.actor.user.uid", "evidences.actor.user.uid_alt")
_SEVERITY = {str(severity.number): severity for severity in Severity} | {"6": Severity.CRITICAL}
_INFO = "finding_info"
_ATTACKS = f"{_INFO}.attacks"
_TACTICS = tuple(f"{_ATTACKS}.{tactic}.{word}" for tactic in ("tactic", "tactics") for word in ("uid", "name"))
_TECHNIQUES = tuple(f"{_ATTACKS}.{technique}.uid" for technique in ("sub_technique", "technique"))
_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?")
_VENDOR = re.compile(r"^(?:amazon|aws)\s+|\s+", re.IGNORECASE)


def is_ocsf(finding: JsonValue) -> bool:
    return bool(first_text(finding, f"{_INFO}.uid") and first_text(finding, "class_uid"))


def ocsf_alert(finding: JsonValue) -> Alert:
    """The alert of one finding; the detector is the product that found it, in one word."""
    return Alert(
        id=alert_id(finding, f"{_INFO}.uid"),
        detector=_VENDOR.sub("", first_text(finding, "metadata.product.name")).lower() or "securityhub",
        type=first_of(finding, f"{_INFO}.types", "metadata.event_code"),
        title=first_of(finding, f"{_INFO}.title", "message"),
        description=first_text(finding, f"{_INFO}.desc"),
        severity=_SEVERITY.get(first_text(finding, "severity_id"), Severity.MEDIUM),
        tactic=_tactic(finding),
        techniques=_techniques(finding),
        account=first_text(finding, "cloud.account.uid"),
        region=first_of(finding, "cloud.region", "resources.region"),
        first=moment_of(finding, *_times("first_seen", "created"), "time"),
        last=moment_of(finding, *_times("last_seen", "modified"), "time"),
        updated=moment_of(finding, *_times("modified", "last_seen"), "time"),
        count=count_of(finding, "count"),
        entities=tuple(dict.fromkeys(_entities(finding))),
        type_at=type_at(finding, f"{_INFO}.types", "metadata.event_code"),
    )


def _times(*words: str) -> Iterator[str]:
    return (f"{_INFO}.{word}_time{form}" for word in words for form in ("_dt", ""))


def _tactic(finding: JsonValue) -> Tactic:
    """That of its attacks, else of its types."""
    stated = furthest(name for path in _TACTICS for name in texts(finding, path))
    return tactic_of_types(texts(finding, f"{_INFO}.types")) if stated is Tactic.UNKNOWN else stated


def _techniques(finding: JsonValue) -> tuple[str, ...]:
    stated = (uid for path in _TECHNIQUES for uid in texts(finding, path) if _TECHNIQUE.fullmatch(uid))
    return tuple(dict.fromkeys(stated))[:20]


def _entities(finding: JsonValue) -> Iterator[EntityRef]:
    yield from entities_at(finding, _PLACES)
    for path in _NAMES:
        yield from named(texts(finding, path))
