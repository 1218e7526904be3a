"""Ingest beside DuckDB's read_json and beside orjson into SQLite, on the same files, in turn.

`python -m benchmarks.ingest [--events N] [--rounds N] [--logs FOLDER] [--large]` prints seconds, CPU seconds, events a
second and peak memory of each, their ratios, and what small files, a second run and more events cost.
"""

import argparse
import gzip
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Sequence
from operator import itemgetter
from pathlib import Path

import duckdb

from benchmarks.corpus import write
from benchmarks.measuring import Cost, busy, measured
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet

CALL = "from benchmarks.ingest import {who}; {who}({logs!r}, {out!r})"
SMALL_EVENTS, SMALL_FILE, USUAL_FILE = 200_000, 5, 2_000
_RECORD = (
    "STRUCT(eventVersion VARCHAR, userIdentity JSON, eventTime TIMESTAMP, eventSource VARCHAR, eventName VARCHAR,"
    " awsRegion VARCHAR, sourceIPAddress VARCHAR, userAgent VARCHAR, errorCode VARCHAR, errorMessage VARCHAR,"
    " requestParameters JSON, responseElements JSON, additionalEventData JSON, requestID VARCHAR, eventID VARCHAR,"
    " readOnly BOOLEAN, resources JSON, eventType VARCHAR, managementEvent BOOLEAN, recipientAccountId VARCHAR,"
    " sharedEventID VARCHAR, vpcEndpointId VARCHAR, eventCategory VARCHAR, tlsDetails JSON)[]"
)
_COPY = """
COPY (
  SELECT r.*, r.userIdentity->>'$.type' AS identity, r.userIdentity->>'$.arn' AS arn,
    r.userIdentity->>'$.userName' AS "user", r.userIdentity->>'$.accessKeyId' AS key,
    r.userIdentity->>'$.sessionContext.sessionIssuer.arn' AS issuer,
    r.userIdentity->>'$.sessionContext.attributes.creationDate' AS session_start,
    coalesce(r.responseElements->>'$.credentials.accessKeyId', r.responseElements->>'$.accessKey.accessKeyId')
      AS issued_key,
    filename
  FROM (
    SELECT unnest(Records) AS r, filename
    FROM read_json('{logs}/**/*.gz', columns = {{Records: '{record}'}}, filename = true,
      maximum_object_size = 268435456)
  ) ORDER BY r.eventTime
) TO '{out}' (FORMAT parquet, COMPRESSION zstd)
"""
_FOURTEEN = (
    "eventID", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode",
    "recipientAccountId", "readOnly",
)  # fmt: skip
_INDEXED = ("eventTime", "eventName", "sourceIPAddress", "arn", "key", "recipientAccountId")


def ours(logs: str, out: str) -> None:
    """Read the files into an evidence store."""
    EvidenceLibrary(Path(out)).index([Path(logs)], quiet)


def read_json(logs: str, out: str) -> None:
    """The same columns by DuckDB alone: no check of repeated keys, no hashes, no places, no folding."""
    duckdb.sql("SET enable_progress_bar = false")
    duckdb.sql(_COPY.format(logs=logs, record=_RECORD, out=out))


def sqlite(logs: str, out: str) -> None:
    """Fourteen columns and six indexes by orjson and SQLite: no nested value, no check, no hashes."""
    database = sqlite3.connect(out)
    database.execute("PRAGMA synchronous = OFF")
    columns = (*_FOURTEEN, "identity", "arn", "key", "path")
    database.execute(f"CREATE TABLE events ({', '.join(columns)})")
    insert = f"INSERT INTO events VALUES ({', '.join('?' * len(columns))})"
    for path in sorted(Path(logs).rglob("*.gz")):
        database.executemany(insert, _fourteen(path))
    for column in _INDEXED:
        database.execute(f"CREATE INDEX by_{column} ON events ({column})")
    database.commit()


def _fourteen(path: Path) -> Iterable[tuple[object, ...]]:
    import orjson  # noqa: PLC0415  (only this comparison needs it)

    get = itemgetter(*_FOURTEEN)
    for record in orjson.loads(gzip.decompress(path.read_bytes()))["Records"]:
        identity = record["userIdentity"]
        yield (
            *get(dict.fromkeys(_FOURTEEN) | record), identity.get("type"), identity.get("arn"),
            identity.get("accessKeyId"), path.name,
        )  # fmt: skip


def compared(logs: Path, folder: Path, rounds: int) -> None:
    """The three ways in turn, and their ratios by wall and by CPU seconds over all rounds."""
    files = list(logs.rglob("*.gz"))
    size = sum(path.stat().st_size for path in files)
    events = EvidenceLibrary(folder / "counted").index([logs], quiet).records
    print(f"{events:,} events in {len(files):,} files, {size / 2**20:.0f} MiB packed")
    costs: dict[str, list[Cost]] = {"ours": [], "read_json": [], "sqlite": []}
    for number in range(rounds):
        for who, runs in costs.items():
            runs.append(measured(CALL.format(who=who, logs=str(logs), out=str(folder / f"{who}-{number}"))))
            print(f"{who:>10}: {runs[-1].line(events)}; {busy()}")
    for who in ("read_json", "sqlite"):
        wall = min(run.seconds for run in costs[who]) / min(run.seconds for run in costs["ours"])
        cpu = min(run.cpu for run in costs[who]) / min(run.cpu for run in costs["ours"])
        print(f"{who} / ours: {wall:.1f} x by wall seconds, {cpu:.1f} x by CPU seconds (best of {rounds})")
    stored = sum(path.stat().st_size for path in (folder / "ours-0").rglob("*") if path.is_file())
    print(f"store / packed files: {stored / size:.2f}")


def small_files(folder: Path, start_up: Cost) -> None:
    """Five events a file beside two thousand, without the start of the processes."""
    costs: list[float] = []
    for per_file in (USUAL_FILE, SMALL_FILE):
        logs = folder / f"of-{per_file}"
        events = sum(1 for _ in write(logs, SMALL_EVENTS, per_file)) and SMALL_EVENTS
        cost = measured(CALL.format(who="ours", logs=str(logs), out=str(folder / f"small-{per_file}")))
        costs.append(cost.cpu - start_up.cpu)
        print(f"{per_file:>10,} events a file: {cost.line(events)}")
    print(f"five events a file / {USUAL_FILE:,}: {costs[1] / costs[0]:.1f} x the CPU seconds an event")


def second_run(logs: Path, folder: Path, start_up: Cost) -> None:
    """A run over all files after a hundredth of them is new."""
    files = sorted(logs.rglob("*.gz"))
    new, known = files[::100], [path for number, path in enumerate(files) if number % 100]
    costs = [
        measured(CALL.format(who="ours", logs=str(_linked(some, logs, folder / "grown")), out=str(folder / "again")))
        for some in (known, new)
    ]
    share = (costs[1].cpu - start_up.cpu) / (costs[0].cpu - start_up.cpu)
    print(f"after 1 % new files: {costs[1].seconds:.1f} s, {share:.1%} of the full CPU seconds, start-up aside")


def _linked(files: Sequence[Path], root: Path, folder: Path) -> Path:
    for path in files:
        link = folder / path.relative_to(root)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.write_bytes(path.read_bytes())
    return folder


def grown(logs: Path, folder: Path, start_up: Cost) -> None:
    """Five times as many events beside these: seconds an event, and memory."""
    costs: list[tuple[float, Cost]] = []
    for place in (logs, _five_fold(logs, folder)):
        cost = measured(CALL.format(who="ours", logs=str(place), out=str(folder / f"grown-{place.name}")))
        costs.append((cost.cpu - start_up.cpu, cost))
    drift = costs[1][0] / costs[0][0] / 5 - 1
    print(f"five times the events: {drift:+.1%} CPU seconds an event, {costs[1][1].peak:,} MiB")


def _five_fold(logs: Path, folder: Path) -> Path:
    """The same records under five event ids each."""
    for copy in range(5):
        for path in logs.rglob("*.gz"):
            text = gzip.decompress(path.read_bytes()).replace(b'"eventID":"', f'"eventID":"{copy}'.encode())
            place = folder / "five" / str(copy) / path.relative_to(logs)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(gzip.compress(text, 6, mtime=0))
    return folder / "five"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--logs", type=Path, help="a folder of CloudTrail files instead of a made one")
    parser.add_argument("--large", action="store_true", help="also five times the events")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs = chosen.logs or folder / "logs"
        if chosen.logs is None:
            for _ in write(logs, chosen.events):
                pass
        print(f"{os.cpu_count()} cores, {busy()}")
        compared(logs, folder, chosen.rounds)
        [_] = write(folder / "one", 1)
        start_up = measured(CALL.format(who="ours", logs=str(folder / "one"), out=str(folder / "started")))
        print(f"start-up with one event: {start_up.seconds:.1f} s, {start_up.cpu:.1f} CPU s")
        small_files(folder, start_up)
        second_run(logs, folder, start_up)
        if chosen.large:
            grown(logs, folder, start_up)


if __name__ == "__main__":
    main(sys.argv[1:])
