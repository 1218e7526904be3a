"""A small pool of worker processes, kept warm: each has loaded what a run needs, and runs one case after the other.

A job is one line to a worker's standard input, `run HANDLE` or `prepare HANDLE`; its exit code is one line back. A
worker outlives the process that asked for it until the case in hand is done.
"""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread

CASES_A_WORKER = 50
"""After so many cases a worker makes room for a fresh one."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a worker is started."""

    command: Sequence[str]
    greeting: str
    """The first line it reads."""
    log: Path
    """Where its last words go, should it crash."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(eq=False, slots=True)
class Job:
    """A case to run, or only to prepare."""

    handle: str
    prepare_only: bool
    code: int | None = None


class Workers:
    """At most `size` cases at a time, never two jobs of one case; the rest waits in order."""

    def __init__(self, recipe: Recipe, size: int, died: Callable[[str, int], None]) -> None:
        """`died` is told of each case whose worker ended without an answer, and that worker's process id."""
        self._recipe = recipe
        self._size = size
        self._died = died
        self._changed = Condition()
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._hands = 0

    def warm(self) -> None:
        """Start one worker before there is a case."""
        with self._changed:
            self._more_hands()

    def launch(self, handle: str, prepare_only: bool) -> Callable[[], int | None]:
        """Give a case to a worker; what comes back asks for the exit code, None until there is one."""
        with self._changed:
            job = self._same(handle, prepare_only) or self._queued(Job(handle, prepare_only))
            if len(self._waiting) + len(self._running) > self._hands:
                self._more_hands()
            self._changed.notify_all()
        return lambda: job.code

    def _same(self, handle: str, prepare_only: bool) -> Job | None:
        """A job that does the same and has not begun; a preparation that goes on is the same, too."""
        jobs = (*self._waiting, *self._running) if prepare_only else tuple(self._waiting)
        return next((job for job in jobs if job.handle == handle and job.prepare_only is prepare_only), None)

    def _queued(self, job: Job) -> Job:
        self._waiting.append(job)
        return job

    def _more_hands(self) -> None:
        if self._hands < self._size:
            self._hands += 1
            Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        """Keep one worker, and hand it the jobs of this pool for as long as this process lives."""
        while True:
            worker = _started(self._recipe)
            for _ in range(CASES_A_WORKER):
                job = self._next()
                if worker.poll() is not None:
                    worker = _started(self._recipe)
                code = _told(worker, job)
                if code is None:
                    code = worker.wait()
                    self._died(job.handle, worker.pid)
                self._end(job, code)
            worker.communicate()  # the end of its input is the end of its work

    def _next(self) -> Job:
        with self._changed:
            while (job := self._first_free()) is None:
                self._changed.wait()
            self._waiting.remove(job)
            self._running.append(job)
            return job

    def _first_free(self) -> Job | None:
        taken = {job.handle for job in self._running}
        return next((job for job in self._waiting if job.handle not in taken), None)

    def _end(self, job: Job, code: int) -> None:
        with self._changed:
            job.code = code
            self._running.remove(job)
            self._changed.notify_all()


def _started(recipe: Recipe) -> subprocess.Popen[str]:
    with recipe.log.open("ab") as log:
        worker = subprocess.Popen(
            recipe.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **recipe.environment},
            start_new_session=True,
        )
    _say(worker, recipe.greeting)
    return worker


def _say(worker: subprocess.Popen[str], line: str) -> bool:
    """Whether the worker was there to hear it."""
    assert worker.stdin is not None
    try:
        worker.stdin.write(line + "\n")
        worker.stdin.flush()
    except BrokenPipeError:
        return False
    return True


def _told(worker: subprocess.Popen[str], job: Job) -> int | None:
    """The exit code of a job, or None when the worker ended without one."""
    assert worker.stdout is not None
    heard = _say(worker, f"{'prepare' if job.prepare_only else 'run'} {job.handle}")
    answer = worker.stdout.readline().strip() if heard else ""
    return int(answer) if answer else None
