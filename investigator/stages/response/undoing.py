"""What calls of the intruder call for: the actions that undo their effect."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from investigator.domain.event import Event
from investigator.domain.times import to_text
from investigator.stages.response.calls import Call
from investigator.stages.response.effects import EFFECTS, Effect
from investigator.stages.response.reading import Values, rule_ids
from investigator.stages.response.situation import Situation

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
"""The partitions whose Regions have a prefix of their own."""
MOST_OBJECTS = 5
"""Deleted objects of a bucket that each have an action of their own; more are brought back together."""


def calls_for_effects(situation: Situation) -> Iterator[Call]:
    """The actions that undo what the intruder's calls did, and what responders did to whom it was not meant for."""
    undoing = (call for event in situation.harmful for call in _undoing(event, situation))
    yield from _together(call for call in undoing if not _is_needless(call, situation))
    for event in situation.answers:
        yield from (call for call in _undoing(event, situation) if _was_stopped_wrongly(call, situation))


def _is_needless(call: Call, situation: Situation) -> bool:
    """A key of the intruder stays off; a role that he made has no trust to go back to."""
    if call.template == "KEY-ON":
        return situation.is_accused(call.on)
    return call.template == "ROLE-TRUST" and situation.was_made(call.on)


def _was_stopped_wrongly(call: Call, situation: Situation) -> bool:
    return call.template == "KEY-ON" and situation.is_cleared(call.on)


def _undoing(event: Event, situation: Situation) -> Iterator[Call]:
    for effect in EFFECTS.get(event.action, ()):
        if effect.when(event):
            yield from (_call(effect, values, event, situation) for values in effect.read(event))


def _call(effect: Effect, values: Values, event: Event, situation: Situation) -> Call:
    return Call(
        effect.template,
        on=_subject(values) or event.account,
        values=values,
        needs=situation.findings_citing(event),
        account=event.account,
        region="" if event.source == "iam.amazonaws.com" or not values else event.region,
        partition=next((name for prefix, name in _PARTITIONS.items() if event.region.startswith(prefix)), "aws"),
        disrupts=effect.disrupts,
        also=rule_ids(event, values["network"]) if effect.template.startswith("SG-CLOSE") else frozenset(),
        first=event.time,
        last=event.time,
    )


def _subject(values: Values) -> str:
    """The first value; of an object, with its bucket."""
    return f"{values['bucket']}/{values['object']}" if "object" in values else next(iter(values.values()), "")


def _together(calls: Iterable[Call]) -> Iterator[Call]:
    """Deleted objects of one bucket are brought back together when they are many, or when no record names them."""
    deleted: dict[tuple[str, ...], list[Call]] = {}
    for call in calls:
        if call.template.startswith("S3-UNDELETE"):
            deleted.setdefault((call.account, call.region, call.values["bucket"]), []).append(call)
        else:
            yield call
    for of_bucket in deleted.values():
        objects = {call.on for call in of_bucket}
        if len(objects) > MOST_OBJECTS or any(call.template == "S3-UNDELETE-ALL" for call in of_bucket):
            yield from _all_of_bucket(of_bucket)
        else:
            yield from of_bucket


def _all_of_bucket(calls: list[Call]) -> Iterator[Call]:
    """One action for the bucket, since its first deletion, needed by the findings of each."""
    first = min((call.first for call in calls if call.first), default=None)
    if first is None:
        return
    bucket = calls[0].values["bucket"]
    values = {"bucket": bucket, "since": to_text(first).rstrip("Z")}
    yield from (replace(call, template="S3-UNDELETE-ALL", on=bucket, values=values) for call in calls)
