"""Questions to log files: each gives the group of exactly the calls that it asks for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from investigator.tools import logs
from investigator.tools._inputs import (
    AddressUse,
    KeyUse,
    NamedCalls,
    OneKey,
    PrincipalUse,
    ResourceUse,
    SessionUse,
    Within,
)

from investigator.domain.event import EventGroup
from investigator.domain.gap import Gap
from investigator.domain.times import Window, parse_instant
from investigator.domain.value import Value
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.store import Store
from investigator.ports.tool import Tool, Where
from tests.evidence.trails import ALICE, record, session, trail, write

DAY = Window(start=parse_instant("2025-03-01T00:00:00Z"), end=parse_instant("2025-03-02T00:00:00Z"))
KEY, USER, ROLE = ALICE["accessKeyId"], ALICE["arn"], "arn:aws:iam::111122223333:role/deploy"
STORY = [
    record(1, eventTime="2025-02-20T10:00:00Z", eventName="GetCallerIdentity"),
    record(2, eventName="CreateUser", readOnly=False, requestParameters={"userName": "svc"}),
    record(3, eventName="DeleteTrail", readOnly=False, errorCode="AccessDenied"),
    record(4, userIdentity=session(), eventName="PutObject", readOnly=..., requestParameters={"bucketName": "acme"}),
    record(5, userIdentity=session(), eventName="ListBuckets", readOnly=..., sourceIPAddress="10.1.2.3"),
    record(6, userIdentity={**ALICE, "accessKeyId": ""}, eventName="ConsoleLogin", sourceIPAddress="10.1.130.9"),
    record(7, userIdentity=session(role="alice"), eventName="CreateFunction20150331", readOnly=False),
    record(8, eventTime="2025-03-02T00:00:00Z"),
]


def numbers(tool: Tool, inputs: Value, store: Store) -> list[list[int]]:
    """The numbers of the records in each group that a question gives."""
    groups = list(tool.gather(inputs, store))
    assert all(isinstance(group, EventGroup) for group in groups)
    return [[int(id_.removeprefix("ct:event-")) for id_ in group.ids] for group in groups]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("logs")
    library = EvidenceLibrary(folder / "stores")
    return library.open(library.pin([write(folder / "log.json", trail(*STORY))]))


@pytest.mark.parametrize(
    ("tool", "inputs", "found"),
    [
        (logs.calls_by_key, KeyUse(key=KEY, window=DAY), [[2, 3]]),
        (logs.calls_by_principal, PrincipalUse(principal=USER, window=DAY), [[2, 3, 6]]),
        (logs.calls_by_principal, PrincipalUse(principal="deploy", window=DAY), [[4, 5]]),
        (logs.calls_by_principal, PrincipalUse(principal="alice", window=DAY), [[2, 3, 6, 7]]),
        (logs.calls_by_principal, PrincipalUse(principal="a.ice", window=DAY), [[]]),
        (logs.calls_by_principal, PrincipalUse(principal=ROLE, window=DAY), [[4, 5]]),
        (
            logs.calls_by_principal,
            PrincipalUse(principal="arn:aws:sts::111122223333:assumed-role/alice/run-1", window=DAY),
            [[7]],
        ),
        (logs.calls_by_session, SessionUse(session="run-1", window=DAY), [[4, 5, 7]]),
        (logs.calls_by_address, AddressUse(ip="10.1.2.3", window=DAY), [[5]]),
        (logs.calls_by_address, AddressUse(ip="10.1.0.0/16", window=DAY), [[5, 6]]),
        (logs.calls_by_address, AddressUse(ip="10.1.0.0/17", window=DAY), [[5]]),
        (logs.calls_by_address, AddressUse(ip="10.1.2.3/32", window=DAY), [[5]]),
        (logs.calls_by_address, AddressUse(ip="0.0.0.0/0", window=DAY), [[2, 3, 4, 5, 6, 7]]),
        (logs.calls_on_resource, ResourceUse(resource="acme", window=DAY), [[4]]),
        (logs.calls_by_name, NamedCalls(event_name="CreateUser", window=DAY), [[2]]),
        (logs.calls_by_name, NamedCalls(event_name="CreateFunction20150331", window=DAY), [[7]]),
        (logs.calls_by_name, NamedCalls(event_name="CreateFunction", window=DAY), [[7]]),
        (logs.changes_by_principal, PrincipalUse(principal=USER, window=DAY), [[2], []]),
        (logs.changes_by_principal, PrincipalUse(principal=ROLE, window=DAY), [[], [4]]),
        (logs.sign_ins, Within(window=DAY), [[6]]),
        (logs.denied_calls, KeyUse(key=KEY, window=DAY), [[3]]),
        (logs.first_and_last_use, OneKey(key=KEY), [[1, 2, 3, 8]]),
        (logs.baseline, PrincipalUse(principal=USER, window=DAY), [[1]]),
    ],
    ids=lambda value: value.name if isinstance(value, Tool) else None,
)
def test_a_question_gives_its_calls(tool: Tool, inputs: Value, found: list[list[int]], store: Store) -> None:
    assert numbers(tool, inputs, store) == found


def test_a_network_that_text_cannot_tell_is_a_gap(store: Store) -> None:
    [gap] = logs.calls_by_address.gather(AddressUse(ip="2001:db8::/33", window=DAY), store)

    assert isinstance(gap, Gap)
    assert "2001:db8::/33" in gap.what


TOOLS = [value for value in vars(logs).values() if isinstance(value, Tool)]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_question_is_put_to_the_store_and_asks_for_facts(tool: Tool) -> None:
    assert (tool.where, tool.permissions) == (Where.LOGS, frozenset())
    assert set(tool.facts) == set(tool.inputs.model_fields)


def test_the_answer_says_how_to_find_it_again(store: Store, tmp_path: Path) -> None:
    gather: Callable = logs.denied_calls.gather
    [group] = gather(KeyUse(key=KEY, window=DAY), store)

    assert group.where == f"key={KEY} outcome=denied from:2025-03-01T00:00:00Z to:2025-03-02T00:00:00Z"
