"""Indexing that is killed anywhere is finished by the next run: nothing lost, nothing doubled, no damaged store."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .killing import POINTS, Held, Point, after, held, killed_at, large_logs, small_logs

SOAK = bool(os.environ.get("INVESTIGATOR_SOAK"))
SMALL_KILLS, LARGE_KILLS = (240, 60) if SOAK else (12, 2)
CHECKOUT = str(Path(__file__).parents[2])


def moments(seconds: float, chance: random.Random) -> Iterator[tuple[str, Callable[[], Point]]]:
    """Every named point and some random moments, again and again."""
    while True:
        for name, point in POINTS.items():
            yield name, lambda point=point: point
        for _ in range(len(POINTS) if SOAK else 3):
            yield "some moment", lambda: after(chance.uniform(0, seconds))


def kill_and_finish(logs: Path, folder: Path, kills: int, seed: int) -> list[tuple[str, Held]]:
    """What each killed store holds after the run that follows; the first is of one that was never killed."""
    start = time.monotonic()
    found = [("never", held(logs, folder / "never"))]
    when = moments(time.monotonic() - start, random.Random(seed))
    number = 0
    while len(found) <= kills:
        number += 1
        assert number < 20 * kills, "indexing cannot be caught"
        name, point = next(when)
        if killed_at(point(), logs, folder / str(number)):
            found.append((name, held(logs, folder / str(number))))
    return found


@pytest.mark.parametrize(
    ("write_logs", "kills"), [(small_logs, SMALL_KILLS), (large_logs, LARGE_KILLS)], ids=["one process", "workers"]
)
def test_a_killed_run_is_finished_by_the_next(write_logs: Callable[[Path], Path], kills: int, tmp_path: Path) -> None:
    (_, whole), *finished = kill_and_finish(write_logs(tmp_path / "logs"), tmp_path, kills, seed=kills)

    assert len(finished) == kills
    assert whole.faults == ()
    assert [name for name, store in finished if store != whole] == []


def test_a_store_that_is_killed_again_and_again_is_finished(tmp_path: Path) -> None:
    logs = small_logs(tmp_path / "logs")
    whole = held(logs, tmp_path / "never")

    for point in POINTS.values():
        killed_at(point, logs, tmp_path / "store")

    assert held(logs, tmp_path / "store") == whole


@pytest.mark.skipif(sys.platform == "win32", reason="no ps here")
def test_workers_end_with_the_run_that_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "investigator", "logs", "index", str(large_logs(tmp_path / "logs"))]
    run = subprocess.Popen(
        [*command, "--store", str(tmp_path / "store")],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: run.poll() is not None or POINTS["a part is renamed"](tmp_path / "store"))
    workers = [pid for pid, parent, words in processes() if parent == run.pid and "spawn_main" in words]
    run.kill()
    run.wait()

    assert workers
    until(lambda: not {pid for pid, _, _ in processes()} & set(workers))


def until(happens: Callable[[], bool], patience: float = 30.0) -> None:
    end = time.monotonic() + patience
    while not happens():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.002)


def processes() -> list[tuple[int, int, str]]:
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split(maxsplit=2) for line in listed.splitlines())
    return [(int(row[0]), int(row[1]), row[2] if len(row) > 2 else "") for row in rows]
