"""Alerts that open a case or stand in an answer: EventBridge envelopes, bare findings, lists of them (9.3)."""

from collections.abc import Callable, Iterator, Sequence

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.alerts.asff import asff_alert, is_asff
from investigator.domain.alerts.events import (
    call_alert,
    health_alert,
    is_call,
    is_health,
    is_own_comment,
    is_response,
    response_alert,
)
from investigator.domain.alerts.guardduty import guardduty_alert, is_guardduty
from investigator.domain.alerts.located import said_at
from investigator.domain.alerts.ocsf import is_ocsf, ocsf_alert
from investigator.domain.alerts.parts import first_of, moment_of
from investigator.domain.ids import EvidenceId, digest16
from investigator.domain.paths import first_text
from investigator.domain.times import to_text

Reader = Callable[[JsonValue], Alert]

DEEPEST = 64
"""Levels of JSON that an alert may have."""
_TAKES = (
    "takes an EventBridge event of GuardDuty, Security Hub, Health, CloudTrail or Security Incident Response, "
    "or one GuardDuty, ASFF or OCSF finding as JSON"
)
_READERS: tuple[tuple[Callable[[JsonValue], bool], Reader], ...] = (
    (is_response, response_alert),
    (is_asff, asff_alert),
    (is_ocsf, ocsf_alert),
    (is_guardduty, guardduty_alert),
    (is_health, health_alert),
    (is_call, call_alert),
)
"""How each form is told, and read."""


def alerts_in(alert: JsonValue) -> tuple[Alert, ...]:
    """The alerts of one event or finding; raises ValueError for anything else, saying what is taken."""
    if _too_deep(alert):
        raise ValueError(f"this alert cannot be read: it is nested deeper than {DEEPEST} levels")
    if is_own_comment(alert):
        raise ValueError("a comment that AWS did not make starts nothing; open a case with its words")
    read = tuple(_within(alert, _placed(reader(finding), finding, path)) for path, finding, reader in _findings(alert))
    if not read:
        raise ValueError(f"this alert cannot be read: it {_TAKES}")
    return read


def answered(read: Reader, finding: JsonValue, answer: EvidenceId) -> Alert:
    """The alert of one of the `Findings` of an AWS answer."""
    return _placed(read(finding), finding, _element("Findings", finding)).model_copy(update={"answer": answer})


def alert_text(alert: JsonValue) -> str:
    """An alert in words: title first, then what and where; raises ValueError like `alerts_in`."""
    lines = (line for read in alerts_in(alert) for line in _lines(read))
    return "\n".join(line for line in lines if line)


def alert_key(alert: JsonValue) -> str:
    """The same for the same alert and update time, however often and in whatever envelope it is delivered.

    Raises ValueError like `alerts_in`.
    """
    return "alert-" + digest16(*sorted("\x1e".join(_defining(read)) for read in alerts_in(alert)))


def _defining(read: Alert) -> tuple[str, ...]:
    updated = to_text(read.updated) if read.updated else ""
    return read.detector, read.id, read.account, read.region, read.type, updated


def _findings(alert: JsonValue, path: str = "") -> Sequence[tuple[str, JsonValue, Reader]]:
    """The findings of an envelope, an answer of the API, a list, or the one itself, each with its path and reader."""
    if isinstance(alert, list):
        return [found for element in alert for found in _findings(element, path)]
    if not isinstance(alert, dict):
        return []
    if reader := _reader(alert):
        return [(path, alert, reader)]
    if first_text(alert, "detail-type"):
        return _findings(alert.get("detail"), "detail")
    return [
        (_element(below, finding), finding, reader)
        for below, finding in _listed(alert, path)
        if (reader := _reader(finding))
    ]


def _listed(alert: dict[str, JsonValue], path: str) -> Iterator[tuple[str, JsonValue]]:
    for name in ("findings", "Findings"):
        if isinstance(found := alert.get(name), list):
            yield from ((_under(path, name), finding) for finding in found)


def _reader(finding: JsonValue) -> Reader | None:
    return next((read for fits, read in _READERS if fits(finding)), None)


def _element(path: str, finding: JsonValue) -> str:
    """The path of one of several: its own id picks it out, where it can be written in a path."""
    key = next((key for key in ("Id", "id") if first_text(finding, key)), "")
    value = first_text(finding, key) if key else ""
    return f"{path}[{key}={value}]" if value.isprintable() and value and "]" not in value else path


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _placed(read: Alert, finding: JsonValue, path: str) -> Alert:
    """The alert, with where its type and its words stand in all of what was sent."""
    places = {"type_at": read.type_at, "said_at": said_at(finding, read)}
    return read.model_copy(
        update={name: tuple((_under(path, below), text) for below, text in found) for name, found in places.items()}
    )


def _within(envelope: JsonValue, read: Alert) -> Alert:
    """The alert, with account, Region and time of its envelope where it has none."""
    sent = moment_of(envelope, "time")
    return read.model_copy(
        update={
            "account": read.account or first_of(envelope, "account"),
            "region": read.region or first_of(envelope, "region"),
            "first": read.first or read.last or sent,
            "last": read.last or read.first or sent,
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


def _too_deep(alert: JsonValue) -> bool:
    level = [alert]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
    return bool(level)


def _inside(value: JsonValue) -> Sequence[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()
