"""What the evidence raised is asked on a terminal once the report is there, and nowhere else."""

from pathlib import Path

import pytest

from investigator.cli.conduct import conduct
from investigator.cli.interview import ReadLine
from investigator.cli.opening import Telling
from investigator.domain.case import OpenCase, Sources
from investigator.domain.question import Question
from tests.support.incidents import WORRY, leak_logs
from tests.support.investigations import Room


class OnTerminal(Telling):
    """Options of a user who can be asked."""

    def may_ask(self) -> bool:
        return True


class Unattended(Telling):
    def may_ask(self) -> bool:
        return False


@pytest.fixture
def room(tmp_path: Path) -> Room:
    leak_logs(tmp_path / "logs")
    return Room(tmp_path / "room")


def opened(room: Room, **answers: str) -> str:
    sources = Sources(logs=(room.folder.parent / "logs",))
    return room.investigation.open(OpenCase(worry=WORRY, sources=sources, answers=answers)).id


def options(kind: type[Telling]) -> Telling:
    return kind(build=lambda settings: None, json=True)  # type: ignore[arg-type]  (nothing is built here)


class User:
    """Skips every question but those that they know; remembers what they were asked."""

    def __init__(self, capture: pytest.CaptureFixture[str], **known: tuple[str, str]) -> None:
        self._capture = capture
        self._known = known
        self.heard = ""

    def __call__(self, seconds: float) -> str:
        prompt = self._capture.readouterr().err
        self.heard += prompt
        return next((answer for words, answer in self._known.values() if words in prompt), "")


def questions(room: Room, handle: str, turn: int) -> list[Question]:
    return [q for q in room.investigation.document(handle).questions if q.asked and q.round == turn]


def test_an_answer_to_the_second_round_is_in_the_report(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    user = User(capsys, data=("Is the data personal", "patient records"))
    handle = opened(room)

    conduct(room.investigation, handle, options(OnTerminal), user)

    assert "The evidence raised what you alone can know" in user.heard
    given = {a.slot: (a.value, a.source) for a in room.investigation.document(handle).answers}
    assert given["data_class"] == ("patient records", "user")


def test_no_question_of_the_first_round_comes_twice(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    user = User(capsys)

    handle = opened(room)
    conduct(room.investigation, handle, options(OnTerminal), user)

    for turn in (1, 2):
        assert questions(room, handle, turn)
        assert all(user.heard.count(q.text) == 1 for q in questions(room, handle, turn))


def test_without_an_answer_the_case_runs_once(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    handle = opened(room)

    conduct(room.investigation, handle, options(OnTerminal), User(capsys))

    assert [row.progress.kind for row in room.investigation.follow(handle)].count("finished") == 1


def test_nobody_is_asked_where_there_is_no_terminal(room: Room) -> None:
    def nobody(seconds: float) -> str | None:
        raise AssertionError("asked")

    silent: ReadLine = nobody
    handle = opened(room)

    conduct(room.investigation, handle, options(Unattended), silent)

    notes = room.investigation.document(handle).summary.notes
    assert all(any(q.text in note for note in notes) for q in questions(room, handle, turn=2))
