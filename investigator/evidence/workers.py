"""Worker processes that read files. They import what reading takes, not the process that starts them."""

import multiprocessing
import os
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from investigator.evidence.faults import StoreFault
from investigator.evidence.jobs import WORKERS, JobDone, Seen


def read(files: tuple[Seen, ...], folder: str) -> JobDone:
    """Read the files into parts in `folder`; runs in a worker, or in this process when there is little to do."""
    from investigator.evidence.work import read_job  # noqa: PLC0415

    return read_job(files, folder)


@contextmanager
def pool(store: Path, jobs: int) -> Generator[ProcessPoolExecutor]:
    """Workers for so many jobs; raises StoreFault when one of them is ended from outside."""
    workers = ProcessPoolExecutor(
        min(WORKERS, os.cpu_count() or 1, jobs), multiprocessing.get_context("spawn"), _prepare
    )
    try:
        yield workers
    except BrokenProcessPool as broken:
        words = "a process that reads for it was ended from outside, perhaps for want of memory"
        raise StoreFault(f"{store}: {words}; run the same command again: it goes on where it stopped") from broken
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


def _prepare() -> None:
    from investigator.evidence.work import prepare_worker  # noqa: PLC0415

    prepare_worker()
