"""Playbook: a scenario as data — what to ask, which tools to run, what to look for, which actions to offer."""

from collections.abc import Mapping

from pydantic import Field

from investigator.domain.plan import Budget
from investigator.domain.value import Value
from investigator.domain.words import Scenario


class PlaybookStep(Value):
    """One question to put: a tool, its inputs as `{slot}` or literals, and why."""

    tool: str
    inputs: Mapping[str, str] = Field(default={}, validation_alias="with", serialization_alias="with")
    for_each: str | None = None
    """A slot with several values: one step for each."""
    because: str


class Playbook(Value):
    """One YAML file of `playbooks/`."""

    name: str
    title: str
    scenario: Scenario
    when: tuple[str, ...]
    """Entity kinds or words that choose it."""
    slots: tuple[str, ...]
    """In the order to ask."""
    steps: tuple[PlaybookStep, ...]
    look_for: tuple[str, ...] = ()
    """Rule or sequence names."""
    actions: tuple[str, ...] = ()
    budget: Budget = Budget()
    sources: tuple[str, ...] = ()
    answers: Mapping[str, str] = {}
    exports: tuple[str, ...] = ()
    fail_on: str | None = None
