"""Sequences: what only several events together show. One function each, named in the list at the end."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, groupby

from investigator.detections.fields import PUBLIC, literal
from investigator.detections.pipeline import scoped
from investigator.domain.event import Event
from investigator.domain.words import Actor, Severity, Tactic
from investigator.ports.store import RuleRunner

_UNDATED = datetime.max.replace(tzinfo=UTC)
"""Where undated events stand in time order: last."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A named question to all events; `find` yields every event of every match, in time order."""

    id: str
    name: str
    title: str
    level: Severity
    tactic: Tactic
    techniques: tuple[str, ...]
    find: Callable[[RuleRunner], Iterator[Event]]


def key_made_and_used(runner: RuleRunner) -> Iterator[Event]:
    """A key that one identity made for another, and the first call that it signed."""
    made = [event for event in _done(runner, "iam", "CreateAccessKey") if event.issued_key and _for_another(event)]
    used = _grouped(_signed_by(runner, (event.issued_key for event in made)), lambda event: event.key)
    for event in made:
        yield event
        yield from used.get(event.issued_key, [])[:1]


def identity_made_and_armed(runner: RuleRunner) -> Iterator[Event]:
    """A user or role made, then given rights, a key or a password by the same caller within 30 minutes."""
    arming = "CreateAccessKey CreateLoginProfile AttachUserPolicy PutUserPolicy AttachRolePolicy PutRolePolicy"
    events = _grouped(_done(runner, "iam", f"CreateUser CreateRole {arming} AddUserToGroup"), _on_one_identity)
    for group in events.values():
        for made in (event for event in group if event.name in ("CreateUser", "CreateRole")):
            armed = [event for event in _after(made, group, 30) if event.name != made.name]
            yield from [made, *armed] if armed else []


def identity_made_and_removed(runner: RuleRunner) -> Iterator[Event]:
    """A user, key, password or policy removed within a day of its making by the same caller: clean-up."""
    pairs = {
        "CreateUser": "DeleteUser",
        "CreateAccessKey": "DeleteAccessKey",
        "CreateLoginProfile": "DeleteLoginProfile",
        "CreateRole": "DeleteRole",
        "AttachUserPolicy": "DetachUserPolicy",
        "PutUserPolicy": "DeleteUserPolicy",
    }
    events = _grouped(_done(runner, "iam", " ".join((*pairs, *pairs.values()))), _on_one_identity)
    for made, removed in (pair for group in events.values() for pair in combinations(group, 2)):
        if pairs.get(made.name) == removed.name and _within(made, removed, 24 * 60):
            yield from (made, removed)


def logging_stopped_then_changes(runner: RuleRunner) -> Iterator[Event]:
    """A trail or detector switched off, and what the same credential changed in the two hours after."""
    off = [
        *_done(runner, "cloudtrail", "StopLogging DeleteTrail"),
        *_done(runner, "guardduty", "DeleteDetector"),
    ]
    changes = _grouped(_signed_by(runner, (event.key for event in off), "NOT read_only"), lambda event: event.key)
    for stop in off:
        after = [event for event in _after(stop, changes.get(stop.key, []), 120) if event.id != stop.id]
        yield from [stop, *after] if after else []


def disk_copied_and_attached(runner: RuleRunner) -> Iterator[Event]:
    """A snapshot, a volume from it and its attachment by one caller within two hours."""
    snapshots = {event.answered("snapshotId"): event for event in _done(runner, "ec2", "CreateSnapshot")}
    attached = {event.asked("volumeId"): event for event in _done(runner, "ec2", "AttachVolume")}
    for volume in _done(runner, "ec2", "CreateVolume"):
        snapshot = snapshots.get(volume.asked("snapshotId"))
        use = attached.get(volume.answered("volumeId"))
        if snapshot and use and volume.asked("snapshotId") and _within(snapshot, use, 120):
            yield from (snapshot, volume, use)


def workload_credential_elsewhere(runner: RuleRunner) -> Iterator[Event]:
    """One temporary key of an instance, function or container used from a second public address.

    The first address is taken for its own; a key of one workload does not travel. Calls that a service makes for it
    carry a service name instead of an address and do not count.
    """
    workload = f"(actor = '{Actor.WORKLOAD.value}' OR regexp_matches(session, '^i-[0-9a-zA-Z]+$'))"
    of_workloads = f"coalesce(\"key\", '') <> '' AND {workload} AND {PUBLIC} AND coalesce(invoked_by, '') = ''"
    travelled = f'SELECT "key" FROM events WHERE {of_workloads} GROUP BY "key" HAVING count(DISTINCT ip) > 1'
    events = runner.matching(f'{of_workloads} AND "key" IN ({travelled})')
    home: dict[str, str] = {}
    for event in events:
        if home.setdefault(event.key, event.ip) != event.ip:
            yield event


def guessed_sign_in(runner: RuleRunner) -> Iterator[Event]:
    """Five or more failed console sign-ins of a user within ten minutes, then one that succeeded."""
    events = sorted(runner.matching("name = 'ConsoleLogin' AND time IS NOT NULL"), key=lambda event: event.principal)
    for _, group in groupby(events, key=lambda event: event.principal):
        signs = list(group)
        for sign_in in (event for event in signs if event.succeeded):
            failed = [event for event in signs if not event.succeeded and _within(event, sign_in, 10)]
            yield from [*failed, sign_in] if len(failed) >= 5 else []


def _done(runner: RuleRunner, service: str, names: str) -> Iterator[Event]:
    listed = ", ".join(literal(name) for name in names.split())
    where = f"source = {literal(f'{service}.amazonaws.com')} AND name IN ({listed}) AND outcome = 'success'"
    return runner.matching(scoped(where, services=False))


def _signed_by(runner: RuleRunner, keys: Iterable[str], also: str = "true") -> Iterator[Event]:
    listed = ", ".join(literal(key) for key in sorted({key for key in keys if key}))
    return runner.matching(f'"key" IN ({listed}) AND {also}') if listed else iter(())


def _grouped(events: Iterable[Event], by: Callable[[Event], str]) -> dict[str, list[Event]]:
    groups: dict[str, list[Event]] = {}
    for event in events:
        groups.setdefault(by(event), []).append(event)
    return groups


def _after(first: Event, events: list[Event], minutes: int) -> list[Event]:
    """Those of events in time order that follow within the minutes."""
    if first.time is None:
        return []
    return events[
        bisect_left(events, first.time, key=_time) : bisect_right(
            events, first.time + timedelta(minutes=minutes), key=_time
        )
    ]


def _time(event: Event) -> datetime:
    return event.time or _UNDATED


def _named(event: Event) -> str:
    return event.asked("userName") or event.asked("roleName")


def _for_another(event: Event) -> bool:
    return _named(event) not in ("", event.user)


def _on_one_identity(event: Event) -> str:
    """Caller, account and the user or role that the call is about."""
    return f"{event.principal} {event.account} {_named(event)}"


def _within(first: Event, then: Event, minutes: int) -> bool:
    if first.time is None or then.time is None:
        return False
    return timedelta(0) <= then.time - first.time <= timedelta(minutes=minutes)


SEQUENCES: tuple[Sequence, ...] = (
    Sequence("C02", "key-made-and-used", "Access key made for another user, then used", Severity.HIGH,
             Tactic.PERSISTENCE, ("T1098.001",), key_made_and_used),
    Sequence("C28", "identity-made-and-armed", "User or role made, then given rights or credentials",
             Severity.CRITICAL, Tactic.PERSISTENCE, ("T1136.003", "T1098"), identity_made_and_armed),
    Sequence("F21", "identity-made-and-removed", "User, key or policy removed soon after it was made",
             Severity.MEDIUM, Tactic.DEFENSE_EVASION, ("T1070",), identity_made_and_removed),
    Sequence("F01", "logging-stopped-then-changes", "Recording switched off, then changes made", Severity.CRITICAL,
             Tactic.DEFENSE_EVASION, ("T1562.008", "T1685.002"), logging_stopped_then_changes),
    Sequence("G03", "disk-copied-and-attached", "Disk copied by a snapshot and attached", Severity.HIGH,
             Tactic.COLLECTION, ("T1578.001",), disk_copied_and_attached),
    Sequence("A12", "workload-credential-elsewhere", "Credential of an instance or function used elsewhere",
             Severity.HIGH, Tactic.CREDENTIAL_ACCESS, ("T1552.005",), workload_credential_elsewhere),
    Sequence("A04", "guessed-sign-in", "Console sign-in after many failures", Severity.CRITICAL,
             Tactic.CREDENTIAL_ACCESS, ("T1110",), guessed_sign_in),
)  # fmt: skip
