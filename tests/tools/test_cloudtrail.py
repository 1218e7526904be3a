"""Questions to the event history and to the trails."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from investigator.tools.cloudtrail import (
    calls_by_key,
    calls_by_name,
    calls_by_principal,
    calls_by_session,
    calls_on_resource,
    sign_ins,
)

from investigator.domain.event import EventGroup
from investigator.domain.gap import Gap
from investigator.domain.times import Window
from investigator.domain.words import CellState
from investigator.ports.aws import Refused
from investigator.ports.tool import Tool
from tests.doubles.loopback_aws import loopback
from tests.tools.doors import AS_OF, ask, live, record, run

KEY = "AKIALEAKEDLEAKED0001"
DAY = Window(start=datetime(2026, 1, 27, tzinfo=UTC), end=datetime(2026, 1, 27, 12, tzinfo=UTC))


def test_the_calls_of_a_key_come_as_one_group_a_page(tmp_path: Path) -> None:
    made = record(
        "e1",
        "2026-01-27T03:06:00Z",
        eventName="CreateUser",
        sourceIPAddress="198.51.100.7",
        awsRegion="us-east-1",
        userIdentity={"accessKeyId": KEY, "arn": "arn:aws:iam::111122223333:user/build"},
    )
    dated = record(
        "e2",
        "2026-01-27T03:04:00Z",
        eventName="CreateFunction20150331",
        errorCode="AccessDenied",
        userIdentity={"accessKeyId": KEY, "arn": "arn:aws:sts::111122223333:assumed-role/deploy/s1"},
    )
    pages = [{"Events": [made, dated], "NextToken": "t1"}, {"Events": []}]

    first, second = ask(calls_by_key, {"cloudtrail:LookupEvents": pages}, tmp_path, key=KEY, window=DAY)

    assert isinstance(first, EventGroup)
    assert (first.count, first.ids, second.count) == (2, ("ct:e2", "ct:e1"), 0)
    assert first.where == f"key={KEY} from:2026-01-27T00:00:00Z to:2026-01-27T12:00:00Z"
    assert first.values["name"] == {"CreateFunction": 1, "CreateUser": 1}
    assert first.values["principal"] == {
        "arn:aws:iam::111122223333:role/deploy": 1, "arn:aws:iam::111122223333:user/build": 1}  # fmt: skip


def looked_up(tool: Tool, folder: Path, **inputs: Any) -> dict[str, Any]:
    """The one request that a tool makes of the event history."""
    with loopback({"cloudtrail:LookupEvents": [{"Events": []}]}) as world:
        run(tool, live(world.url, folder), window=DAY, **inputs)
    [body] = [json.loads(each.body) for each in world.asked if each.operation == "cloudtrail:LookupEvents"]
    return body


@pytest.mark.parametrize(
    ("tool", "inputs", "attribute", "value"),
    [
        (calls_by_key, {"key": KEY}, "AccessKeyId", KEY),
        (calls_by_principal, {"principal": "alice"}, "Username", "alice"),
        (calls_by_principal, {"principal": "arn:aws:iam::111122223333:user/dev/alice"}, "Username", "alice"),
        (calls_by_principal, {"principal": "arn:aws:iam::111122223333:root"}, "Username", "root"),
        (calls_by_session, {"session": "i-0123456789abcdef0"}, "Username", "i-0123456789abcdef0"),
        (calls_on_resource, {"resource": "acme-data"}, "ResourceName", "acme-data"),
        (calls_by_name, {"event_name": "CreateFunction20150331"}, "EventName", "CreateFunction20150331"),
        (sign_ins, {}, "EventName", "ConsoleLogin"),
    ],
)
def test_each_question_goes_by_one_attribute(
    tool: Tool, inputs: dict[str, str], attribute: str, value: str, tmp_path: Path
) -> None:
    body = looked_up(tool, tmp_path, **inputs)

    assert body["LookupAttributes"] == [{"AttributeKey": attribute, "AttributeValue": value}]
    assert body["MaxResults"] == 50


def test_a_role_cannot_be_looked_up_and_that_is_said(tmp_path: Path) -> None:
    with loopback({}) as world, pytest.raises(Refused, match="role/deploy") as refusal:
        run(
            calls_by_principal, live(world.url, tmp_path), principal="arn:aws:iam::111122223333:role/deploy", window=DAY
        )

    assert refusal.value.state is CellState.NOT_RECORDED


def test_what_is_older_than_ninety_days_is_a_gap_and_the_rest_is_asked(tmp_path: Path) -> None:
    long = Window(start=AS_OF - timedelta(days=200), end=AS_OF - timedelta(days=1))

    old, group = ask(calls_by_key, {"cloudtrail:LookupEvents": [{"Events": []}]}, tmp_path, key=KEY, window=long)

    assert isinstance(old, Gap)
    assert old.what == "API calls before 2025-10-30T00:00:00Z"
    assert isinstance(group, EventGroup)
    assert "from:2025-10-30T00:00:00Z" in group.where


def test_a_window_that_is_wholly_too_old_is_not_asked(tmp_path: Path) -> None:
    ancient = Window(start=AS_OF - timedelta(days=200), end=AS_OF - timedelta(days=90))
    with loopback({}) as world, pytest.raises(Refused) as refusal:
        run(calls_by_key, live(world.url, tmp_path), key=KEY, window=ancient)

    assert (refusal.value.state, world.asked) == (CellState.OUT_OF_RETENTION, [])


def test_the_last_quarter_of_an_hour_may_be_incomplete(tmp_path: Path) -> None:
    late = Window(start=AS_OF - timedelta(days=1), end=AS_OF)

    gap, _ = ask(calls_by_key, {"cloudtrail:LookupEvents": [{"Events": []}]}, tmp_path, key=KEY, window=late)

    assert isinstance(gap, Gap)
    assert "15 minutes" in gap.what


def test_repeated_late_and_broken_rows_do_not_count_twice_or_crash(tmp_path: Path) -> None:
    good = record("e1", "2026-01-27T03:06:00Z", eventName="CreateUser")
    at_the_end = record("e2", "2026-01-27T12:00:00Z")
    cut = {"EventId": "e3", "EventTime": "2026-01-27T04:00:00Z", "CloudTrailEvent": '{"eventName": "Cre'}
    page = {"Events": [good, good, at_the_end, cut]}

    [group] = ask(calls_by_key, {"cloudtrail:LookupEvents": [page]}, tmp_path, key=KEY, window=DAY)

    assert isinstance(group, EventGroup)
    assert (group.count, group.ids) == (2, ("ct:e1", "ct:e3"))
