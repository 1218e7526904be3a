"""Indexing in a process that is killed with -9: when, and what a store must then still hold."""

import gzip
import multiprocessing
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from investigator.domain.index_report import IndexReport
from investigator.domain.search import Search
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet

from .trails import Json, record, trail, write

Point = Callable[[Path], bool]
"""Whether a store has come to where its writer is to be killed."""
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["investigator.evidence.library", "investigator.evidence.parquet"])


def index(logs: Path, store: Path) -> IndexReport:
    return EvidenceLibrary(store).index([logs], quiet)


def killed_at(point: Point, logs: Path, store: Path) -> bool:
    """Index until the point, then kill; False when indexing was quicker."""
    child = _PROCESSES.Process(target=index, args=(logs, store))
    child.start()
    while child.is_alive() and not point(store):
        time.sleep(0.0003)
    child.kill()
    child.join()
    return child.exitcode == -9


def after(seconds: float) -> Point:
    """A point in time from now on."""
    end = time.monotonic() + seconds
    return lambda _: time.monotonic() > end


def file_there(pattern: str) -> Point:
    return lambda store: next(store.glob(pattern), None) is not None


def row_there(table: str) -> Point:
    def is_there(store: Path) -> bool:
        try:
            with closing(sqlite3.connect(f"file:{store / 'manifest.sqlite'}?mode=ro", uri=True)) as manifest:
                return bool(manifest.execute(f"SELECT 1 FROM {table}").fetchone())
        except sqlite3.Error:
            return False

    return is_there


POINTS: dict[str, Point] = {
    "the folder is made": file_there("parts"),
    "the manifest is made": file_there("manifest.sqlite"),
    "its first table is there": row_there("sqlite_master"),
    "a part is half written": file_there("parts/.*"),
    "a part is renamed": file_there("parts/*.parquet"),
    "a job is recorded": row_there("part_sizes"),
    "copies are half written": file_there("snapshots/.*"),
    "copies are written": file_there("snapshots/*.parquet"),
    "the snapshot is pinned": row_there("snapshots"),
}


@dataclass(frozen=True)
class Held:
    """All that a store gives of some files, and what its own tables must agree on."""

    report: dict[str, Any]
    snapshot: str
    events: tuple[str, ...]
    contents: tuple[tuple[str, int], ...]
    faults: tuple[str, ...]


def held(logs: Path, store: Path) -> Held:
    """Index to the end, and look at everything."""
    report = index(logs, store)
    library = EvidenceLibrary(store)
    snapshot = library.pin([logs])
    evidence = library.open(snapshot)
    found = list(evidence.events(Search()))
    places = evidence.places([event.id for event in found])
    return Held(
        report=report.model_dump(mode="json", exclude={"seconds"}),
        snapshot=snapshot,
        events=tuple(f"{event!r} {places[event.id]!r}" for event in found),
        contents=query(store, "SELECT sha256, sum(rows) FROM parts GROUP BY sha256 ORDER BY sha256"),
        faults=tuple(_faults(store)),
    )


def query(store: Path, sql: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(store / "manifest.sqlite")) as manifest:
        return tuple(manifest.execute(sql))


def _faults(store: Path) -> list[str]:
    [(verdict,)] = query(store, "PRAGMA integrity_check")
    uneven = query(
        store,
        "SELECT sha256 FROM contents c WHERE records <>"
        " (SELECT coalesce(sum(rows), 0) FROM parts p WHERE p.sha256 = c.sha256)",
    )
    gone = [name for (name,) in query(store, "SELECT name FROM part_sizes") if not (store / "parts" / name).exists()]
    return [*([] if verdict == "ok" else [verdict]), *map(str, uneven), *gone]


def small_logs(folder: Path) -> Path:
    """Thirty files, read in one process: repeated files, repeated events, two events with one id."""
    for number in range(30):
        first = number * 20
        rows: list[Json] = [record(first + row) for row in range(25)]
        write(folder / f"{number:02d}.json.gz", trail(*rows))
    write(folder / "again.json.gz", gzip.decompress((folder / "07.json.gz").read_bytes()))
    write(folder / "other.json", trail(record(5, eventName="DeleteUser"), record(9, awsRegion="eu-west-1")))
    return folder


def large_logs(folder: Path) -> Path:
    """Enough for worker processes and three jobs: 24 MB in gzip files that are stored and not packed."""
    chance = random.Random(4)
    for number in range(6):
        rows = [
            record(number * 90 + row, requestParameters={"pad": chance.randbytes(22_500).hex()}) for row in range(90)
        ]
        write(folder / f"{number}.json.gz", b"").write_bytes(gzip.compress(trail(*rows), compresslevel=0))
    write(folder / "other.json", trail(record(5, eventName="DeleteUser"), record(900)))
    return folder
