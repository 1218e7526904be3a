"""The same evidence gives the same document: however it is cut into files, and whatever process reads it."""

import gzip
import json
import os
import random
import subprocess
import sys
from itertools import product

import pytest

from tests.support.incidents import WORRY, leak, leak_logs
from tests.support.investigations import Room, content, worry
from tests.support.log_files import record_of, write_log

VARIANTS = 120 if os.environ.get("INVESTIGATOR_SOAK") else 3
"""Other processes that read the files cut another way, each in surroundings of its own."""
ZONES = ("UTC0", "NPT-5:45", "NST3:30NDT,M3.2.0,M11.1.0", "LINT-14", "AOE12")
LOCALES = ("C.UTF-8", "C", "en_US.UTF-8", "tr_TR.UTF-8", "de_DE.ISO-8859-1")
"""Where a locale is not installed, what is not ASCII cannot be printed as it is, as with `C`."""


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


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_files_cut_another_way_give_the_same_document(expected, tmp_path, way, seed):
    records = [record_of(event) for event in leak()]
    way(tmp_path / "logs", records, random.Random(seed))

    assert content(Room(tmp_path / "room").run(worry(WORRY, tmp_path / "logs"))) == expected


def test_a_missing_record_does_change_the_document(expected, tmp_path):
    write_log(tmp_path / "logs", leak()[:-1])

    assert content(Room(tmp_path / "room").run(worry(WORRY, tmp_path / "logs"))) != expected


def surroundings(number):
    """Zone and locale of a variant, each pair in turn, and its seed of hashes."""
    zone, locale = list(product(ZONES, LOCALES))[number * 6 % 25]
    seed = random.Random(number).randrange(2**32)
    return {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def ran(number, *words):
    """What Python does with these words in the surroundings of a variant."""
    return subprocess.run(
        [sys.executable, *words], env={**os.environ, **surroundings(number)}, capture_output=True, check=False
    )


def test_the_surroundings_are_others_indeed():
    script = "import sys, time; print(time.timezone, sys.getfilesystemencoding(), hash('a'), sep='|')"

    zones, encodings, hashes = zip(*(ran(n, "-c", script).stdout.split(b"|") for n in range(6)), strict=True)

    assert len(set(zones)) > 3
    assert len(set(encodings)) > 1
    assert len(set(hashes)) > 3


@pytest.mark.parametrize("number", range(VARIANTS))
def test_another_process_in_other_surroundings_prints_the_same_document(expected, tmp_path, number):
    WAYS[number % len(WAYS)](tmp_path / "logs", [record_of(event) for event in leak()], random.Random(number))
    home = ("--case-dir", str(tmp_path / "home"))
    words = ("investigate", WORRY, "--logs", str(tmp_path / "logs"), "--json", "--no-questions", *home)

    told = ran(number, "-m", "investigator", *words)

    assert told.returncode in (0, 4), told.stderr.decode()
    assert without_measures(told.stdout) == without_measures(expected)


def without_measures(document):
    """The document as text, its keys in their order; only its measures left out."""
    return json.dumps({key: value for key, value in json.loads(document).items() if key != "measures"})
