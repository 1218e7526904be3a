"""Whether what an action would do was done already: the last word of the records, whoever had it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from investigator.actions.catalogue import Template, catalogue
from investigator.domain.event import Event
from investigator.domain.paths import text_of, texts
from investigator.domain.search import Search, equals
from investigator.domain.words import Outcome
from investigator.stages.matter import in_order
from investigator.stages.response.calls import Call
from investigator.stages.response.situation import Situation, last_part

_GONE: Mapping[str, tuple[str, ...]] = {
    "access_key": ("iam:DeleteAccessKey",),
    "user": ("iam:DeleteUser",),
    "role": ("iam:DeleteRole",),
    "policy": ("iam:DeletePolicy",),
    "instance": ("ec2:TerminateInstances",),
    "group": ("autoscaling:DeleteAutoScalingGroup", "iam:DeleteGroup"),
    "security_group": ("ec2:DeleteSecurityGroup",),
    "function": ("lambda:DeleteFunction",),
    "bucket": ("s3:DeleteBucket",),
    "trail": ("cloudtrail:DeleteTrail",),
    "detector": ("guardduty:DeleteDetector",),
    "snapshot": ("ec2:DeleteSnapshot",),
    "image": ("ec2:DeregisterImage",),
    "db_snapshot": ("rds:DeleteDBSnapshot",),
    "db_cluster_snapshot": ("rds:DeleteDBClusterSnapshot",),
}
"""Calls after which there is nothing left to act on, by the kind of thing."""
_VALUE = re.compile(r"\{([a-z_]+)\}")


def still_open(calls: Sequence[Call], situation: Situation) -> Iterator[Call]:
    """The calls whose effect the records do not show already."""
    deeds = _deeds(calls, situation)
    return (call for call in calls if not _Told(call, situation).is_done(deeds))


def _deeds(calls: Sequence[Call], situation: Situation) -> tuple[Event, ...]:
    """Every successful call since the first harmful one that may count."""
    templates = [catalogue()[call.template] for call in calls]
    counted = {
        deed.partition(" ")[0] for one in templates for deed in (*one.done_by, *one.undone_by, *_GONE.get(one.kind, ()))
    }
    if not counted or situation.begins is None:
        return ()
    names = sorted({action.partition(":")[2] for action in counted})
    where = Search(terms=(equals("name", *names), equals("outcome", Outcome.SUCCESS)))
    return in_order(situation.store.events(where.within(situation.begins, None)))


@dataclass(frozen=True, slots=True)
class _Told:
    """What the records tell about one call."""

    call: Call
    situation: Situation

    def is_done(self, deeds: Sequence[Event]) -> bool:
        """Whether the last record that counts had the effect, or nothing is left to have it on."""
        if self.call.template == "KEY-OFF" and self.situation.is_off(self.call.on):
            return True
        template = catalogue()[self.call.template]
        done = False
        for event in filter(self._is_later, deeds):
            if event.action in _GONE.get(template.kind, ()) and last_part(self.call.on) in _names(event):
                return True
            if self._counts(event, template.done_by):
                done = done or not self._is_no_evidence(event, template)
            elif self._counts(event, template.undone_by):
                done = False
        return done

    def _is_later(self, event: Event) -> bool:
        call = self.call
        if event.account != call.account and call.account:
            return False
        if event.region != call.region and call.region:
            return False
        return call.last is None or (event.time is not None and event.time > call.last)

    def _is_no_evidence(self, event: Event, template: Template) -> bool:
        """What the intruder copied for himself keeps nothing for us."""
        return template.phase == "preserve" and self.situation.is_hostile(event)

    def _counts(self, event: Event, written: Sequence[str]) -> bool:
        return any(self._is_told_by(event, one) for one in written)

    def _is_told_by(self, event: Event, written: str) -> bool:
        """Whether an event is what a catalogue's `service:Name path=value …` means for this call."""
        action, *conditions = written.split(" ")
        if event.action != action:
            return False
        if self.call.also and self.call.also <= _names(event):
            return True
        named = any(_VALUE.search(condition) for condition in conditions)
        return (named or self._wanted() <= _names(event)) and all(self._holds(event, one) for one in conditions)

    def _holds(self, event: Event, condition: str) -> bool:
        path, _, value = condition.partition("=")
        wanted = _VALUE.sub(lambda match: self.call.values.get(match[1], ""), value)
        return _alike(wanted) in map(_alike, texts(event.request, path))

    def _wanted(self) -> frozenset[str]:
        """The names that a deed must be about; a user may leave out his own, and a record holds both ends of ports."""
        values = {name: value for name, value in self.call.values.items() if name != "user"} or self.call.values
        ports = values.get("port", "").split("-")
        return frozenset(last_part(value) for name, value in values.items() if name != "port") | {*filter(None, ports)}


def _names(event: Event) -> frozenset[str]:
    """Every text of the request and every resource, ARNs by their last part."""
    named = (*_leaves(event.request), *texts(event.resources, "ARN"))
    return frozenset(map(last_part, named))


def _leaves(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    elif value is not None:
        yield text_of(value)


def _alike(text: str) -> str:
    return last_part(text).lower()
