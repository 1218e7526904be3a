"""Whoever watches a run learns of each gap when it is found, once."""

from pathlib import Path

import pytest

from investigator.domain.gap import Gap
from investigator.domain.progress import Progress, gap_line
from investigator.domain.words import Stage
from investigator.stages.running.gaps_told import ToldOnce
from tests.doubles.fake_accounts import FakeAccounts, refusal
from tests.stages.test_gathering import HOME, IRELAND, case, run, world
from tests.stages.test_planning import asks
from tests.support.investigations import Room, worry
from tests.support.small_case import WORRY, small_logs


def test_a_refusal_is_told_before_the_next_question_is_asked():
    told: list[Progress] = []
    answers = {"iam.ListAccessKeys": (refusal("iam"),)}
    there = world(asks("keys_of_user"), asks("instance_set_up", for_each="instance"), cells=(HOME, IRELAND))

    gathered = run(
        case(principal="alice", instance="i-0123456789abcdef0"),
        there,
        accounts=FakeAccounts((HOME, IRELAND), answers),
        sink=told.append,
    )

    kinds = [(line.kind, line.text) for line in told if line.kind in ("step", "gap")]
    [gap] = [gap for gap in gathered.gaps if "iam" in gap.what]
    at = kinds.index(("gap", gap_line(Stage.GATHERING, gap).text))
    assert kinds[at - 1][1].startswith("keys_of_user")
    assert kinds[at + 1][1].startswith("instance_set_up")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The stream and the document of a whole case."""
    folder: Path = tmp_path_factory.mktemp("told")
    room = Room(folder / "room")
    handle = room.handle(worry(WORRY, small_logs(folder / "logs")))
    return [row.progress for row in room.investigation.follow(handle)], room.investigation.document(handle)


def test_every_gap_of_the_report_was_told_during_the_run(told):
    lines, document = told
    reasons = [line.text for line in lines if line.kind == "gap"]

    assert document.gaps
    assert all(any(gap.why in reason for reason in reasons) for gap in document.gaps)


def test_none_is_told_twice(told):
    lines, _ = told
    reasons = [line.text for line in lines if line.kind == "gap"]

    assert len(reasons) == len(set(reasons))


def test_a_hostile_value_in_a_gap_is_inert_and_a_secret_stays_out():
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    gap = Gap.of(what="file a\x1b[2J.json", why=f"it says secret={secret}", effect="", close="")

    text = gap_line(Stage.ASSESSING, gap).text

    assert "\x1b" not in text
    assert "\\x1b[2J" in text
    assert secret not in text


def test_everything_else_is_passed_on_as_often_as_it_comes():
    passed: list[Progress] = []
    sink = ToldOnce(passed.append)

    for _ in range(2):
        sink(Progress(kind="step", text="keys_of_user"))
        sink(Progress(kind="gap", text="S3 object reads: not recorded"))

    assert [line.kind for line in passed] == ["step", "gap", "step"]
