"""A batch that is killed, with its workers, is finished by later runs: each case once."""

import csv
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.support.small_case import ALERT, WORRY, small_logs

CHECKOUT = str(Path(__file__).parents[2])
PATIENCE = 600.0
MOST = 20
"""Cases of the largest batch."""


def numbered_alert(number: int) -> dict[str, object]:
    """Alerts of their own: the same one would give the same case."""
    return ALERT | {"detail": {**ALERT["detail"], "id": f"6ab1f3d2c{number}"}}


class Home:
    """A folder with logs, alerts, and the data of the batch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        small_logs(folder / "logs")
        for number in range(MOST):
            (folder / f"alert-{number}.json").write_text(json.dumps(numbered_alert(number)))

    def start(self, file: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "investigator", "batch", str(file), "--out", str(self.folder / "out")]
        env = {
            **os.environ,
            "INVESTIGATOR_CASE_DIR": str(self.folder / "data"),
            "INVESTIGATOR_WORKERS": "2",
            "PYTHONPATH": CHECKOUT,
        }
        return subprocess.Popen(command, cwd=self.folder, env=env, stderr=subprocess.DEVNULL)

    def killed(self, file: Path, when: int) -> None:
        """Start a batch, and kill it and its workers with -9 after so many more rows of its database."""
        before = self.rows()
        batch = self.start(file)
        end = time.monotonic() + PATIENCE
        while self.rows() < before + when and batch.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        assert batch.poll() is None, "it ended before it could be killed"
        for pid in [batch.pid, *children(batch.pid)]:
            os.kill(pid, signal.SIGKILL)
        batch.wait()

    def rows(self) -> int:
        """Lines of progress so far, of all cases."""
        try:
            return self.query("SELECT count(*) FROM progress")[0][0]
        except sqlite3.OperationalError:
            return 0

    def query(self, sql: str) -> list[tuple]:
        with sqlite3.connect(f"file:{self.folder / 'data/cases.sqlite'}?mode=ro", uri=True, timeout=30) as database:
            return database.execute(sql).fetchall()


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if int(line.split()[1]) == pid]


def cases(count: int) -> list[dict[str, object]]:
    """Words and alerts, mixed."""
    return [
        {
            "name": f"case-{number}",
            "logs": "logs",
            **({"alert": f"alert-{number}.json"} if number % 3 == 0 else {"worry": f"{WORRY} ({number})"}),
        }
        for number in range(count)
    ]


def as_yaml(home: Home, count: int) -> Path:
    (home.folder / "batch.yaml").write_text(json.dumps({"cases": cases(count)}))
    return home.folder / "batch.yaml"


def as_csv(home: Home, count: int) -> Path:
    with (home.folder / "batch.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["name", "worry", "alert", "logs"])
        writer.writeheader()
        writer.writerows(cases(count))
    return home.folder / "batch.csv"


def finishes_each_case_once(home: Home, file: Path, count: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(2):
        home.killed(file, chance.randint(4, 4 * count))

    assert home.start(file).wait(PATIENCE) == 0

    names = {f"case-{number}" for number in range(count)}
    done = json.loads((home.folder / "out/batch.json").read_text())["rows"]
    bodies = [json.loads(body) for (body,) in home.query("SELECT body FROM cases")]
    assert Counter(row["name"] for row in done) == Counter(names)
    assert Counter(row["case"] for row in done) == Counter(body["handle"] for body in bodies)
    assert {body["run"] for body in bodies} == {"finished"}
    assert {path.parent.name for path in (home.folder / "out").glob("*/case.json")} == names
    with (home.folder / "out/summary.csv").open() as summary:
        assert [row["name"] for row in csv.DictReader(summary)] == [f"case-{number}" for number in range(count)]
    assert not list((home.folder / "out").rglob("*.part"))


def test_a_batch_that_is_killed_twice_finishes_each_case_once(tmp_path: Path) -> None:
    home = Home(tmp_path)

    finishes_each_case_once(home, as_yaml(home, 3), 3, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("write", [as_yaml, as_csv])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_cases_killed_twice_finish_once_each(tmp_path: Path, write, seed: int) -> None:
    home = Home(tmp_path)

    finishes_each_case_once(home, write(home, 20), 20, seed)
