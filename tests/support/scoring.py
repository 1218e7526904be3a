"""What the pack and a case make of recorded evidence, counted against what is known of it.

Shapes of the truth: `ground_truth.json` (layout 2) and the CSV expectations beside each data set.
"""

import csv
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from investigator.detections.detect import detect
from investigator.detections.loader import load_rules
from investigator.domain.hit import Hit
from investigator.domain.report import CaseDocument
from investigator.domain.words import Severity
from tests.detections.records import Record, Records

Truth = Mapping[str, Any]
"""`ground_truth.json` as it is read."""
SHARED_SNAPSHOT = "SharedSnapshotVolumeCreated"
"""Service events that are worth a hit although AWS itself wrote them."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


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


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def rate(self) -> float:
        """Between 0 and 1; of nothing, none."""
        return self.part / self.whole if self.whole else 0.0

    def __str__(self) -> str:
        return f"{self.part} of {self.whole} ({100 * self.rate:.1f} %)"


def truth_of(folder: Path) -> Truth:
    """What is true of an incident."""
    return json.loads((folder / "ground_truth.json").read_text())


def share(part: Iterable[object], whole: Iterable[object]) -> Share:
    """How much of the whole is in the part."""
    all_of = set(whole)
    return Share(len(all_of & set(part)), len(all_of))


def techniques_missed(folder: Path) -> list[str]:
    """Captures of one technique each whose technique no hit names, by its parent."""
    expected = list(rows(folder / "expected.csv"))
    captured = {
        f"{number}/{place}": record
        for number, row in enumerate(expected)
        for place, record in enumerate(records_of(folder / row["file"]))
    }
    named = {
        (key.partition("/")[0], captured[key]["eventName"], technique)
        for hit in _hits({**record, "eventID": key} for key, record in captured.items())
        for key in map(_bare, hit.event_ids)
        for technique in _parents(hit.techniques)
    }
    return [
        row["file"]
        for number, row in enumerate(expected)
        if not any(
            (str(number), name, technique) in named
            for name in row["event_names"].split(";")
            for technique in _parents(row["technique_ids"].split(";"))
        )
    ]


def examples_named(folder: Path, scored: str) -> Share:
    """Calls seen in real attacks that a rule hits; those scored as an `event` are told as if they had succeeded."""
    examples = {
        str(record["eventID"]): record
        for path in sorted((folder / "data" / "logExamples").iterdir())
        for record in _records_or_none(path)
    }
    wanted = [examples[row["event_id"]] for row in rows(folder / "scored_events.csv") if row["score_as"] == scored]
    if scored == "event":
        wanted = [_succeeded(one) for one in wanted]
    hit = {_bare(id_) for found in _hits(wanted) for id_ in found.event_ids}
    return share(hit, [str(one["eventID"]) for one in wanted])


@dataclass(frozen=True)
class Day:
    """The hits of an hour with many attacks in it, against the label of each of its events."""

    folder: Path

    @cached_property
    def truth(self) -> Truth:
        """The whole truth of the set."""
        return truth_of(self.folder)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of each event; the two shared snapshots are apart."""
        labelled = rows(self.folder / "labels.csv")
        return {row["eventID"]: row["label"] for row in labelled if row["eventName"] != SHARED_SNAPSHOT}

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The whole pack over all files."""
        return _hits(record for path in sorted((self.folder / "data").rglob("*.json")) for record in records_of(path))

    def hit(self, level: Severity = Severity.LOW) -> set[str]:
        """Ids of events in a hit of this level or above."""
        return {_bare(id_) for found in self.hits if found.level.number >= level.number for id_ in found.event_ids}

    def executions_missed(self) -> list[str]:
        """Executions of which no event is hit."""
        executed = self.truth["techniques_executed"]
        hit = self.hit()
        return [f"{one['stratus_technique']}" for one in executed if not hit & set(_words(one["event_ids"]))]

    @property
    def executions(self) -> int:
        """How many there are."""
        return len(self.truth["techniques_executed"])

    def labelled(self, label: str, level: Severity) -> Share:
        """How many events of a label are in a hit of a level or above."""
        return share(self.hit(level), [key for key, said in self.labels.items() if said == label])


@dataclass(frozen=True)
class Scored:
    """A finished case against the truth of its incident."""

    document: CaseDocument
    folder: Path

    @cached_property
    def truth(self) -> Truth:
        """The whole truth of the incident."""
        return truth_of(self.folder)

    @cached_property
    def cited(self) -> set[str]:
        """Events that findings cite."""
        return {_bare(id_) for finding in self.document.findings for id_ in finding.evidence}

    @cached_property
    def reached(self) -> set[str]:
        """Events that a finding or a shown claim cites."""
        return self.cited | {_bare(id_) for claim in self.document.claims if claim.holds for id_ in claim.evidence}

    def labelled(self, label: str) -> set[str]:
        """Key events of a label."""
        return {str(event["eventID"]) for event in self.truth["key_events"] if event["label"] == label}

    @property
    def recall(self) -> Share:
        """Key events of the attack that are reached."""
        return share(self.reached, self.labelled("attack"))

    @property
    def precision(self) -> Share:
        """Of the events that findings cite, those that are not benign."""
        return Share(len(self.cited - self.benign), len(self.cited))

    @cached_property
    def benign(self) -> set[str]:
        """Events that are wrong when cited; the label of a key event goes first."""
        told = {str(event["eventID"]) for event in self.truth["key_events"] if event["label"] != "benign"}
        return (self._benign_labels() | self.labelled("benign")) - told

    def _benign_labels(self) -> set[str]:
        if "label_definitions" not in self.truth:
            return set(_words(self.truth["benign_event_ids"]))
        wrong = {"service_noise", "other_user_benign_or_unknown"}
        return {row["eventID"] for row in rows(self.folder / "labels.csv") if row["label"] in wrong}

    def persistence_missed(self) -> list[str]:
        """Footholds whose making no finding cites."""
        return [str(one["entity"]) for one in self.truth["persistence"] if one["event_id"] not in self.cited]

    def gaps_untold(self) -> list[str]:
        """True gaps that no Gap of the case tells."""
        told = [f"{gap.what} {gap.why} {gap.effect}".lower() for gap in self.document.gaps]
        return [str(gap["id"]) for gap in self.truth["gaps"] if not any(_tells(text, gap["match"]) for text in told)]


def blanked(folder: Path, to: Path) -> Path:
    """A copy of the logs of an incident in which every user agent is empty."""
    copy = Path(shutil.copytree(folder / "data", to))
    for file in copy.rglob("*.json"):
        file.write_text("\n".join(json.dumps({**record, "userAgent": ""}) for record in records_of(file)))
    return copy


def _tells(text: str, match: object) -> bool:
    return isinstance(match, list) and all(any(word in text for word in _words(words)) for words in match)


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _hits(records: Iterable[Record]) -> tuple[Hit, ...]:
    return detect(Records(*records), load_rules())


def _bare(id_: str) -> str:
    return id_.removeprefix("ct:").partition("@")[0]


def _parents(techniques: Iterable[str]) -> set[str]:
    return {technique.partition(".")[0] for technique in techniques}


def _succeeded(record: Record) -> Record:
    return {key: value for key, value in record.items() if key not in ("errorCode", "errorMessage")}


def _records_or_none(path: Path) -> list[Record]:
    try:
        return records_of(path)
    except ValueError:
        return []
