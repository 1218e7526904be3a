"""Proposing: which actions the findings call for, in the order to take them; people run them, we never do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from investigator.actions.catalogue import ORDER, Subject, Unusable, catalogue, render
from investigator.domain.action import Action
from investigator.domain.stage_results import Assessed, Gathered, Linked, Proposed
from investigator.domain.words import Verdict
from investigator.stages.response.calling_for import Call, calls_for_entities
from investigator.stages.response.situation import Situation
from investigator.stages.response.undoing import calls_for_effects

_NO_CASE = (Verdict.LIKELY_BENIGN, Verdict.BENIGN)
_KEEPING = frozenset({"SNAP", "EC2-PROTECT"})
"""Actions that save the disks of an instance."""
_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where IAM and Organizations are at home in each partition."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the user allows and wants."""

    disrupt: bool = False
    """Whether actions may interrupt legitimate work."""
    forensics: bool = True
    """Whether evidence on disks is to be kept."""

    def allow(self, call: Call) -> bool:
        return (self.disrupt or not call.disrupts) and (self.forensics or call.template not in _KEEPING)


def propose(assessed: Assessed, linked: Linked, gathered: Gathered, case_name: str, limits: Limits) -> Proposed:
    """The actions that findings call for, within what the user allows.

    Nobody who is a responder, ourselves or cleared is acted on, and nothing that the evidence shows done is proposed.
    """
    if assessed.verdict.value in _NO_CASE:
        return Proposed()
    situation = Situation(assessed, linked, gathered)
    wanted = [*calls_for_entities(situation), *calls_for_effects(situation)]
    allowed = filter(limits.allow, wanted)
    open_calls = [call for call in _once(allowed) if not _done_already(call, situation)]
    return Proposed(actions=tuple(_rendered(sorted(open_calls, key=_rank), case_name)))


def _once(calls: Iterable[Call]) -> Iterator[Call]:
    """Each action once, with every finding that calls for it."""
    merged: dict[tuple[str, ...], Call] = {}
    for call in calls:
        key = (call.template, call.account, call.region, *sorted(call.values.values()), "" if call.values else call.on)
        known = merged.get(key)
        needs = tuple(
            sorted({*(known.needs if known else ()), *call.needs}, key=lambda finding: (len(finding), finding))
        )
        merged[key] = Call(call.template, (known or call).on, call.values, needs, call.account, call.region)
    yield from merged.values()


def _done_already(call: Call, situation: Situation) -> bool:
    if call.template == "KEY-OFF" and situation.is_off(call.on):
        return True
    policy = "AWSDenyAll" if call.template == "USER-DENY" else call.values.get("policy", call.on)
    return situation.was_done(catalogue()[call.template].done_by, frozenset({call.on, policy}))


def _rank(call: Call) -> tuple[int, int, str, str]:
    names = list(catalogue())
    order = ORDER.index(catalogue()[call.template].order)
    return order, names.index(call.template), call.account, call.on


def _rendered(calls: Iterable[Call], case_name: str) -> Iterator[Action]:
    """The commands; a value that a shell or the AWS CLI could misread makes none."""
    for call in calls:
        partition = call.on.split(":")[1] if call.on.startswith("arn:") else "aws"
        region = call.region or _HOME.get(partition, "us-east-1")
        subject = Subject(on=call.on, account=call.account, region=region, partition=partition, values=call.values)
        try:
            yield render(catalogue()[call.template], subject, case_name, call.needs)
        except Unusable:
            continue
