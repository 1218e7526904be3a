"""The pack on recorded attacks: what was done is hit, and what others did is not."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from investigator.detections.detect import detect
from investigator.detections.loader import load_rules
from investigator.domain.words import Severity
from tests.detections.records import Record, Records
from tests.support.data import real_data

PACK = load_rules()


def records_of(path: Path) -> list[Record]:
    """The records of one file: an array, an object with Records, a single record, or one record a line."""
    text = path.read_text("utf-8")
    try:
        document = json.loads(text)
    except ValueError:
        document = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(document, dict):
        document = document.get("Records", [document])
    return [record for record in document if isinstance(record, dict)]


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def parents(techniques: tuple[str, ...] | list[str]) -> set[str]:
    return {technique.partition(".")[0] for technique in techniques}


def test_each_captured_technique_is_named():
    folder = real_data("stratus-techniques")
    expected = list(rows(folder / "expected.csv"))
    captured = {
        f"{number}/{place}": record
        for number, row in enumerate(expected)
        for place, record in enumerate(records_of(folder / row["file"]))
    }

    hits = detect(Records(*({**record, "eventID": key} for key, record in captured.items())), PACK)
    named = {
        (key.partition("/")[0], captured[key]["eventName"], parent)
        for hit in hits
        for key in (id_.removeprefix("ct:") for id_ in hit.event_ids)
        for parent in parents(hit.techniques)
    }
    missed = [
        row["file"]
        for number, row in enumerate(expected)
        if not any(
            (str(number), name, technique) in named
            for name in row["event_names"].split(";")
            for technique in parents(row["technique_ids"].split(";"))
        )
    ]

    assert missed == []


@pytest.mark.parametrize(("scored", "least"), [("event", 39), ("attempt", 41)])
def test_calls_seen_in_real_attacks_are_hits(scored: str, least: int):
    folder = real_data("traildiscover-kb")
    examples = {
        str(r["eventID"]): r
        for path in sorted((folder / "data" / "logExamples").iterdir())
        for r in records_or_none(path)
    }
    wanted = [
        dict(examples[row["event_id"]]) for row in rows(folder / "scored_events.csv") if row["score_as"] == scored
    ]
    if scored == "event":
        wanted = [
            {key: value for key, value in one.items() if key not in ("errorCode", "errorMessage")} for one in wanted
        ]

    hit = {id_ for hit in detect(Records(*wanted), PACK) for id_ in hit.event_ids}

    assert sum(f"ct:{one['eventID']}" in hit for one in wanted) >= least


def records_or_none(path: Path) -> list[Record]:
    try:
        return records_of(path)
    except ValueError:
        return []


def test_a_day_of_attacks_among_other_work():
    folder = real_data("multi-technique-stratus")
    labels = {row["eventID"]: row["label"] for row in rows(folder / "labels.csv")}
    records = [record for path in sorted((folder / "data").rglob("*.json")) for record in records_of(path)]

    hits = detect(Records(*records), PACK)
    hit = {id_.removeprefix("ct:") for hit in hits for id_ in hit.event_ids}
    weighty = {i.removeprefix("ct:") for h in hits if h.level.number >= Severity.MEDIUM.number for i in h.event_ids}
    attacks = {key for key, label in labels.items() if label == "attack"}
    others = {key for key, label in labels.items() if label == "other_user_benign_or_unknown"}

    assert len(attacks & hit) >= 0.95 * len(attacks)
    assert not others & weighty


def test_an_incident_is_hit_without_the_names_that_give_it_away():
    """Session names and user agents of the intruder are replaced; the hits stay."""
    [path] = (real_data("leaked-credentials-meridian") / "data" / "cloudtrail").glob("*.json")
    plain = json.loads(path.read_text("utf-8").replace("attacker-", "batch-").replace("Attacker", "Batch"))
    records = plain["Records"] if isinstance(plain, dict) else plain

    hits = {hit.name: hit for hit in detect(Records(*records), PACK)}

    assert {
        "logging-stopped",
        "bucket-replication-outside",
        "key-made-and-used",
        "caller-identity-of-a-long-term-key",
    } <= set(hits)
    assert hits["logging-stopped"].harmful
