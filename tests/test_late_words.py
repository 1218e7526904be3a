"""What comes at the last moment: an answer is taken in, and a worker that lost its case says nothing more of it."""

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from investigator.adapters.cases import CaseDatabase
from investigator.domain.case import OpenCase, Sources
from investigator.domain.trouble import CaseLost
from investigator.domain.words import RunState, Stage
from investigator.investigation import Investigation
from investigator.settings import Settings
from investigator.wiring import build, equipment
from tests.support.investigations import content
from tests.support.small_case import WORRY, small_logs


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_logs(tmp_path_factory.mktemp("logs"))


def request(logs: Path, **more: object) -> OpenCase:
    return OpenCase(worry=WORRY, sources=Sources(logs=(logs,)), **more)


class AnsweredAt(CaseDatabase):
    """A case database where somebody answers after the run saw the result of a stage for the last time."""

    def __init__(self, folder: Path, stage: Stage, looks: int) -> None:
        super().__init__(folder)
        self._stage = stage
        self._looks = [None] * looks
        self._other = build(Settings(case_dir=folder))

    def load(self, handle: str, name: str) -> str | None:
        saved = super().load(handle, name)
        if saved is not None and name == self._stage and self._looks:
            self._looks.pop()
            if not self._looks:
                self._other.answer(handle, {"rotated": "no"})
        return saved


def over(folder: Path, shelf: CaseDatabase) -> Investigation:
    return Investigation(replace(equipment(Settings(case_dir=folder)), shelf=shelf))


def test_an_answer_at_the_very_end_of_a_run_is_in_its_report(logs: Path, tmp_path: Path) -> None:
    late = over(tmp_path, AnsweredAt(tmp_path, Stage.REPORTING, looks=2))
    handle = late.open(request(logs, ask=False)).id

    ended = late.run(handle)

    in_time = build(Settings(case_dir=tmp_path))
    first = in_time.open(request(logs, ask=False, answers={"rotated": "no"})).id
    in_time.run(first)
    assert ended.run is RunState.FINISHED
    assert content(late.document(handle)) == content(in_time.document(first))


def test_the_stream_of_such_a_run_ends_once(logs: Path, tmp_path: Path) -> None:
    late = over(tmp_path, AnsweredAt(tmp_path, Stage.REPORTING, looks=2))
    handle = late.open(request(logs, ask=False)).id

    late.run(handle)

    kinds = [row.progress.kind for row in late.follow(handle)]
    assert (kinds.count("finished"), kinds[-1]) == (1, "finished")


def test_an_answer_while_the_questions_are_settled_is_not_asked_for_again(logs: Path, tmp_path: Path) -> None:
    late = over(tmp_path, AnsweredAt(tmp_path, Stage.CLARIFYING, looks=3))
    handle = late.open(request(logs)).id

    prepared = late.prepare(handle)

    assert prepared.run is RunState.ASKING
    assert "rotated" not in {question.slot for question in prepared.questions if question.asked}


def rows(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "cases.sqlite") as database:
        return list(database.iterdump())


def test_a_worker_that_overslept_writes_no_more(logs: Path, tmp_path: Path) -> None:
    sleepy = over(tmp_path, CaseDatabase(tmp_path, lease=0.0))
    handle = sleepy.open(request(logs, ask=False)).id
    left: list[list[str]] = []

    def taken_over(progress) -> None:
        if progress.stage is Stage.LINKING and not left:
            CaseDatabase(tmp_path).take(handle, f"{os.getpid()}/other")
            left.append(rows(tmp_path))

    with pytest.raises(CaseLost):
        sleepy.run(handle, taken_over)

    assert left == [rows(tmp_path)]


def test_nor_does_it_say_that_it_gave_up(logs: Path, tmp_path: Path) -> None:
    other = CaseDatabase(tmp_path)

    class Overslept(CaseDatabase):
        def save(self, handle, name, result) -> None:
            if name == Stage.ASSESSING:
                other.take(handle, f"{os.getpid()}/other")
            super().save(handle, name, result)

    sleepy = over(tmp_path, Overslept(tmp_path, lease=0.0))
    handle = sleepy.open(request(logs, ask=False)).id

    with pytest.raises(CaseLost):
        sleepy.work(handle, prepare_only=False)

    assert other.get(handle).trouble is None
    assert other.load(handle, Stage.ASSESSING) is None
