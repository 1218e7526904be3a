"""Reading one job's files into parts; runs in a worker process, or in ours when there is little to do."""

import gc
import hashlib
import os
import signal
import stat
from dataclasses import replace
from pathlib import Path

from investigator.evidence.batch import Batch
from investigator.evidence.finish import Part
from investigator.evidence.jobs import FileRead, JobDone, PartWritten, Seen, Status
from investigator.evidence.parquet import write_part
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.kinds import kind_of
from investigator.evidence.readers.rows import chunks
from investigator.evidence.readers.unpack import Unpacked, is_archive, unpack

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

    def run(self, files: tuple[Seen, ...]) -> JobDone:
        contents: set[str] = set()
        for seen in files:
            self._done.files.append(self._read(seen, contents))
        self._flush()
        return self._done

    def _read(self, seen: Seen, contents: set[str]) -> FileRead:
        packed = _bytes_of(seen)
        if isinstance(packed, FileRead):
            return packed
        sha256 = hashlib.sha256(packed).hexdigest()
        if is_archive(packed[:512]):
            return FileRead(seen, "skip", sha256, reason="archive")
        if sha256 in contents:
            return replace(next(read for read in self._done.files if read.sha256 == sha256), seen=seen)
        contents.add(sha256)
        unpacked = unpack(packed)
        if unpacked.refused:
            status: Status = "skip" if unpacked.refused == "archive" else "reject"
            return FileRead(seen, status, sha256, flags=tuple(sorted(unpacked.flags)), reason=unpacked.refused)
        finding = Finding(set(unpacked.flags), unpacked.partial)
        return _verdict(seen, sha256, unpacked, finding, self._take(sha256, unpacked.text, finding))

    def _take(self, sha256: str, text: bytes, finding: Finding) -> int:
        records = 0
        for rows in chunks(text, finding):
            lost = self._batch.add(sha256, rows)
            finding.quarantined += lost
            records += len(rows) - lost
            if len(self._batch) >= PART_ROWS or self._batch.bytes >= PART_BYTES:
                self._flush()
        return records

    def _flush(self) -> None:
        if not len(self._batch):
            return
        batch, self._batch = self._batch, Batch()
        first_row = int(batch.places[0][0, 0])
        name = hashlib.sha256(f"{first_row} {batch.files}".encode()).hexdigest()[:32] + ".parquet"
        write_part(Part(batch), self._folder / name)
        self._done.parts.append(PartWritten(name, tuple(batch.files)))


def _bytes_of(seen: Seen) -> bytes | FileRead:
    """The bytes of a regular file that did not change while it was read; tried twice."""
    for _ in range(2):
        try:
            handle = os.open(os.fsencode(seen.path), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError as error:
            return FileRead(seen, "reject", reason=f"unreadable: {error.strerror}")
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                return FileRead(seen, "skip", reason="not_a_regular_file")
            packed = file.read()
            after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(packed) == after.st_size:
            return packed
    return FileRead(seen, "reject", reason="changed_during_read")


def _verdict(seen: Seen, sha256: str, unpacked: Unpacked, finding: Finding, records: int) -> FileRead:
    """What the rows of a file make of it."""
    flags = tuple(sorted(finding.flags))
    if not records and not finding.container:
        if not unpacked.text.strip(b"\xef\xbb\xbf \t\r\n\0"):
            return FileRead(seen, "reject", sha256, flags=tuple(sorted(unpacked.flags)), reason="empty")
        kind = kind_of(unpacked.text)
        return FileRead(seen, "skip", sha256, flags=tuple(sorted(unpacked.flags)), reason=kind or "not_cloudtrail")
    quarantined = finding.quarantined + finding.strangers
    if finding.partial or quarantined:
        reason = finding.partial or "quarantined"
        return FileRead(seen, "partial", sha256, records, quarantined, flags, reason)
    return FileRead(seen, "ok", sha256, records, 0, flags)
