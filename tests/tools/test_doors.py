"""Accounts, Regions, roles and the folder of saved answers."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from investigator.tools._book import NoSavedAnswers
from investigator.tools.aws import SavedAccounts

from investigator.domain.answers import answer_id, answer_path, calls_of, merged
from investigator.domain.words import CellState
from investigator.ports.aws import Refused
from tests.doubles.loopback_aws import Asked, Error, loopback
from tests.tools.doors import ACCOUNT, HOME, Lines, live, saved

KEYS = {"AccessKeyMetadata": [{"UserName": "alice", "AccessKeyId": "AKIANEWNEWNEWNEW0002", "Status": "Active"}]}
OTHER = "999988887777"
ROLE = f"arn:aws:iam::{OTHER}:role/reader"


def keys_file(folder: Path) -> Path:
    return folder / answer_path("iam.ListAccessKeys", ACCOUNT, HOME, {"UserName": "alice"})


def list_keys(accounts: Any) -> list[Any]:
    return list(accounts.at(ACCOUNT, HOME).pages("iam", "ListAccessKeys", UserName="alice"))


def test_the_regions_are_those_that_are_on_and_home(tmp_path: Path) -> None:
    regions = {"Regions": [{"RegionName": "eu-west-1", "OptInStatus": "opt-in-not-required"}]}
    with loopback({"ec2:DescribeRegions": [regions]}) as world:
        cells = live(world.url, tmp_path, regions=()).cells()

    assert cells == ((ACCOUNT, "eu-west-1"), (ACCOUNT, "us-east-1"))
    assert saved(tmp_path).cells() == cells


def test_without_that_permission_every_region_is_tried(tmp_path: Path) -> None:
    with loopback({"ec2:DescribeRegions": [Error("UnauthorizedOperation", 403)]}) as world:
        cells = live(world.url, tmp_path, regions=()).cells()

    assert (ACCOUNT, "eu-west-1") in cells
    assert len(cells) > 15


def test_the_home_region_follows_the_partition(tmp_path: Path) -> None:
    caller = {"Account": ACCOUNT, "Arn": f"arn:aws-cn:iam::{ACCOUNT}:user/ir", "UserId": "u"}
    with loopback({"sts:GetCallerIdentity": [caller]}) as world:
        assert live(world.url, tmp_path, regions=("cn-northwest-1",)).cells() == (
            (ACCOUNT, "cn-north-1"), (ACCOUNT, "cn-northwest-1"))  # fmt: skip


def test_another_account_is_read_through_its_role_under_the_name_of_the_case(tmp_path: Path) -> None:
    given = {
        "AccessKeyId": "ASIAOTHEROTHER000001",
        "SecretAccessKey": "s",
        "SessionToken": "t",
        "Expiration": "2099-01-01T00:00:00Z",
    }
    answers = {"sts:AssumeRole": [{"Credentials": given}], "iam:ListAccessKeys": [KEYS]}
    with loopback(answers) as world:
        accounts = live(world.url, tmp_path, roles={OTHER: ROLE})
        list(accounts.at(OTHER, HOME).pages("iam", "ListAccessKeys", UserName="alice"))

    [assumed] = [parse_qs(each.body) for each in world.asked if each.operation == "sts:AssumeRole"]
    assert (assumed["RoleArn"], assumed["RoleSessionName"]) == ([ROLE], ["ir-000000000000"])
    assert assumed["PolicyArns.member.1.arn"] == ["arn:aws:iam::aws:policy/SecurityAudit"]
    assert world.asked[-1].key == "ASIAOTHEROTHER000001"


def test_a_role_that_may_not_be_taken_costs_that_account_only(tmp_path: Path) -> None:
    answers = {"sts:AssumeRole": [Error("AccessDenied", 403)], "iam:ListAccessKeys": [KEYS]}
    with loopback(answers) as world:
        accounts = live(world.url, tmp_path, roles={OTHER: ROLE})
        with pytest.raises(Refused, match=OTHER) as refusal:
            list(accounts.at(OTHER, HOME).pages("iam", "ListAccessKeys", UserName="alice"))
        assert len(list_keys(accounts)) == 1

    assert (refusal.value.state, "sts:AssumeRole" in refusal.value.gap.why) == (CellState.DENIED, True)


def test_an_answer_lies_in_its_place_with_its_request(tmp_path: Path) -> None:
    with loopback({"iam:ListAccessKeys": [KEYS]}) as world:
        [page] = list_keys(live(world.url, tmp_path))

    line = json.loads(keys_file(tmp_path).read_text())
    assert (line["parameters"], line["call"], line["page"], line["status"]) == ({"UserName": "alice"}, 1, 1, 200)
    assert page.answer == answer_id("iam.ListAccessKeys", ACCOUNT, HOME, {"UserName": "alice", "Marker": "x"})
    session = json.loads((tmp_path / "session.json").read_text())
    assert (session["schema"], session["as_of"], session["regions"]) == (
        "investigator.answers/1",
        "2026-01-28T00:00:00Z",
        [HOME],
    )


def test_a_request_made_again_replays_in_order_then_the_last_again(tmp_path: Path) -> None:
    later = {"AccessKeyMetadata": [{**KEYS["AccessKeyMetadata"][0], "Status": "Inactive"}]}
    with loopback({"iam:ListAccessKeys": [KEYS, later]}) as world:
        accounts = live(world.url, tmp_path)
        first, second = list_keys(accounts), list_keys(accounts)

    replay = saved(tmp_path)
    assert [list_keys(replay) for _ in range(3)] == [first, second, second]


def test_a_call_that_a_crash_cut_is_not_taken_for_whole(tmp_path: Path) -> None:
    pages = [{**KEYS, "IsTruncated": True, "Marker": "m"}, KEYS]
    with loopback({"iam:ListAccessKeys": pages}) as world:
        list_keys(live(world.url, tmp_path))
    path = keys_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(Refused) as refusal:
        list_keys(saved(tmp_path))

    assert refusal.value.state is CellState.INCOMPLETE


def test_after_a_crash_the_request_is_made_again_beside_the_torn_line(tmp_path: Path) -> None:
    pages = [{**KEYS, "IsTruncated": True, "Marker": "m"}, KEYS, KEYS]
    with loopback({"iam:ListAccessKeys": pages}) as world:
        list_keys(live(world.url, tmp_path))
        path = keys_file(tmp_path)
        path.write_bytes(path.read_bytes()[:-20])
        again = list_keys(live(world.url, tmp_path))

    assert list_keys(saved(tmp_path)) == again


def test_pages_out_of_order_or_missing_are_no_whole_call() -> None:
    lines = [json.dumps({"parameters": {}, "page": page, "body": {"Xs": [page]}}) for page in (3, 1)]

    [call] = calls_of([*lines, "torn {"])

    assert ([page.page for page in call], call[-1].more) == ([1], True)


def test_what_was_not_saved_is_a_gap_that_says_what_was_asked(tmp_path: Path) -> None:
    with loopback({}) as world:
        live(world.url, tmp_path).cells()

    with pytest.raises(Refused, match="alice") as refusal:
        list_keys(saved(tmp_path))

    assert refusal.value.state is CellState.NOT_SAVED


@pytest.mark.parametrize("place", [("../..", HOME), (ACCOUNT, "../../etc"), (OTHER, HOME)])
def test_places_outside_the_session_are_never_looked_up(place: tuple[str, str], tmp_path: Path) -> None:
    with loopback({}) as world:
        live(world.url, tmp_path).cells()

    with pytest.raises(Refused) as refusal:
        list(saved(tmp_path).at(*place).pages("iam", "ListAccessKeys", UserName="alice"))

    assert refusal.value.state is CellState.NOT_SAVED


def test_saved_answers_know_the_request_ids_of_their_calls(tmp_path: Path) -> None:
    with loopback({"iam:ListAccessKeys": [KEYS]}) as world:
        list_keys(live(world.url, tmp_path))
    audit = Lines()

    list_keys(SavedAccounts(tmp_path, audit))

    assert [(kind, details["operation"]) for kind, details in audit.lines] == [("read", "iam:ListAccessKeys")]
    assert audit.request_ids() == {"request-2"}


@pytest.mark.parametrize("content", [None, "", "[]", '{"schema": 1}', "\x00"])
def test_a_folder_that_holds_no_session_is_named(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "session.json").write_text(content)

    with pytest.raises(NoSavedAnswers, match=r"session\.json"):
        saved(tmp_path)


def test_lone_surrogates_survive_as_visible_escapes(tmp_path: Path) -> None:
    def answer(_: Asked) -> Any:
        return {"Events": [{"EventId": "e", "Username": "x\ud800y"}]}

    with loopback({"cloudtrail:LookupEvents": answer}) as world:
        [page] = live(world.url, tmp_path).at(ACCOUNT, HOME).pages("cloudtrail", "LookupEvents")

    assert page.body == {"Events": [{"EventId": "e", "Username": "x\\ud800y"}]}
    assert list(saved(tmp_path).at(ACCOUNT, HOME).pages("cloudtrail", "LookupEvents")) == [page]


def test_pages_are_read_as_one() -> None:
    first, second = {"Xs": [1], "In": {"Ys": [1]}, "A": 1}, {"Xs": [2], "In": {"Ys": [2]}, "B": 2}

    assert merged([first, second]) == {"Xs": [1, 2], "In": {"Ys": [1, 2]}, "A": 1, "B": 2}
