"""The first record of each kind, the kinds there are, and matches in groups: asked at once, not one by one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.search import Search, parse_search
from investigator.ports.store import Snapshot

from .trails import record, session, trail, write

STORY = [
    record(1, eventName="GetObject", requestParameters={"bucketName": "b", "key": "1"}),
    record(2, eventName="GetObject", requestParameters={"bucketName": "a", "key": "2"}),
    record(3, eventName="GetObject", requestParameters={"bucketName": "b", "key": "3"}, errorCode="AccessDenied"),
    record(4, userIdentity=session(), eventName="GetObject", requestParameters={"bucketName": "b"}),
    record(5, eventName="RunInstances", responseElements={"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}}),
    record(6, eventTime="never", sourceIPAddress="203.0.113.9"),
]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, opened: Callable[..., Snapshot]) -> Snapshot:
    return opened(write(tmp_path / "log.json", trail(*STORY)))


@pytest.mark.parametrize(
    ("expression", "fields", "firsts"),
    [
        pytest.param("", ["key"], [1, 4], id="a column"),
        pytest.param("", ["requestParameters.bucketName"], [1, 2], id="a record path"),
        pytest.param("outcome=denied", ["requestParameters.bucketName"], [3], id="among what matches"),
        pytest.param("", ["key", "requestParameters.bucketName"], [1, 2, 4], id="of each combination"),
        pytest.param("", ["responseElements.instancesSet.items.instanceId"], [5], id="a list, each event once"),
        pytest.param("", ["ip"], [1, 6], id="an undated one, last"),
        pytest.param("", ["vpce"], [], id="nothing there"),
    ],
)
def test_the_first_record_of_each(expression: str, fields: list[str], firsts: list[int], store: Snapshot) -> None:
    found = store.first_each(parse_search(expression), *fields)

    assert [event.id for event in found] == [f"ct:event-{number}" for number in firsts]


def test_a_limit_leaves_out_the_later_ones(store: Snapshot) -> None:
    assert [event.name for event in store.first_each(Search(), "name", limit=1)] == ["GetObject"]


def test_distinct_values_come_in_order_and_without_blanks(store: Snapshot) -> None:
    found = store.distinct(parse_search("name=GetObject"), "requestParameters.bucketName", "key")

    assert list(found) == [
        ("a", "AKIAALICE00000000000"),
        ("b", "AKIAALICE00000000000"),
        ("b", "ASIASESSION000000000"),
    ]


def test_moments_tell_when_and_from_where_and_nothing_of_what_is_not_there(store: Snapshot) -> None:
    found = store.moments(["ct:event-6", "ct:event-2", "ct:nobody"], "ip")
    [second] = store.events(parse_search("id=ct:event-2"))

    assert list(found.items()) == [("ct:event-2", (second.time, second.ip)), ("ct:event-6", (None, "203.0.113.9"))]
    assert store.moments(["ct:event-1"], "vpce")["ct:event-1"][1] == ""
    assert store.moments([], "ip") == {}


def test_matches_come_in_groups_with_their_ids_in_time_order(store: Snapshot) -> None:
    denied, allowed = store.tallies("SELECT * FROM events WHERE name = 'GetObject'", ("outcome = 'success'",))

    assert (denied.values, denied.ids) == (("false",), ("ct:event-3",))
    assert (allowed.values, allowed.ids) == (("true",), ("ct:event-1", "ct:event-2", "ct:event-4"))
    assert allowed.first is not None and allowed.last is not None and allowed.first < allowed.last
