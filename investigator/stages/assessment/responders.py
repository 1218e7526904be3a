"""Responders: who worked against the intruder — told apart by what they undid, never by their names alone."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from investigator.domain.event import Event
from investigator.domain.paths import texts
from investigator.domain.search import Search, equals
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.told import named_responders
from investigator.stages.matter import Matter, in_order

_INSTANCES = "instancesSet.items.instanceId"
_DENYING = re.compile(r"arn:[\w-]+:iam::aws:policy/(?:AWSDenyAll|AWSCompromisedKeyQuarantine(?:V\d+)?)")
"""Policies of AWS that only deny."""


@dataclass(frozen=True, slots=True)
class Responder:
    """A principal who contained, and the records that show it."""

    principal: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class _Targets:
    keys: frozenset[str]
    names: frozenset[str]
    """User and role names in the intruder's hands."""
    instances: frozenset[str]
    buckets: frozenset[str]
    trails: frozenset[str]


def responders(trace: Trace, matter: Matter) -> tuple[Responder, ...]:
    """Every responder, in the order of their first act."""
    if not trace.events:
        return ()
    start = min(event.time for event in trace.events if event.time)
    targets = _targets(trace)
    acts: dict[str, list[Event]] = {}
    where = Search(terms=(equals("name", *_CONTAINING), equals("outcome", "success"))).within(start, None)
    for event in matter.store.events(where, limit=5_000):
        if event.id not in trace.ids and _CONTAINING[event.name](event, targets):
            acts.setdefault(event.principal, []).append(event)
    for principal, events in _told(matter, trace):
        acts.setdefault(principal, []).extend(events)
    return tuple(Responder(principal, in_order(events)) for principal, events in acts.items())


def _told(matter: Matter, trace: Trace) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Those whom the user or the operator named, when they acted and the intruder did not use their identity."""
    tainted = {event.principal for event in trace.events}
    for name in named_responders(matter):
        column = "principal" if name.startswith("arn:") else "user"
        where = Search(terms=(equals(column, name),)).within(matter.window.start, matter.window.end)
        for event in matter.store.events(where, limit=200):
            if event.read_only is False and event.principal not in tainted and event.id not in trace.ids:
                yield event.principal, (event,)


def _targets(trace: Trace) -> _Targets:
    taints = trace.tainted
    events = trace.events
    names = {event.user for event in events} | {event.principal.rpartition("/")[2] for event in events}
    names |= {taint.credential.issued_to.rpartition("/")[2] for taint in taints}
    made = {event.asked("userName") for event in events if event.succeeded}
    return _Targets(
        keys=frozenset(taint.credential.id for taint in taints),
        names=frozenset((names | made) - {""}),
        instances=frozenset(
            instance
            for event in events
            if event.name == "RunInstances"
            for instance in texts(event.response, _INSTANCES)
        ),
        buckets=frozenset(event.asked("bucketName") for event in events) - {""},
        trails=frozenset(event.asked("name") for event in events if event.name in {"StopLogging", "UpdateTrail"}),
    )


def _key_off(event: Event, targets: _Targets) -> bool:
    return event.asked("accessKeyId") in targets.keys and event.asked("status") in {"Inactive", ""}


def _denies(event: Event, targets: _Targets) -> bool:
    who = event.asked("userName") or event.asked("roleName")
    denies = _DENYING.fullmatch(event.asked("policyArn")) or only_denies(event.asked("policyDocument"))
    return who in targets.names and bool(denies)


def only_denies(document: str) -> bool:
    """Whether a policy document grants nothing: every statement of it denies."""
    try:
        policy: JsonValue = json.loads(document)
    except ValueError:
        return False
    effects = texts(policy, "Statement.Effect")
    return bool(effects) and set(effects) == {"Deny"}


def _on_user(event: Event, targets: _Targets) -> bool:
    return event.asked("userName") in targets.names


def _on_bucket(event: Event, targets: _Targets) -> bool:
    return event.asked("bucketName") in targets.buckets


def _on_trail(event: Event, targets: _Targets) -> bool:
    name = event.asked("name")
    return any(
        name == trail or name.endswith(f"/{trail}") or trail.endswith(f"/{name}") for trail in targets.trails if trail
    )


def _on_instance(event: Event, targets: _Targets) -> bool:
    return bool(targets.instances & set(texts(event.request, _INSTANCES)))


_CONTAINING: Mapping[str, Callable[[Event, _Targets], bool]] = {
    "UpdateAccessKey": _key_off,
    "DeleteAccessKey": _key_off,
    "AttachUserPolicy": _denies,
    "PutUserPolicy": _denies,
    "AttachRolePolicy": _denies,
    "PutRolePolicy": _denies,
    "DeleteLoginProfile": _on_user,
    "StartLogging": _on_trail,
    "DeleteBucketReplication": _on_bucket,
    "PutBucketPublicAccessBlock": _on_bucket,
    "StopInstances": _on_instance,
    "TerminateInstances": _on_instance,
}
