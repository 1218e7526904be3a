"""Stores that are in use, damaged or torn, and files that change: clear words, nothing doubled, nothing half stored."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from investigator.domain.search import Search
from investigator.evidence.faults import StoreFault
from investigator.evidence.jobs import JobDone
from investigator.evidence.library import EvidenceLibrary
from investigator.evidence.manifest import Manifest
from investigator.evidence.walk import walk
from investigator.evidence.work import read_job
from investigator.ports.progress import quiet

from .killing import held, large_logs, small_logs
from .trails import record, trail, write

CHECKOUT = str(Path(__file__).parents[2])


@pytest.mark.parametrize("write_logs", [small_logs, large_logs], ids=["one process", "workers"])
def test_four_processes_that_index_the_same_files_at_once(write_logs: Callable[[Path], Path], tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs")
    whole = held(logs, tmp_path / "alone")
    command = [sys.executable, "-m", "investigator", "logs", "index", str(logs), "--store", str(tmp_path / "store")]

    runs = [subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL) for _ in range(4)]

    assert [run.wait() for run in runs] == [0, 0, 0, 0]
    assert held(logs, tmp_path / "store") == whole


def test_a_snapshot_reads_the_same_while_others_are_written(tmp_path: Path, library: EvidenceLibrary) -> None:
    first = write(tmp_path / "first.json", trail(*(record(number) for number in range(50))))
    snapshot = library.open(library.pin([first]))
    before = list(snapshot.events(Search()))
    writer = threading.Thread(target=library.index, args=([small_logs(tmp_path / "logs")], quiet))

    writer.start()
    reads = [list(library.open(library.pin([first])).events(Search())) for _ in range(5)]
    writer.join()

    assert all(read == before for read in (*reads, list(snapshot.events(Search()))))


def test_a_store_that_another_process_keeps_locked_is_told(tmp_path: Path) -> None:
    path = tmp_path / "manifest.sqlite"
    manifest = Manifest(path, patience=0.01)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreFault, match=r"manifest\.sqlite: another process is writing into it"):
            manifest.add(JobDone())


@pytest.mark.parametrize("content", [b"no database" * 1_000, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_damaged_manifest_is_told(content: bytes, tmp_path: Path, library: EvidenceLibrary) -> None:
    write(tmp_path / "stores/manifest.sqlite", content)

    with pytest.raises(StoreFault, match="the store is damaged"):
        library.index([write(tmp_path / "log.json", trail(record()))], quiet)


def test_a_manifest_in_whose_place_a_folder_stands_is_told(tmp_path: Path, library: EvidenceLibrary) -> None:
    (tmp_path / "stores/manifest.sqlite").mkdir(parents=True)

    with pytest.raises(StoreFault, match="it cannot be written"):
        library.index([write(tmp_path / "log.json", trail(record()))], quiet)


def test_a_part_that_is_gone_is_told(tmp_path: Path, library: EvidenceLibrary) -> None:
    snapshot = library.pin([write(tmp_path / "log.json", trail(record()))])
    for part in (tmp_path / "stores/parts").iterdir():
        part.unlink()

    with pytest.raises(StoreFault, match="the store is damaged"):
        library.open(snapshot)


def test_an_original_that_changed_is_not_read_in_place_of_the_evidence(
    tmp_path: Path, library: EvidenceLibrary
) -> None:
    """Two events with one id are told apart by their records, which the files do not hold any more."""
    first = write(tmp_path / "a.json", trail(record(1, eventName="GetUser")))
    other = write(tmp_path / "b.json", trail(record(1, eventName="PutUser")))
    library.index([first], quiet)
    library.index([other], quiet)
    for path in (first, other):
        path.write_bytes(path.read_bytes().replace(b"GetUser", b"Changed").replace(b"PutUser", b"Changed"))

    events = list(library.open(library.everything()).events(Search()))

    assert sorted(event.name for event in events) == ["GetUser", "PutUser"]


@pytest.mark.parametrize("times", [1, 10_000])
def test_a_large_file_that_changes_is_read_once_more_and_its_copy_is_whole(times: int, tmp_path: Path) -> None:
    changing = write(
        tmp_path / "a.json", trail(*(record(number, requestParameters="x" * 9_000) for number in range(400)))
    )
    copy = write(tmp_path / "b.json", changing.read_bytes())
    files = tuple(met.seen for met in walk([changing, copy]).files)
    stop = threading.Event()
    touching = threading.Thread(target=touched, args=(changing, times, stop))
    touching.start()

    done = read_job(files, str(tmp_path))
    stop.set()
    touching.join()

    [a, b] = done.files
    assert (a.status, a.reason) in {("ok", None), ("reject", "changed_during_read")}
    assert (b.status, b.records) == ("ok", 400)
    assert sum(count for part in done.parts for _, count in part.rows) == 400


def touched(path: Path, times: int, stop: threading.Event) -> None:
    for number in range(times):
        os.utime(path, ns=(number, number))
        if stop.wait(0.001):
            return


def test_files_that_vanish_while_a_folder_is_read_are_told(tmp_path: Path, library: EvidenceLibrary) -> None:
    logs = tmp_path / "logs"
    stays = write(logs / "stays.json", trail(record()))
    stop = threading.Event()
    churning = threading.Thread(target=churn, args=(logs, stop))
    churning.start()

    reports = [library.index([logs], quiet) for _ in range(40)]
    stop.set()
    churning.join()

    assert {file.status for report in reports for file in report.files if file.path == stays.name} == {"ok"}
    assert {file.reason for report in reports for file in report.files} <= {
        None,
        "vanished",
        "changed_since_read",
        "unreadable",
        "changed_during_read",
        "empty",
    }


def churn(folder: Path, stop: threading.Event) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        path = write(folder / f"{number % 7}.json", trail(record(number)))
        path.unlink()
