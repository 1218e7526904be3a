"""Reading new files into the store: known ones skipped, the rest in jobs over worker processes, resumable."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from importlib import import_module
from pathlib import Path
from threading import Thread

from investigator.domain.progress import Progress
from investigator.evidence.faults import on_disk
from investigator.evidence.jobs import WORKERS, FileRead, JobDone, Seen, jobs_of
from investigator.evidence.manifest import Manifest
from investigator.evidence.sweeping import sweep
from investigator.evidence.workers import pool, read
from investigator.ports.progress import ProgressSink

SMALL = 8 * 2**20
"""Bytes below which a worker process costs more than it gives."""


class Indexer:
    """Adds files to one store."""

    def __init__(self, manifest: Manifest, parts: Path, progress: ProgressSink) -> None:
        self._manifest = manifest
        self._parts = parts
        self._report = _Meter(progress)

    def read(self, files: Sequence[Seen]) -> dict[str, FileRead]:
        """What became of each file, by path; raises Stopped between two jobs, finished ones are kept."""
        known = self._manifest.known(files)
        new = [seen for seen in files if seen.path not in known]
        sizes = self._manifest.sizes() if new else frozenset[int]()
        moved = [seen for seen in new if seen.size in sizes and self._is_known_content(seen)]
        known.update(self._manifest.known(moved))
        with on_disk(self._parts):
            sweep(self._parts, self._manifest.parts())
        jobs = list(jobs_of([seen for seen in new if seen.path not in known]))
        self._report.begin(sum(len(job) for job in jobs), sum(seen.size for job in jobs for seen in job))
        for done in self._done(jobs):
            self._manifest.add(done)
            known.update((read.seen.path, read) for read in done.files)
            self._report.add(done)
        return known

    def _is_known_content(self, seen: Seen) -> bool:
        try:
            with Path(seen.path).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return False
        return self._manifest.recognise(seen, sha256)

    def _done(self, jobs: Sequence[tuple[Seen, ...]]) -> Iterator[JobDone]:
        if sum(seen.size for job in jobs for seen in job) < SMALL:
            yield from (read(job, str(self._parts)) for job in jobs)
            return
        Thread(target=import_module, args=("investigator.evidence.repeats",), daemon=True).start()  # needed at the end
        with pool(self._parts, len(jobs)) as workers:
            waiting = list(reversed(jobs))
            running: set[Future[JobDone]] = set()
            while waiting or running:
                while waiting and len(running) < 2 * WORKERS:
                    running.add(workers.submit(read, waiting.pop(), str(self._parts)))
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()


class _Meter:
    """Progress in events and files, with the rate and the time left."""

    def __init__(self, progress: ProgressSink) -> None:
        self._progress = progress
        self._files = self._bytes = self._done_files = self._done_bytes = self._events = 0
        self._start = time.monotonic()

    def begin(self, files: int, size: int) -> None:
        self._files, self._bytes, self._start = files, size, time.monotonic()
        if files:
            self._progress(Progress(kind="progress", text="reading log files", total=files, unit="files"))

    def add(self, done: JobDone) -> None:
        self._done_files += len(done.files)
        self._done_bytes += sum(read.seen.size for read in done.files)
        self._events += sum(read.records for read in done.files)
        seconds = max(time.monotonic() - self._start, 1e-6)
        left = (self._bytes - self._done_bytes) * seconds / self._done_bytes if self._done_bytes else None
        text = f"{self._done_files:,} of {self._files:,} files"
        self._progress(
            Progress(
                kind="progress", text=text, done=self._events, unit="events", rate=self._events / seconds,
                seconds_left=left,
            )
        )  # fmt: skip


def as_named(read: FileRead) -> FileRead:
    """A file that the user named is refused, not skipped, when it is no CloudTrail."""
    is_foreign = read.status == "skip" and read.reason == "not_cloudtrail"
    return read._replace(status="reject") if is_foreign else read
