"""Questions to IAM, asked of the loopback and of what that run saved."""

from pathlib import Path

from investigator.tools.iam import keys_of_user

from tests.doubles.loopback_aws import Error
from tests.tools.doors import ask

KEYS = [
    {
        "UserName": "alice",
        "AccessKeyId": "AKIAOLDOLDOLDOLD0001",
        "Status": "Inactive",
        "CreateDate": "2024-05-01T08:00:00Z",
    },
    {
        "UserName": "alice",
        "AccessKeyId": "AKIANEWNEWNEWNEW0002",
        "Status": "Active",
        "CreateDate": "2026-01-27T19:21:07Z",
    },
]


def test_the_keys_of_a_user_come_from_every_page(tmp_path: Path) -> None:
    pages = [
        {"AccessKeyMetadata": KEYS[:1], "IsTruncated": True, "Marker": "m1"},
        {"AccessKeyMetadata": KEYS[1:], "IsTruncated": False},
    ]

    old, new = ask(keys_of_user, {"iam:ListAccessKeys": pages}, tmp_path, user="alice")

    assert (old.entity.value, old.values["Status"]) == ("AKIAOLDOLDOLDOLD0001", "Inactive")
    assert (new.entity.value, new.values["CreateDate"]) == ("AKIANEWNEWNEWNEW0002", "2026-01-27T19:21:07Z")
    assert old.answer == new.answer


def test_a_user_that_does_not_exist_is_an_answer(tmp_path: Path) -> None:
    [state] = ask(keys_of_user, {"iam:ListAccessKeys": [Error("NoSuchEntity", 404)]}, tmp_path, user="ghost")

    assert (state.kind, dict(state.values)) == ("no_access_keys", {"Error.Code": "NoSuchEntity"})
    assert state.entity.value == "arn:aws:iam::111122223333:user/ghost"
