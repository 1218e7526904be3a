"""Sequences: what only several events together show. One function each, named in the list at the end."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations

from investigator.detections.detection import Detection
from investigator.detections.elsewhere import (
    OF_INSTANCE,
    PUBLIC_ADDRESS,
    instance_credential_from_the_internet,
    runtime_credential_elsewhere,
    write_in_new_region,
)
from investigator.detections.own import strange_trails
from investigator.domain.event import Event, Tally
from investigator.domain.expression import Expression, Sought
from investigator.domain.search import any_of, equals, search
from investigator.domain.words import Actor, Severity, Tactic
from investigator.ports.store import Evidence

GUESSES = 5
"""Failed sign-ins that make a later one suspicious."""
_UNDATED = datetime.max.replace(tzinfo=UTC)
"""Where undated events stand in time order: last."""


@dataclass(frozen=True, slots=True)
class Sequence(Detection):
    """A named question to all events; `find` yields every event of every match, in time order."""

    find: Callable[[Evidence], Iterator[Event]]


@dataclass(frozen=True, slots=True)
class Lookout(Detection):
    """A rule whose condition depends on the rest of the evidence: `seek` words it for a store."""

    seek: Callable[[Evidence], Sought]

    def found(self, store: Evidence, by: Iterable[Expression]) -> Iterator[Tally]:
        """What it finds, grouped by expressions."""
        for tallies in store.matches([self.seek(store)], [*by]):
            yield from tallies


def key_made_and_used(store: Evidence) -> Iterator[Event]:
    """A key that one identity made for another, and the first call that it signed."""
    made = [event for event in _done(store, "iam", "CreateAccessKey") if event.issued_key and _for_another(event)]
    used = {event.key: event for event in store.first_each(any_of("key", {event.issued_key for event in made}), "key")}
    for event in made:
        yield event
        yield from [used[event.issued_key]] if event.issued_key in used else []


def identity_made_and_armed(store: Evidence) -> Iterator[Event]:
    """A user or role made, then given rights, a key or a password by the same caller within 30 minutes."""
    arming = "CreateAccessKey CreateLoginProfile AttachUserPolicy PutUserPolicy AttachRolePolicy PutRolePolicy"
    events = _grouped(_done(store, "iam", f"CreateUser CreateRole {arming} AddUserToGroup"), _on_one_identity)
    for group in events.values():
        for made in (event for event in group if event.name in ("CreateUser", "CreateRole")):
            armed = [event for event in _after(made, group, 30) if event.name != made.name]
            yield from [made, *armed] if armed else []


def identity_made_and_removed(store: Evidence) -> Iterator[Event]:
    """A user, key, password or policy removed within a day of its making by the same caller: clean-up."""
    pairs = {
        "CreateUser": "DeleteUser",
        "CreateAccessKey": "DeleteAccessKey",
        "CreateLoginProfile": "DeleteLoginProfile",
        "CreateRole": "DeleteRole",
        "AttachUserPolicy": "DetachUserPolicy",
        "PutUserPolicy": "DeleteUserPolicy",
    }
    events = _grouped(_done(store, "iam", " ".join((*pairs, *pairs.values()))), _on_one_identity)
    for made, removed in (pair for group in events.values() for pair in combinations(group, 2)):
        if pairs.get(made.name) == removed.name and _within(made, removed, 24 * 60):
            yield from (made, removed)


def logging_stopped_then_changes(store: Evidence) -> Iterator[Event]:
    """A trail or detector switched off, and what the same credential changed in the two hours after.

    A trail that it made itself saw nothing that was not seen before, either.
    """
    off = [
        *strange_trails(_done(store, "cloudtrail", "StopLogging DeleteTrail"), store),
        *_done(store, "guardduty", "DeleteDetector"),
    ]
    changing = any_of("key", {event.key for event in off} - {""}).also(equals("read_only", "false"))
    changes = _grouped(store.events(changing) if off else (), lambda event: event.key)
    for stop in off:
        after = [event for event in _after(stop, changes.get(stop.key, []), 120) if event.id != stop.id]
        yield from [stop, *after] if after else []


def disk_copied_and_attached(store: Evidence) -> Iterator[Event]:
    """A snapshot, a volume from it and its attachment by one caller within two hours."""
    snapshots = {event.answered("snapshotId"): event for event in _done(store, "ec2", "CreateSnapshot")}
    attached = _grouped(_done(store, "ec2", "AttachVolume"), lambda event: event.asked("volumeId"))
    for volume in _done(store, "ec2", "CreateVolume"):
        snapshot = snapshots.get(volume.asked("snapshotId")) if volume.asked("snapshotId") else None
        uses = attached.get(volume.answered("volumeId"), [])
        soon = [use for use in uses if snapshot and _within(snapshot, use, 120)]
        yield from [snapshot, volume, *soon] if snapshot and soon else []


def workload_credential_elsewhere(store: Evidence) -> Iterator[Event]:
    """One temporary key of an instance, function or container used from a second public address.

    The first address is taken for its own; a key of one workload does not travel. Calls that a service makes for it
    carry a service name instead of an address and do not count.
    """
    direct = (equals("invoked_by", "null"), *PUBLIC_ADDRESS)
    kinds = (search(equals("actor", Actor.WORKLOAD.value), *direct), search(OF_INSTANCE, *direct))
    used: dict[str, set[str]] = {}
    for key, ip in chain.from_iterable(store.distinct(kind, "key", "ip") for kind in kinds):
        used.setdefault(key, set()).add(ip)
    travelled = [key for key, addresses in used.items() if len(addresses) > 1]
    found = {
        event.id: event for kind in kinds if travelled for event in store.events(kind.also(equals("key", *travelled)))
    }
    events = sorted(found.values(), key=lambda event: (_time(event), event.id))
    home: dict[str, str] = {}
    for event in events:
        if home.setdefault(event.key, event.ip) != event.ip:
            yield event


def guessed_sign_in(store: Evidence) -> Iterator[Event]:
    """Five or more failed console sign-ins of a user within ten minutes, then one that succeeded."""
    refused = "SELECT * FROM events WHERE name = 'ConsoleLogin' AND outcome <> 'success' AND time IS NOT NULL"
    guessed = [tally.values[0] for tally in store.tallies(refused, ("principal",)) if len(tally.ids) >= GUESSES]
    sign_ins = store.events(any_of("principal", guessed).also(equals("name", "ConsoleLogin"))) if guessed else ()
    for signs in _grouped((event for event in sign_ins if event.time), lambda event: event.principal).values():
        for sign_in in (event for event in signs if event.succeeded):
            failed = [event for event in signs if not event.succeeded and _within(event, sign_in, 10)]
            yield from [*failed, sign_in] if len(failed) >= GUESSES else []


def _done(store: Evidence, service: str, names: str) -> list[Event]:
    """Calls that succeeded, but for those that AWS makes for itself."""
    called = search(equals("source", f"{service}.amazonaws.com"), equals("name", *names.split()))
    return [event for event in store.events(called.also(equals("outcome", "success"))) if not _is_service(event)]


def _is_service(event: Event) -> bool:
    is_event = event.event_type.lower() == "awsserviceevent"
    return event.identity == "AWSService" or is_event or ":role/aws-service-role/" in event.issuer


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


SEQUENCES: tuple[Sequence | Lookout, ...] = (
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
    Lookout("A12", "instance-credential-from-the-internet", "Credential of an instance used from a public address",
            Severity.MEDIUM, Tactic.CREDENTIAL_ACCESS, ("T1552.005",), instance_credential_from_the_internet),
    Sequence("A13", "runtime-credential-elsewhere", "Credential of a function or container used by another program",
             Severity.HIGH, Tactic.CREDENTIAL_ACCESS, ("T1552.005",), runtime_credential_elsewhere),
    Sequence("F17", "write-in-new-region", "First changes in a Region", Severity.MEDIUM, Tactic.DEFENSE_EVASION,
             ("T1535",), write_in_new_region),
    Sequence("A04", "guessed-sign-in", "Console sign-in after many failures", Severity.CRITICAL,
             Tactic.CREDENTIAL_ACCESS, ("T1110",), guessed_sign_in),
)  # fmt: skip
