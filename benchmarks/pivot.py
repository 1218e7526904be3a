"""All events of one access key: asked of the evidence store, beside a re-scan of the same files, in turn.

`python -m benchmarks.pivot [--events N] [--rounds N] [--logs FOLDER [--key KEY]] [--store FOLDER]` prints wall and CPU
seconds of a new process (from its start to the printed rows), of a process that has answered before, and of a re-scan,
with their ratios. The re-scan only counts: `ugrep -z` where it is installed, else `gzip -dc | grep -F`, as the output
says.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from typing import NamedTuple

from benchmarks.corpus import STOLEN, write
from benchmarks.measuring import busy, measured
from investigator.domain.search import Search, equals, search
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.store import Snapshot

INDEX = "from benchmarks.ingest import ours; ours({logs!r}, {out!r})"
MOST = "1000000"
"""Rows that a new process may print."""
KEYS = 9
"""Other keys that a warm process is asked for; the first is not counted."""


class Took(NamedTuple):
    """Seconds, those of all threads and finished child processes together in `cpu`."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.3f} s ({self.cpu:.3f} CPU s)"


@dataclass(frozen=True, slots=True)
class Round:
    """What each way took in one round."""

    scan: Took
    new: Took
    warm: Took
    """The median of several other keys, each asked for the first time."""
    same: Took
    """The key itself, asked for the first time in that process, after the others."""

    def line(self) -> str:
        ways = f"re-scan {self.scan}, new process {self.new}, warm {self.warm}, warm with the key itself {self.same}"
        return f"{ways}; {busy()}"


def scanning(key: str, logs: Path) -> tuple[str, Sequence[str]]:
    """The name of the peer and its command: how many lines hold the key."""
    if shutil.which("ugrep"):
        return "ugrep -z", ("ugrep", "-rzcF", key, str(logs))
    pipe = 'find "$1" -name "*.gz" -exec gzip -dc {} + | grep -cF "$0"'
    return "gzip -dc | grep -F, as ugrep is not installed", ("sh", "-c", pipe, key, str(logs))


def asking(key: str, store: Path) -> Sequence[str]:
    """The command line that prints all events of a key."""
    return (
        sys.executable,
        "-m",
        "investigator",
        "logs",
        "search",
        f"key={key}",
        "--store",
        str(store),
        "--limit",
        MOST,
    )


def took(work: Callable[[], object]) -> Took:
    wall, cpu = time.perf_counter(), _cpu()
    work()
    return Took(time.perf_counter() - wall, _cpu() - cpu)


def _cpu() -> float:
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def ran(command: Sequence[str]) -> str:
    """What a command prints; stops the benchmark when it fails."""
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"failed: {' '.join(command)}\n{run.stderr}")
    return run.stdout


def opened(store: Path) -> Snapshot:
    library = EvidenceLibrary(store)
    return library.open(library.everything())


def asked(snapshot: Snapshot, key: str) -> int:
    """How many events of a key there are; each is read whole."""
    return sum(1 for _ in snapshot.events(search(equals("key", key))))


def other_keys(store: Path, key: str, rounds: int) -> Sequence[Sequence[str]]:
    """Different keys for each round, taken evenly from all that there are."""
    keys = [found for (found,) in opened(store).distinct(Search(), "key") if found != key]
    chosen = keys[:: max(1, len(keys) // (KEYS * rounds))]
    return [chosen[number::rounds][:KEYS] for number in range(rounds)]


def warm(store: Path, key: str, others: Sequence[str]) -> tuple[Took, Took]:
    """The medians for the other keys but the first, and what the key itself takes then."""
    snapshot = opened(store)
    asked(snapshot, others[0])
    each = [took(lambda other=other: asked(snapshot, other)) for other in others[1:]]
    typical = Took(median(one.wall for one in each), median(one.cpu for one in each))
    return typical, took(lambda: asked(snapshot, key))


def compared(logs: Path, store: Path, key: str, rounds: int) -> None:
    """The three ways in turn, after each was run once without a clock."""
    peer, scan = scanning(key, logs)
    ask = asking(key, store)
    events = asked(opened(store), key)
    rows = ran(ask).count("\n") - 1
    if not events or rows != events:
        raise SystemExit(f"{key}: {events:,} events in the store, {rows:,} rows printed")
    ran(scan)
    print(f"{events:,} events of {key}; the re-scan is {peer}; {busy()}")
    found: list[Round] = []
    for others in other_keys(store, key, rounds):
        found.append(Round(took(lambda: ran(scan)), took(lambda: ran(ask)), *warm(store, key, others)))
        print(found[-1].line(), flush=True)
    _ratios(found)


def _ratios(found: Sequence[Round]) -> None:
    scan = _best([times.scan for times in found])
    ways = (
        ("new process", _best([times.new for times in found]), "1/3"),
        (f"warm, median of {KEYS - 1} keys", _best([times.warm for times in found]), "1/30"),
        ("warm, the key itself", _best([times.same for times in found]), "1/30"),
    )
    for name, taken, wanted in ways:
        shares = f"1/{scan.wall / taken.wall:.1f} of the re-scan (CPU seconds: 1/{scan.cpu / taken.cpu:.1f})"
        print(f"{name}: {shares}; at most {wanted} wanted; best of {len(found)}")


def _best(runs: Sequence[Took]) -> Took:
    return Took(min(run.wall for run in runs), min(run.cpu for run in runs))


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--logs", type=Path, help="a folder of CloudTrail files instead of a made one")
    parser.add_argument("--key", default=STOLEN, help="the key that is asked for")
    parser.add_argument("--store", type=Path, help="where these files are indexed already")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        logs, store = chosen.logs or Path(name) / "logs", chosen.store or Path(name) / "stores"
        if chosen.logs is None:
            for _ in write(logs, chosen.events):
                pass
        if chosen.store is None:
            measured(INDEX.format(logs=str(logs), out=str(store)))
        compared(logs, store, chosen.key, chosen.rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
