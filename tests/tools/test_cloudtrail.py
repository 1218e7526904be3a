"""Questions to the event history and to the trails."""

from datetime import UTC, datetime
from pathlib import Path

from investigator.tools.cloudtrail import calls_by_key

from investigator.domain.event import EventGroup
from investigator.domain.times import Window
from tests.tools.doors import ask, record

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
