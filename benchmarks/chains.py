"""A chain of ten roles, each assumed by the session of the one before, followed through many ordinary events.

`python -m benchmarks.chains [--events N] [--folder FOLDER]` makes and indexes the events, then prints the seconds that
linking takes for all ten hops: of one chain right after the evidence is opened, of another one warm (the columns are in
memory, but none of its events was seen before), and of that one again. Stops with an error when a hop is missing.
"""

import argparse
import gzip
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import deflate

from benchmarks.company import ACCOUNTS, LETTERS, REGIONS, START, Json
from benchmarks.corpus import write
from benchmarks.measuring import busy, measured
from benchmarks.pivot import took
from investigator.domain.entity import EntityRef
from investigator.domain.search import equals, search
from investigator.domain.words import EntityKind
from investigator.evidence.library import EvidenceLibrary
from investigator.evidence.loaded import COLUMNS
from investigator.ports.store import Snapshot
from investigator.stages.linking import link

INDEX = "from benchmarks.ingest import ours; ours({logs!r}, {out!r})"
MILLION = 1_000_000
HOPS = 10
CALLS = 5
"""What each session calls before it assumes the next role."""
ACCOUNT, REGION = ACCOUNTS[0], REGIONS[0]
AGENT, ADDRESS = "aws-cli/2.15.30", "198.51.100.40"
_KEY = re.compile(rb'"(A[KS]IA)([0-9A-Z])')
_SIGNS = LETTERS + "01"


def key_of(chain: int, hop: int) -> str:
    """The credential of a hop: the long-term key that begins the chain, then those of the sessions."""
    return f"{'ASIA' if hop else 'AKIA'}CHA1N{chain:05}{hop:06}"


def chained(chain: int) -> Iterator[tuple[datetime, Sequence[Json]]]:
    """Hop by hop, two days apart: what a credential calls, and the next role that it assumes."""
    for hop in range(HOPS):
        begin = START + timedelta(days=2 * hop + 1, hours=chain)
        calls = [_record(chain, hop, begin + timedelta(minutes=number), "s3", "ListBuckets") for number in range(CALLS)]
        yield begin, [*calls, _assuming(chain, hop, begin + timedelta(minutes=CALLS))]
    end = START + timedelta(days=2 * HOPS + 1, hours=chain)
    yield end, [_record(chain, HOPS, end, "s3", "ListBuckets")]


def _assuming(chain: int, hop: int, when: datetime) -> Json:
    arn = _session(chain, hop + 1)["arn"]
    credentials = {"accessKeyId": key_of(chain, hop + 1), "expiration": "Mar 30, 2025, 1:00:00 AM"}
    return _record(chain, hop, when, "sts", "AssumeRole") | {
        "requestParameters": {"roleArn": _role(chain, hop + 1), "roleSessionName": f"run-{hop + 1}"},
        "responseElements": {"credentials": credentials, "assumedRoleUser": {"arn": arn}},
    }


def _record(chain: int, hop: int, when: datetime, service: str, name: str) -> Json:
    return {
        "eventVersion": "1.09", "userIdentity": _session(chain, hop) if hop else _user(chain),
        "eventTime": f"{when:%Y-%m-%dT%H:%M:%SZ}", "eventSource": f"{service}.amazonaws.com", "eventName": name,
        "awsRegion": REGION, "sourceIPAddress": ADDRESS, "userAgent": AGENT, "requestParameters": None,
        "responseElements": None, "eventID": f"chain-{chain}-{hop}-{when:%d%H%M}", "readOnly": True,
        "eventType": "AwsApiCall", "managementEvent": True, "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }  # fmt: skip


def _user(chain: int) -> Json:
    name = f"chained-{chain}"
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    return {"type": "IAMUser", "accountId": ACCOUNT, "arn": arn, "accessKeyId": key_of(chain, 0), "userName": name}


def _session(chain: int, hop: int) -> Json:
    name = f"chained-{chain}-{hop}"
    issuer = {"type": "Role", "arn": _role(chain, hop), "accountId": ACCOUNT, "userName": name}
    return {
        "type": "AssumedRole", "accountId": ACCOUNT, "accessKeyId": key_of(chain, hop),
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/run-{hop}", "sessionContext": {"sessionIssuer": issuer},
    }  # fmt: skip


def _role(chain: int, hop: int) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/chained-{chain}-{hop}"


def plant(logs: Path) -> None:
    """Write both chains, a file for each hop."""
    for chain in range(2):
        for begin, records in chained(chain):
            folder = logs / "AWSLogs" / ACCOUNT / "CloudTrail" / REGION / f"{begin:%Y/%m/%d}"
            folder.mkdir(parents=True, exist_ok=True)
            name = f"{ACCOUNT}_CloudTrail_{REGION}_{begin:%Y%m%dT%H%MZ}_chain{chain}.json.gz"
            (folder / name).write_bytes(gzip.compress(json.dumps({"Records": records}).encode()))


def ordinary(logs: Path, events: int) -> None:
    """Write ordinary events file by file; above a million, each further million is the first one in other accounts."""
    for _ in write(logs / "0", min(events, MILLION)):
        pass
    repeat(logs, events // MILLION)


def repeat(logs: Path, times: int) -> None:
    """Write the files of the first million again until they are there so many times."""
    first = logs / "0"
    for copy in range(1, times):
        for path in first.rglob("*.gz"):
            place = logs / str(copy) / path.relative_to(first)
            place.parent.mkdir(parents=True, exist_ok=True)
            content = renamed(gzip.decompress(path.read_bytes()), copy)
            place.write_bytes(deflate.gzip_compress(content))  # pyright: ignore[reportUnknownMemberType]


def renamed(text: bytes, copy: int) -> bytes:
    """The same records with accounts, keys and event ids of their own."""
    for account in ACCOUNTS:
        text = text.replace(account.encode(), f"{copy:02}{account[2:]}".encode())
    turned = {sign: _SIGNS[(number + copy) % len(_SIGNS)].encode() for number, sign in enumerate(_SIGNS)}
    text = _KEY.sub(lambda found: b'"' + found[1] + turned.get(found[2].decode(), found[2]), text)
    return text.replace(b'"eventID":"', f'"eventID":"{copy}'.encode())


def follow(snapshot: Snapshot, chain: int) -> None:
    """All hops of a chain; stops the benchmark when one is missing."""
    found = link([EntityRef(kind=EntityKind.ACCESS_KEY, value=key_of(chain, 0))], snapshot)
    parents = {credential.id: credential.parent for credential in found.credentials}
    for hop in range(1, HOPS + 1):
        if parents.get(key_of(chain, hop)) != key_of(chain, hop - 1):
            raise SystemExit(f"hop {hop} of chain {chain} is missing: {parents}")


def read_columns(snapshot: Snapshot) -> None:
    """Wait until every column is in memory."""
    for name in sorted(COLUMNS):
        tuple(snapshot.distinct(search(equals("key", key_of(0, 0))), name))


def measure(store: Path) -> None:
    library = EvidenceLibrary(store)
    snapshot = library.open(library.everything())
    print(f"opened: {took(snapshot.warm)}; {busy()}")
    print(f"{HOPS} hops, columns still being read: {took(lambda: follow(snapshot, 0))}")
    read_columns(snapshot)
    print(f"{HOPS} hops of another chain, warm: {took(lambda: follow(snapshot, 1))}; at most 1 s wanted")
    print(f"the same again: {took(lambda: follow(snapshot, 1))}; {busy()}")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=MILLION, help="above a million: whole millions")
    parser.add_argument("--folder", type=Path, help="where files and store are made, and kept; used again when there")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.folder or Path(name)
        logs, store = folder / "logs", folder / "stores"
        if not store.exists():
            ordinary(logs, chosen.events)
            plant(logs)
            cost = measured(INDEX.format(logs=str(logs), out=str(store)))
            print(f"indexed {chosen.events:,} events and two chains: {cost.line(chosen.events)}", flush=True)
        measure(store)


if __name__ == "__main__":
    main(sys.argv[1:])
