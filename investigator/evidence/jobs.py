"""Work orders for reading files, and what comes back: plain values that cross process boundaries.

Tuples, because there are as many as files: frozen dataclasses take ten times as long to cross.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Status = Literal["ok", "partial", "reject", "skip"]

JOB_BYTES = 10 * 2**20
JOB_FILES = 4_000
EXPANSION = 8
"""How much more a compressed byte counts than a plain one."""


class Seen(NamedTuple):
    """A file as the walk met it; `path` is absolute, undecodable names as surrogates."""

    path: str
    size: int
    mtime_ns: int


class FileRead(NamedTuple):
    """What became of one file."""

    seen: Seen
    status: Status
    sha256: str | None = None
    records: int = 0
    quarantined: int = 0
    flags: tuple[str, ...] = ()
    reason: str | None = None
    offset: int | None = None


class PartWritten(NamedTuple):
    """A finished part: its file name and how many rows each content has in it."""

    name: str
    rows: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class JobDone:
    files: list[FileRead] = field(default_factory=list[FileRead])
    parts: list[PartWritten] = field(default_factory=list[PartWritten])


def jobs_of(files: Iterable[Seen]) -> Iterator[tuple[Seen, ...]]:
    """Files in batches that give parts of a useful size: many small ones together, a large one alone."""
    job: list[Seen] = []
    weight = 0
    for seen in files:
        heavy = seen.size * (EXPANSION if seen.path.endswith(".gz") else 1)
        if job and (weight + heavy > JOB_BYTES * EXPANSION or len(job) == JOB_FILES):
            yield tuple(job)
            job, weight = [], 0
        job.append(seen)
        weight += heavy
    if job:
        yield tuple(job)
