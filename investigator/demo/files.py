"""Writes log files as a trail delivers them: `AWSLogs/<account>/CloudTrail/<region>/YYYY/MM/DD/*.json.gz`."""

import gzip
import json
import random
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from investigator.demo.company import SEED
from investigator.demo.journal import Record

_HOURS = 4
"""One file holds the records of so many hours of one Region."""


def write_logs(folder: Path, account: str, records: Iterable[Record]) -> None:
    """The same records give the same bytes, whatever the clock says."""
    for (region, day, slot), batch in groupby(sorted(records, key=_order), key=_file):
        text = json.dumps({"Records": list(batch)}, separators=(",", ":"))
        target = folder / "AWSLogs" / account / "CloudTrail" / region / day.replace("-", "/")
        target.mkdir(parents=True, exist_ok=True)
        (target / _name(account, region, day, slot)).write_bytes(gzip.compress(text.encode(), 6, mtime=0))


def _order(record: Record) -> tuple[str, str, str]:
    return str(record["awsRegion"]), str(record["eventTime"]), str(record["eventID"])


def _file(record: Record) -> tuple[str, str, int]:
    time = str(record["eventTime"])
    return str(record["awsRegion"]), time[:10], int(time[11:13]) // _HOURS


def _name(account: str, region: str, day: str, slot: int) -> str:
    """CloudTrail's name: account, Region, a delivery time, and 16 letters and digits."""
    drawn = random.Random(f"{SEED}/{region}/{day}/{slot}")
    unique = "".join(drawn.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", k=16))
    delivered = f"{day.replace('-', '')}T{slot * _HOURS + _HOURS - 1:02d}55Z"
    return f"{account}_CloudTrail_{region}_{delivered}_{unique}.json.gz"
