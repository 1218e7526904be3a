"""The pool of worker processes: who runs what, in which order, and what is told of one that dies."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.adapters.workers import Recipe, Workers

WORKER = """
import os, sys, time
greeting, notes = input(), sys.argv[1]
for line in sys.stdin:
    mode, handle = line.split()
    with open(notes, "a") as file:
        file.write(f"begin {mode} {handle} {os.getpid()} {greeting}\\n")
    time.sleep(0.15)
    if handle == "crash":
        sys.exit(7)
    with open(notes, "a") as file:
        file.write(f"end {mode} {handle}\\n")
    print(3 if handle == "trouble" else 0, flush=True)
"""
PATIENCE = 20.0


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """What the workers did, a line each."""
    path = tmp_path / "notes"
    path.touch()
    return path


@pytest.fixture
def died() -> list[str]:
    return []


def pool(notes: Path, size: int, died: list[str]) -> Workers:
    recipe = Recipe(command=(sys.executable, "-c", WORKER, str(notes)), greeting="hello", log=notes.with_suffix(".log"))
    return Workers(recipe, size, lambda handle, worker: died.append(handle))


def ended(*polls: Callable[[], int | None]) -> list[int | None]:
    """The exit codes, once there are all of them."""
    until = time.monotonic() + PATIENCE
    while any(poll() is None for poll in polls) and time.monotonic() < until:
        time.sleep(0.01)
    return [poll() for poll in polls]


def lines(notes: Path, word: str) -> list[list[str]]:
    return [line.split() for line in notes.read_text().splitlines() if line.startswith(word)]


def test_each_case_is_run_once_and_its_exit_code_comes_back(notes: Path, died: list[str]) -> None:
    workers = pool(notes, 2, died)

    codes = ended(workers.launch("one", True), workers.launch("trouble", False), workers.launch("three", False))

    assert codes == [0, 3, 0]
    assert sorted(line[1:3] for line in lines(notes, "end")) == [
        ["prepare", "one"],
        ["run", "three"],
        ["run", "trouble"],
    ]


def test_one_worker_runs_many_cases_and_hears_the_settings_once(notes: Path, died: list[str]) -> None:
    workers = pool(notes, 1, died)

    ended(*(workers.launch(str(number), False) for number in range(4)))

    assert len({line[3] for line in lines(notes, "begin")}) == 1
    assert {line[4] for line in lines(notes, "begin")} == {"hello"}


def test_no_more_workers_than_the_size(notes: Path, died: list[str]) -> None:
    workers = pool(notes, 2, died)

    ended(*(workers.launch(str(number), False) for number in range(6)))

    assert len({line[3] for line in lines(notes, "begin")}) == 2


def test_two_jobs_of_one_case_run_one_after_the_other(notes: Path, died: list[str]) -> None:
    workers = pool(notes, 4, died)

    ended(workers.launch("same", True), workers.launch("same", False))

    assert [line[:2] for line in map(str.split, notes.read_text().splitlines())] == [
        ["begin", "prepare"],
        ["end", "prepare"],
        ["begin", "run"],
        ["end", "run"],
    ]


def test_the_same_preparation_is_not_queued_twice(notes: Path, died: list[str]) -> None:
    workers = pool(notes, 2, died)

    ended(*(workers.launch("same", True) for _ in range(16)))

    assert len(lines(notes, "begin")) == 1


def test_a_worker_that_dies_is_told_of_and_replaced(notes: Path, died: list[str]) -> None:
    workers = pool(notes, 1, died)

    codes = ended(workers.launch("crash", False), workers.launch("after", False))

    assert (codes, died) == ([7, 0], ["crash"])


def test_a_program_that_cannot_be_a_worker_costs_its_cases_and_not_the_pool(tmp_path: Path, died: list[str]) -> None:
    recipe = Recipe(command=(sys.executable, "-c", "raise SystemExit(9)"), greeting="hello", log=tmp_path / "log")
    workers = Workers(recipe, 1, lambda handle, worker: died.append(handle))

    assert ended(workers.launch("one", False), workers.launch("two", False)) == [9, 9]
    assert died == ["one", "two"]


def test_what_a_crash_says_is_kept(tmp_path: Path, died: list[str]) -> None:
    recipe = Recipe(command=(sys.executable, "-c", "raise SystemExit('no rules')"), greeting="", log=tmp_path / "log")

    ended(Workers(recipe, 1, lambda handle, worker: died.append(handle)).launch("one", False))

    assert "no rules" in (tmp_path / "log").read_text()
