"""The two doors as tests open them: a live one onto the loopback, and one onto a folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from investigator.tools.aws import Limits, LiveAccounts, SavedAccounts
from pydantic import JsonValue

from investigator.domain.observation import Observation
from investigator.domain.paths import select, text_of
from investigator.domain.state import State
from investigator.ports.tool import Tool
from investigator.proof.answers import SavedAnswers, whole_answer
from tests.doubles.loopback_aws import Script, loopback

ACCOUNT = "111122223333"
HOME = "us-east-1"
AS_OF = datetime(2026, 1, 28, tzinfo=UTC)


@dataclass
class Lines:
    """An audit log in memory (`ports.audit.Audit`)."""

    lines: list[tuple[str, Mapping[str, JsonValue]]] = field(default_factory=list)

    def record(self, kind: str, details: Mapping[str, JsonValue]) -> None:
        self.lines.append((kind, details))

    def head(self) -> str:
        return "0" * 64

    def request_ids(self) -> frozenset[str]:
        return frozenset(str(details.get("request_id")) for _, details in self.lines)

    def denied(self) -> list[str]:
        return [str(details["operation"]) for kind, details in self.lines if kind == "denied"]


@dataclass
class NoWait:
    """A rate that notes who would have waited (`ports.cases.Rate`)."""

    buckets: list[tuple[str, float]] = field(default_factory=list)

    def wait(self, bucket: str, per_second: float) -> None:
        self.buckets.append((bucket, per_second))


def live(url: str, folder: Path, **options: Any) -> LiveAccounts:
    """The live door onto the loopback; one attempt each unless told otherwise."""
    given: dict[str, Any] = {
        "profile": None, "regions": (HOME,), "roles": {}, "endpoint": url, "folder": folder, "rate": NoWait(),
        "audit": Lines(), "session_name": "ir-000000000000", "as_of": AS_OF,
        "limits": Limits(attempts=1, call_seconds=20, step_seconds=60, pause=0.01),
    }  # fmt: skip
    return LiveAccounts(**(given | options))


def saved(folder: Path) -> SavedAccounts:
    return SavedAccounts(folder, Lines())


def run(tool: Tool, accounts: LiveAccounts | SavedAccounts, region: str = HOME, **inputs: Any) -> list[Observation]:
    """Everything that the tool yields in one account and Region."""
    return list(tool.gather(tool.inputs(**inputs), accounts.at(ACCOUNT, region)))


def ask(tool: Tool, answers: Mapping[str, Script], folder: Path, **inputs: Any) -> list[Observation]:
    """What the tool yields live; a replay of what that run saved gives the same, and every State can be looked up."""
    with loopback(answers) as world:
        accounts = live(world.url, folder)
        assert accounts.cells() == ((ACCOUNT, HOME),)
        observed = run(tool, accounts, **inputs)
    assert run(tool, saved(folder), **inputs) == observed
    for seen in observed:
        if isinstance(seen, State):
            assert_checkable(seen, folder)
    return observed


def assert_checkable(state: State, folder: Path) -> None:
    """Each value stands at its path in the saved answer, its pages read as one."""
    whole = whole_answer(SavedAnswers(folder).saved(state.answer))
    for key, value in state.values.items():
        assert text_of(select(whole, state.at(key))[0]) == value


def record(event_id: str, time: str, **fields: Any) -> dict[str, Any]:
    """One row of LookupEvents."""
    inner = {"eventID": event_id, "eventTime": time, "eventSource": "iam.amazonaws.com", **fields}
    return {"EventId": event_id, "EventTime": time, "CloudTrailEvent": json.dumps(inner)}
