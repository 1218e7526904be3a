"""Reading one job's files into parts; runs in a worker process, or in ours when there is little to do."""

import gc
import hashlib
import signal
from dataclasses import replace
from io import BufferedReader
from pathlib import Path

from investigator.evidence.batch import Batch
from investigator.evidence.finish import Part
from investigator.evidence.jobs import FileRead, JobDone, PartWritten, Seen
from investigator.evidence.opening import CHANGED, NotRead, opened
from investigator.evidence.parquet import write_part
from investigator.evidence.readers.reading import Reading
from investigator.evidence.schema import SCHEMA

PART_ROWS = 100_000
PART_BYTES = 128 * 2**20
"""Bytes of records after which a part is written, so that memory does not grow with the input."""


def prepare_worker() -> None:
    """A worker makes no reference cycles worth collecting, and leaves Ctrl-C to its parent."""
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def read_job(files: tuple[Seen, ...], folder: str) -> JobDone:
    """Read the files and write their parts into `folder`."""
    return _Job(Path(folder)).run(files)


class _Job:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._batch = Batch()
        self._done = JobDone()
        self._contents: dict[str, FileRead] = {}

    def run(self, files: tuple[Seen, ...]) -> JobDone:
        self._done.files.extend(map(self._read, files))
        self._flush()
        return self._done

    def _read(self, seen: Seen) -> FileRead:
        """One file; one that changes meanwhile is read once more."""
        read = self._attempt(seen)
        return self._attempt(seen) if read.reason == CHANGED else read

    def _attempt(self, seen: Seen) -> FileRead:
        try:
            with opened(seen.path) as file:
                return self._content(seen, file)
        except NotRead as why:
            return FileRead(seen, why.status, reason=why.reason)

    def _content(self, seen: Seen, file: BufferedReader) -> FileRead:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if sha256 in self._contents:
            return replace(self._contents[sha256], seen=seen)
        reading = Reading(file)
        records = self._take(sha256, reading)
        finding = reading.finding
        status, reason = reading.verdict(records)
        quarantined = finding.quarantined + finding.strangers if status == "partial" else 0
        words = tuple(sorted(finding.flags)) if status in ("ok", "partial") else ()
        where = finding.offset if status == "partial" else None
        read = FileRead(seen, status, sha256, records, quarantined, words, reason, where)
        self._contents[sha256] = read
        return read

    def _take(self, sha256: str, reading: Reading) -> int:
        records = 0
        for rows in reading.rows():
            refused = self._batch.add(sha256, rows)
            for reason, offset in refused:
                reading.finding.refuse(reason, offset)
            records += len(rows) - len(refused)
            if len(self._batch) >= PART_ROWS or self._batch.bytes >= PART_BYTES:
                self._flush()
        return records

    def _flush(self) -> None:
        if not len(self._batch):
            return
        batch, self._batch = self._batch, Batch()
        first_row = int(batch.places[0][0, 0])
        name = hashlib.sha256(f"{SCHEMA} {first_row} {batch.files}".encode()).hexdigest()[:32] + ".parquet"
        write_part(Part(batch), self._folder / name)
        self._done.parts.append(PartWritten(name, tuple(batch.files)))
