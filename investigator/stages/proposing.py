"""Proposing: which actions the findings call for, in the order to take them; people run them, we never do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from investigator.actions.catalogue import ORDER, Subject, Unusable, catalogue, render
from investigator.domain.action import Action
from investigator.domain.stage_results import Assessed, Gathered, Linked, Proposed
from investigator.domain.words import Verdict
from investigator.ports.store import Store
from investigator.stages.response.calling_for import calls_for_entities
from investigator.stages.response.calls import Call
from investigator.stages.response.deeds import still_open
from investigator.stages.response.situation import Situation
from investigator.stages.response.undoing import calls_for_effects

_NO_CASE = (Verdict.LIKELY_BENIGN, Verdict.BENIGN)
_KEEPING = frozenset({"SNAP", "SNAP-GROUP", "EC2-PROTECT"})
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


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged case: what was found, what it rests on, and the records."""

    assessed: Assessed
    linked: Linked
    gathered: Gathered
    store: Store


def propose(case: Judged, case_name: str, limits: Limits) -> Proposed:
    """The actions that findings call for, within what the user allows.

    Nobody who is a responder, ourselves or cleared is acted on, and nothing that the evidence shows done is proposed.
    """
    if case.assessed.verdict.value in _NO_CASE:
        return Proposed()
    situation = Situation(case.assessed, case.linked, case.gathered, case.store)
    wanted = _once((*calls_for_entities(situation), *calls_for_effects(situation)))
    open_calls = tuple(still_open([call for call in wanted if limits.allow(call)], situation))
    plan = sorted((*open_calls, *_attaching(open_calls)), key=_rank)
    return Proposed(actions=tuple(_rendered(plan, case_name)))


def _once(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Each action once, with every finding that calls for it."""
    merged: dict[tuple[str, ...], Call] = {}
    for call in calls:
        known = merged.get(call.key)
        merged[call.key] = known.with_also(call) if known else call.with_also(call)
    return tuple(merged.values())


def _partition(call: Call) -> str:
    """The partition that its ARN names, else that of its record."""
    return call.on.split(":")[1] if call.on.startswith("arn:") else call.partition


def _attaching(calls: Sequence[Call]) -> Iterator[Call]:
    """A guardrail binds nobody until it is attached to the account."""
    for call in calls:
        if call.template.startswith("GUARD-") and call.account:
            yield replace(call, template="SCP-ATTACH", values={"guardrail": call.template.lower()})


def _part(call: Call) -> tuple[int, bool]:
    """The part of the order that a call belongs to; all of one part may be run together."""
    template = catalogue()[call.template]
    return ORDER.index(template.order), template.late


def _rank(call: Call) -> tuple[tuple[int, bool], int, str, tuple[str, ...]]:
    return _part(call), list(catalogue()).index(call.template), call.account, (call.on, *call.values.values())


def _rendered(plan: Sequence[Call], case_name: str) -> Iterator[Action]:
    """The commands, each with its turn; a value that a shell or the AWS CLI could misread makes none."""
    parts = sorted({_part(call) for call in plan})
    for call in plan:
        partition = _partition(call)
        region = call.region or _HOME.get(partition, "us-east-1")
        subject = Subject(on=call.on, account=call.account, region=region, partition=partition, values=call.values)
        try:
            yield render(call.template, subject, case_name, call.needs, parts.index(_part(call)) + 1)
        except Unusable:
            continue
