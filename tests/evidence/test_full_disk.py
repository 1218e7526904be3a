"""Disks that are full or read-only end indexing with exit code 3 and words; the next run gives the same store."""

import gc
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from investigator.domain.search import Search
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet

from .killing import POINTS, held, killed_at, large_logs, small_logs

SOAK = bool(os.environ.get("INVESTIGATOR_SOAK"))
CHECKOUT = str(Path(__file__).parents[2])
ROOMY = "size=200m"


def logs_index(logs: Path, store: Path, largest_file: int | None = None) -> tuple[int, str]:
    """Exit code and last words of `logs index`, which may write no file larger than so many bytes."""
    command = [sys.executable, "-m", "investigator", "logs", "index", str(logs), "--store", str(store), "--json"]
    run = subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, check=False, preexec_fn=_no_file_beyond(largest_file)
    )
    return run.returncode, run.stderr.strip().rpartition("\n")[2]


def _no_file_beyond(size: int | None) -> Callable[[], None] | None:
    def limit() -> None:
        import resource  # noqa: PLC0415  (POSIX only)

        resource.setrlimit(resource.RLIMIT_FSIZE, (size or 0, size or 0))

    return None if size is None else limit


@contextmanager
def disk(folder: Path) -> Generator[Callable[[str], None]]:
    """A disk of its own at a folder, and how to mount it anew; skips where that is not allowed."""
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() or _mount("-t", "tmpfs", "-o", ROOMY, "tmpfs", str(folder)):
        pytest.skip("only root can mount a small disk, on Linux")
    try:
        yield lambda options: _remount(folder, options)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _mount(*words: str) -> int:
    return subprocess.run(["mount", *words], check=False, capture_output=True).returncode


def _remount(folder: Path, options: str) -> None:
    end = time.monotonic() + 30
    while _mount("-o", f"remount,{options}", str(folder)):
        gc.collect()  # a store that was looked at may still be open in this process
        assert time.monotonic() < end, "the disk is in use"
        time.sleep(0.1)


def is_told(outcome: tuple[int, str], store: Path, words: str) -> bool:
    return outcome[0] == 3 and str(store) in outcome[1] and words in outcome[1]


def size_of(store: Path) -> int:
    return sum(path.stat().st_size for path in store.rglob("*"))


@pytest.mark.parametrize(
    ("write_logs", "count"),
    [(small_logs, 40 if SOAK else 2), (large_logs, 10 if SOAK else 1)],
    ids=["one process", "workers"],
)
def test_a_full_disk(write_logs: Callable[[Path], Path], count: int, tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs")
    whole, chance, faults = held(logs, tmp_path / "never"), random.Random(count), 0
    store = tmp_path / "disk/store"
    with disk(tmp_path / "disk") as mounted:
        while faults < count:
            mounted(f"size={chance.randrange(4, size_of(tmp_path / 'never') // 1024)}k")
            code, words = logs_index(logs, store)
            mounted(ROOMY)
            if code != 0:
                assert is_told((code, words), store, "make room"), (code, words)
                faults += 1
            assert held(logs, store) == whole
            shutil.rmtree(store)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes here")
@pytest.mark.parametrize(
    ("write_logs", "count"),
    [(small_logs, 20 if SOAK else 1), (large_logs, 5 if SOAK else 1)],
    ids=["one process", "workers"],
)
def test_a_file_that_may_not_grow(write_logs: Callable[[Path], Path], count: int, tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs")
    whole, chance, faults = held(logs, tmp_path / "never"), random.Random(count), 0
    largest = max(path.stat().st_size for path in (tmp_path / "never").rglob("*"))
    for number in range(20 * count):
        store = tmp_path / str(number)
        code, words = logs_index(logs, store, chance.randrange(1, largest))
        if code != 0:
            assert (code, str(store) in words, "run the same command again" in words) == (3, True, True), words
            faults += 1
        assert held(logs, store) == whole
        if faults == count:
            return
    pytest.fail("no file was too large")


@pytest.mark.parametrize("_round", range(3 if SOAK else 1))
@pytest.mark.parametrize("point", list(POINTS) if SOAK else ["a job is recorded"])
def test_a_disk_that_became_read_only(point: str, _round: int, tmp_path: Path) -> None:
    logs = small_logs(tmp_path / "logs")
    whole = held(logs, tmp_path / "never")
    store = tmp_path / "disk/store"
    with disk(tmp_path / "disk") as mounted:
        killed_at(POINTS[point], logs, store)
        mounted("ro")
        outcome = logs_index(logs, store)
        mounted("rw")

        assert is_told(outcome, store, "it cannot be written"), outcome
        assert held(logs, store) == whole


def test_a_store_on_a_read_only_disk_can_be_looked_into(tmp_path: Path) -> None:
    logs = small_logs(tmp_path / "logs")
    with disk(tmp_path / "disk") as mounted:
        library = EvidenceLibrary(tmp_path / "disk/store")
        library.index([logs], quiet)
        mounted("ro")

        found = library.open(library.everything()).group(Search()).count
        again = library.open(library.pin([logs])).group(Search()).count

    assert found == again == len(held(logs, tmp_path / "never").events)
