"""Reading one job's files into parts; runs in a worker process, or in ours when there is little to do."""

import gc
import hashlib
import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from pathlib import Path

from investigator.evidence.batch import Batch
from investigator.evidence.faults import StoreFault, on_disk
from investigator.evidence.finish import Part
from investigator.evidence.jobs import FileRead, JobDone, PartWritten, Seen
from investigator.evidence.memory import reuse_memory
from investigator.evidence.opening import CHANGED, NotRead, opened, small_content
from investigator.evidence.parquet import write_part
from investigator.evidence.readers.reading import Reading
from investigator.evidence.schema import SCHEMA
from investigator.evidence.sources import Source

PART_ROWS = 100_000
PART_BYTES = 96 * 2**20
"""Bytes of records after which a part is written, so that memory does not grow with the input."""


def prepare_worker() -> None:
    """A worker makes no reference cycles worth collecting, leaves Ctrl-C to its parent, and ends with it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()
    reuse_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with_parent() -> None:
    """A killed parent cannot end its workers, and they would wait for its next order for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def read_job(files: tuple[Seen, ...], folder: str) -> JobDone:
    """Read the files and write their parts into `folder`.

    A file that changes meanwhile may have given rows of two states, so that its whole job is done again; one that
    changes again is refused.
    """
    torn: Counter[Seen] = Counter()
    while True:
        try:
            return _Job(Path(folder), {seen for seen, times in torn.items() if times > 1}).run(files)
        except _Torn as change:
            torn[change.seen] += 1


class _Torn(Exception):
    def __init__(self, seen: Seen) -> None:
        super().__init__(CHANGED)
        self.seen = seen


@dataclass(slots=True)
class _Opened:
    """A file that was read; its verdict waits until all of its rows have become columns."""

    reading: Reading
    source: Source

    def verdict(self, seen: Seen) -> FileRead:
        finding, records = self.reading.finding, self.source.records
        status, reason = self.reading.verdict(records)
        quarantined = finding.quarantined + finding.strangers if status == "partial" else 0
        words = tuple(sorted(finding.flags)) if status in ("ok", "partial") else ()
        where = finding.offset if status == "partial" else None
        return FileRead(seen, status, self.source.sha256, records, quarantined, words, reason, where)


class _Job:
    def __init__(self, folder: Path, refused: Collection[Seen]) -> None:
        self._folder = folder
        self._refused = refused
        self._batch = Batch()
        self._done = JobDone()
        self._contents: dict[str, _Opened] = {}

    def run(self, files: tuple[Seen, ...]) -> JobDone:
        """Raises _Torn."""
        found = list(map(self._read, files))
        self._flush()
        pairs = zip(files, found, strict=True)
        self._done.files = [one.verdict(seen) if isinstance(one, _Opened) else one for seen, one in pairs]
        return self._done

    def _read(self, seen: Seen) -> _Opened | FileRead:
        if seen in self._refused:
            return FileRead(seen, "reject", reason=CHANGED)
        try:
            small = small_content(seen.path)
            if small is not None:
                return self._content(BytesIO(small))
            with opened(seen.path) as file:
                return self._content(file)
        except NotRead as why:
            if why.reason == CHANGED:
                raise _Torn(seen) from None
            return FileRead(seen, why.status, reason=why.reason)
        except StoreFault:
            raise
        except OSError:  # of the file: the store's own trouble has a name
            return FileRead(seen, "reject", reason="unreadable")

    def _content(self, file: BufferedReader | BytesIO) -> _Opened:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if sha256 not in self._contents:
            reading = Reading(file)
            self._contents[sha256] = _Opened(reading, Source(sha256, reading.finding))
            self._take(self._contents[sha256])
        return self._contents[sha256]

    def _take(self, one: _Opened) -> None:
        for rows in one.reading.rows():
            one.source.finding = one.reading.finding
            self._batch.add(one.source, rows)
            if len(self._batch) >= PART_ROWS or self._batch.bytes >= PART_BYTES:
                self._flush()

    def _flush(self) -> None:
        batch, self._batch = self._batch, Batch()
        batch.settle()
        if not len(batch):
            return
        first_row = int(batch.places[0][0, 0])
        name = hashlib.sha256(f"{SCHEMA} {first_row} {batch.files}".encode()).hexdigest()[:32] + ".parquet"
        with on_disk(self._folder):
            write_part(Part(batch), self._folder / name)
        self._done.parts.append(PartWritten(name, tuple(batch.files)))
