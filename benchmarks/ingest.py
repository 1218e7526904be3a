"""Ingest beside DuckDB's read_json into the same columns, on the same files, in turn.

`python -m benchmarks.ingest [EVENTS] [EVENTS_PER_FILE] [ROUNDS]` prints events a second, the ratio and peak memory.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.corpus import write
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet

OURS = "from benchmarks.ingest import ours; ours({stores!r}, {logs!r})"
THEIRS = "from benchmarks.ingest import theirs; theirs({logs!r}, {out!r})"
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


def ours(stores: str, logs: str) -> None:
    """Read the files into an evidence store."""
    EvidenceLibrary(Path(stores)).index([Path(logs)], quiet)


def theirs(logs: str, out: str) -> None:
    """The same columns by DuckDB alone: no check of repeated keys, no hashes, no places, no folding."""
    duckdb.sql("SET enable_progress_bar = false")
    duckdb.sql(_COPY.format(logs=logs, record=_RECORD, out=out))


def measured(code: str) -> tuple[float, int]:
    """Wall seconds and the peak of memory over all processes, in MiB, of a run in a process of its own."""
    start = time.monotonic()
    run = subprocess.Popen([sys.executable, "-c", f"if __name__ == '__main__':\n    {code}"], start_new_session=True)
    peak = 0
    while run.poll() is None:
        peak = max(peak, _resident(run.pid))
        time.sleep(0.05)
    if run.returncode:
        raise SystemExit(f"failed: {code}")
    return time.monotonic() - start, peak


def _resident(session: int) -> int:
    listed = subprocess.run(["ps", "-A", "-o", "sess=,rss=,pgid="], capture_output=True, text=True, check=True).stdout
    rows = re.findall(r"^\s*(\S+)\s+(\d+)\s+(\d+)", listed, re.MULTILINE)
    return sum(int(rss) for sess, rss, group in rows if str(session) in (sess, group)) // 1024


def main(arguments: list[str]) -> None:
    events, per_file, rounds = (int(value) for value in (*arguments, *("200000", "2000", "3")[len(arguments) :]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs = str(folder / "logs")
        size = sum(path.stat().st_size for path in write(folder / "logs", events, per_file))
        print(f"{events:,} events, {per_file:,} a file, {size / 2**20:.0f} MiB packed")
        best = {"ours": 0.0, "DuckDB": 0.0}
        for number in range(rounds):
            runs = {
                "ours": OURS.format(stores=str(folder / f"stores-{number}"), logs=logs),
                "DuckDB": THEIRS.format(logs=logs, out=str(folder / f"{number}.parquet")),
            }
            for who, code in runs.items():
                seconds, peak = measured(code)
                best[who] = max(best[who], events / seconds)
                print(f"{who:>7}: {events / seconds:>10,.0f} events/s, {seconds:6.1f} s, {peak:,} MiB")
        stored = sum(path.stat().st_size for path in (folder / "stores-0" / "parts").iterdir())
        print(f"ratio of the best rounds: {best['ours'] / best['DuckDB']:.1f}; store / packed: {stored / size:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
