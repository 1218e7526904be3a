"""Work orders for reading files, and what comes back: plain values that cross process boundaries.

Tuples, because there are as many as files: frozen dataclasses take ten times as long to cross.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Status = Literal["ok", "partial", "reject", "skip"]

EXPANSION = 8
"""How much more a compressed byte counts than a plain one."""
JOB_WEIGHT = 80 * 2**20
JOB_FILES = 4_000
WORKERS = 2
"""One a core up to this; more memory, not more cores, is what ingest would need."""
SMALLEST = 4
"""The last jobs are at least this part of the others."""


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


def jobs_of(files: Sequence[Seen]) -> Iterator[tuple[Seen, ...]]:
    """Files in batches that give parts of a useful size: many small ones together, a large one alone.

    The last jobs are smaller, so that no worker is left with a whole one while the others have none.
    """
    left = sum(map(_weight, files))
    job: list[Seen] = []
    weight, most = 0, _most(left)
    for seen in files:
        heavy = _weight(seen)
        if job and (weight + heavy > most or len(job) == JOB_FILES):
            yield tuple(job)
            left -= weight
            job, weight, most = [], 0, _most(left)
        job.append(seen)
        weight += heavy
    if job:
        yield tuple(job)


def _weight(seen: Seen) -> int:
    return seen.size * (EXPANSION if seen.path.endswith(".gz") else 1)


def _most(left: int) -> int:
    """How heavy the next job may be when so much is left."""
    return max(JOB_WEIGHT // SMALLEST, min(JOB_WEIGHT, left // WORKERS))
