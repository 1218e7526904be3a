"""A worker process: it waits for its turn, heeds a stop, and a case whose worker died says so."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.adapters.cases import CaseDatabase
from investigator.domain.case import CaseView, OpenCase, Sources
from investigator.domain.trouble import CaseBusy
from investigator.domain.words import RunState
from investigator.investigation import Investigation
from investigator.settings import Settings
from investigator.stages.running.tenure import tenure
from investigator.wiring import build
from tests.support.investigations import content
from tests.support.small_case import WORRY, Launches, small_logs, without_workers

PATIENCE = 120.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    small_logs(folder / "logs")
    return folder


@pytest.fixture(scope="module")
def investigation(home: Path) -> Investigation:
    return build(Settings(case_dir=home / "data", workers=1))


def opened(investigation: Investigation, home: Path, **answers: str) -> str:
    sources = Sources(logs=(home / "logs",))
    return investigation.open(OpenCase(worry=WORRY, sources=sources, answers=answers, ask=False)).id


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


def holder_of(case: str, folder: Path) -> subprocess.Popen[str]:
    """Another process that took a case."""
    script = (
        "import os, sys, time; from pathlib import Path; from investigator.adapters.cases import CaseDatabase\n"
        "CaseDatabase(Path(sys.argv[1])).take(sys.argv[2], f'{os.getpid()}/other')\n"
        "print('taken', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(folder), case], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "taken\n"
    return process


def test_a_worker_waits_for_another_process_and_goes_on(investigation: Investigation, home: Path) -> None:
    handle = opened(investigation, home)
    other = holder_of(handle, home / "data")
    code = investigation.start(handle)
    time.sleep(7)  # longer than a face waits for a busy case
    assert code() is None

    other.kill()
    other.wait()

    until(lambda: code() is not None)
    assert code() == 0
    assert investigation.view(handle).run is RunState.FINISHED
    assert investigation.view(handle).trouble is None


def test_a_worker_that_gives_up_says_who_runs_the_case(home: Path, tmp_path: Path) -> None:
    impatient = without_workers(tmp_path / "data", Launches(), patience=0.2)
    handle = opened(impatient, home)
    other = holder_of(handle, tmp_path / "data")

    with pytest.raises(CaseBusy):
        impatient.work(handle, prepare_only=False)

    assert str(other.pid) in (impatient.view(handle).trouble or "")
    other.kill()
    other.wait()


def test_a_case_whose_worker_is_killed_is_stopped_and_runs_again(investigation: Investigation, home: Path) -> None:
    handle = opened(investigation, home)
    code = investigation.start(handle)
    until(lambda: len(investigation.follow(handle)) >= 3)
    os.kill(worker_of(handle, home), signal.SIGKILL)

    until(lambda: code() is not None)
    killed = investigation.view(handle)
    again = investigation.start(handle)
    until(lambda: again() is not None)

    assert code() == -signal.SIGKILL
    assert (killed.run, killed.trouble) == (
        RunState.STOPPED,
        "its process ended early; run it again, and it goes on where it was",
    )
    assert (again(), investigation.view(handle).run) == (0, RunState.FINISHED)


def worker_of(handle: str, home: Path) -> int:
    """The process id that stands in the case's lease."""
    with sqlite3.connect(home / "data" / "cases.sqlite") as database:
        [owner] = database.execute("SELECT owner FROM leases WHERE handle = ?", (handle,)).fetchone()
    return int(owner.partition("/")[0])


def test_a_running_case_is_stopped_from_elsewhere(investigation: Investigation, home: Path) -> None:
    handle = opened(investigation, home)
    code = investigation.start(handle)
    until(lambda: len(investigation.follow(handle)) >= 3)

    build(Settings(case_dir=home / "data")).stop(handle)

    until(lambda: code() is not None)
    assert (code(), investigation.view(handle).run) == (130, RunState.STOPPED)


def test_an_answer_to_a_running_case_is_in_its_report(investigation: Investigation, home: Path) -> None:
    handle = opened(investigation, home)
    code = investigation.start(handle)
    until(lambda: len(investigation.follow(handle)) >= 4)

    answered = investigation.answer(handle, {"rotated": "no"})

    assert answered.run in (RunState.OPENING, RunState.RUNNING)
    until(lambda: code() is not None)
    late = investigation.document(handle)
    first = opened(investigation, home, rotated="no")
    investigation.run(first)
    assert ("rotated", "no", "user") in {(answer.slot, answer.value, answer.source) for answer in late.answers}
    assert content(late) == content(investigation.document(first))


def test_a_case_that_nobody_will_run_any_more_is_stopped(home: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from tests.support.small_case import *; from investigator.domain.case import OpenCase\n"
        "here = without_workers(Path(sys.argv[1]), Launches()); case = here.open(OpenCase(worry=WORRY))\n"
        "here.start(case.id); print(case.id, here.view(case.id).run)"
    )
    checkout = Path(__file__).parents[1]
    asked = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(checkout)], capture_output=True, text=True, check=True
    )
    handle, run = asked.stdout.split()

    assert run == "running"
    assert seen(tmp_path, handle).run is RunState.STOPPED


def seen(folder: Path, handle: str) -> CaseView:
    return build(Settings(case_dir=folder)).view(handle)


def test_trouble_of_the_environment_stops_a_run_and_names_it(
    investigation: Investigation, home: Path, tmp_path: Path
) -> None:
    sources = Sources(logs=(tmp_path / "not-there",))
    handle = investigation.open(OpenCase(worry=WORRY, sources=sources, ask=False)).id

    code = investigation.start(handle)

    until(lambda: code() is not None)
    stopped = investigation.view(handle)
    assert (code(), stopped.run) == (3, RunState.STOPPED)
    assert "not-there" in (stopped.trouble or "")


def test_the_lease_is_renewed_while_a_stage_is_silent(tmp_path: Path) -> None:
    shelf = CaseDatabase(tmp_path, lease=1.0)
    with tenure(shelf, "1" * 12, renewal=0.1):
        time.sleep(2)
        with pytest.raises(CaseBusy):
            CaseDatabase(tmp_path, patience=0).take("1" * 12, "4194302/other")


def test_a_preparation_that_ends_leaves_a_queued_run_running(home: Path, tmp_path: Path) -> None:
    investigation = without_workers(tmp_path / "data", Launches())
    handle = opened(investigation, home)
    investigation.start(handle, prepare_only=True)
    investigation.start(handle)

    investigation.work(handle, prepare_only=True)
    between = investigation.view(handle).run
    investigation.work(handle, prepare_only=False)

    assert (between, investigation.view(handle).run) == (RunState.RUNNING, RunState.FINISHED)
