"""One stolen key among many events: the files are indexed, then a new process investigates the key.

`python -m benchmarks.one_key [EVENTS]` prints seconds and peak memory of both.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import STOLEN, write
from benchmarks.measuring import measured
from investigator.domain.case import OpenCase, Sources
from investigator.settings import Settings
from investigator.wiring import build

INDEX = "from benchmarks.ingest import ours; ours({logs!r}, {out!r})"
CASE = "from benchmarks.one_key import investigate; investigate({folder!r}, {key!r})"


def investigate(folder: str, key: str) -> None:
    """A whole case on that key over the indexed files."""
    root = Path(folder)
    investigation = build(Settings(case_dir=root / "cases", store=root / "stores"))
    sources = Sources(logs=(root / "logs",))
    handle = investigation.open(OpenCase(worry=f"The access key {key} leaked", sources=sources, ask=False)).id
    investigation.run(handle)
    document = investigation.document(handle)
    print(f"verdict {document.verdict.value}, {len(document.timeline)} timeline entries, {len(document.claims)} claims")


def main(arguments: list[str]) -> None:
    events = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in write(folder / "logs", events):
            pass
        cost = measured(INDEX.format(logs=str(folder / "logs"), out=str(folder / "stores")))
        print(f"indexed {events:,} events: {cost.line(events)}")
        cost = measured(CASE.format(folder=name, key=STOLEN))
        print(f"one key investigated: {cost.seconds:.1f} s, {cost.cpu:.1f} CPU s, {cost.peak:,} MiB")


if __name__ == "__main__":
    main(sys.argv[1:])
