"""Reading files in a child process with little memory and little time, and what it gave."""

import io
import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from investigator.evidence.batch import Batch
from investigator.evidence.readers.reading import Reading
from investigator.evidence.sources import Source

MEMORY = 600 * 2**20
"""Bytes beyond what the imports take."""
SECONDS = 20
"""Of a processor, for one file: how busy the machine is does not count."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    status: str
    reason: str | None
    records: int
    quarantined: int
    flags: frozenset[str]
    ids: tuple[str, ...]


def read_bytes(content: bytes) -> Outcome:
    """As a worker reads a file, without the store."""
    return read_open(io.BytesIO(content))


def read_path(path: Path) -> Outcome:
    with path.open("rb") as file:
        return read_open(file)


def read_open(file: Any) -> Outcome:
    reading = Reading(file)
    source = Source("0" * 64, reading.finding)
    ids: list[str] = []
    words: set[str] = set()
    for rows in reading.rows():
        source.finding = reading.finding
        batch = Batch()
        batch.add(source, rows)
        batch.settle()
        ids += batch.ids
        words.update(word for flags in batch.flags.values() for word in flags)
    status, reason = reading.verdict(source.records)
    finding = reading.finding
    lost = finding.quarantined + finding.strangers
    return Outcome(status, reason, source.records, lost, frozenset(words | finding.flags), tuple(ids))


def limited(task: Callable[..., Any], *arguments: Any) -> Any:
    """What a task gives in a child of its own whose memory is limited; raises what it raises, and when it dies."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _limit) as child:
        return child.submit(task, *arguments).result()


def each_limited(task: Callable[[Any], Any], arguments: Sequence[Any]) -> list[Any]:
    """What a task gives for each argument, all in one child; an argument that takes too long is a TimeoutError."""
    return limited(_each, task, arguments)


def _each(task: Callable[[Any], Any], arguments: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for argument in arguments:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            found.append(task(argument))
        except (TimeoutError, MemoryError) as error:
            found.append(error)
        signal.setitimer(signal.ITIMER_PROF, 0)
    return found


def _limit() -> None:
    import resource  # noqa: PLC0415  (POSIX only)

    taken = next(
        int(line.split()[1]) * 1024
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmSize")
    ) if Path("/proc/self/status").exists() else 2**31  # fmt: skip
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    signal.signal(signal.SIGPROF, _too_long)


def _too_long(*_: Any) -> None:
    raise TimeoutError(f"reading took more than {SECONDS} s of a processor")
