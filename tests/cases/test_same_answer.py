"""The same evidence gives the same document: however it is cut into files, and whatever process reads it."""

import gzip
import json
import os
import random
import subprocess
import sys

import pytest

from tests.support.incidents import WORRY, leak, leak_logs
from tests.support.investigations import Room, content, worry
from tests.support.log_files import record_of, write_log

SEEDS = range(20 if os.environ.get("INVESTIGATOR_SOAK") else 2)


def write_records(file, records):
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"Records": records}).encode()
    file.write_bytes(gzip.compress(text, mtime=0) if file.suffix == ".gz" else text)


def shuffled(folder, records, dice):
    write_records(folder / "log.json", dice.sample(records, len(records)))


def repeated(folder, records, dice):
    for name in ("log.json", "again.json", "copies/log.json"):
        write_records(folder / name, records)


def renamed(folder, records, dice):
    write_records(folder / f"{dice.randrange(10**9)}_CloudTrail_ümläut.json", records)


def split(folder, records, dice):
    for number in range(dice.randrange(3, 9)):  # a third of the records to a file, each third at least once
        part = [record for record in records if hash_of(record, dice) % 3 == number % 3]
        write_records(folder / f"{number}.json", part)


def hash_of(record, dice):
    return len(record["eventID"]) + int(record["eventID"].strip("dct:") or 0)


def recompressed(folder, records, dice):
    write_records(folder / "log.json.gz", records)


def nested(folder, records, dice):
    for number, record in enumerate(dice.sample(records, len(records))):
        write_records(folder / f"AWSLogs/{number % 3}/CloudTrail/{number % 2}/{number}.json.gz", [record])


WAYS = (shuffled, repeated, renamed, split, recompressed, nested)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    return content(Room(folder / "room").run(worry(WORRY, leak_logs(folder / "logs"))))


def test_the_incident_is_found_at_all(expected):
    document = json.loads(expected)

    assert document["verdict"]["value"] == "confirmed"
    assert all(claim["holds"] for claim in document["claims"])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_files_cut_another_way_give_the_same_document(expected, tmp_path, way, seed):
    records = [record_of(event) for event in leak()]
    way(tmp_path / "logs", records, random.Random(seed))

    assert content(Room(tmp_path / "room").run(worry(WORRY, tmp_path / "logs"))) == expected


def test_a_missing_record_does_change_the_document(expected, tmp_path):
    write_log(tmp_path / "logs", leak()[:-1])

    assert content(Room(tmp_path / "room").run(worry(WORRY, tmp_path / "logs"))) != expected


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "UTC"},
        {"PYTHONHASHSEED": "4294967295", "TZ": "Asia/Kathmandu"},
        {"PYTHONHASHSEED": "7", "TZ": "America/St_Johns", "LC_ALL": "C"},
    ],
    ids=lambda surroundings: surroundings["TZ"],
)
def test_another_process_in_other_surroundings_prints_the_same_document(expected, tmp_path, surroundings):
    logs = leak_logs(tmp_path / "logs")
    words = (
        "investigate",
        WORRY,
        "--logs",
        str(logs),
        "--json",
        "--no-questions",
        "--case-dir",
        str(tmp_path / "home"),
    )

    ran = subprocess.run(
        [sys.executable, "-m", "investigator", *words],
        env={**os.environ, **surroundings},
        capture_output=True,
        check=False,
    )

    assert ran.returncode in (0, 4), ran.stderr.decode()
    document, before = json.loads(ran.stdout), json.loads(expected)
    assert document.pop("measures")
    assert document == before
