"""Sequences about places, found in a store as it lies on disk."""

import json
from collections.abc import Sequence
from pathlib import Path

from investigator.detections.elsewhere import runtime_credential_elsewhere, write_in_new_region
from investigator.evidence.library import EvidenceLibrary
from investigator.evidence.snapshot import EvidenceSnapshot
from tests.detections.records import Record
from tests.detections.test_bursts import at
from tests.detections.test_sequences import of_function


def stored(folder: Path, records: Sequence[Record]) -> EvidenceSnapshot:
    (folder / "logs").mkdir()
    numbered = [{**record, "eventID": f"{n:05}"} for n, record in enumerate(records)]
    (folder / "logs" / "trail.json").write_text(json.dumps({"Records": numbered}), "utf-8")
    library = EvidenceLibrary(folder / "stores")
    library.pin([folder / "logs"])
    return library.open(library.everything())


def test_the_key_of_a_function_elsewhere(tmp_path: Path):
    home = of_function(0, "s3:GetObject", "203.0.113.10")
    away = of_function(9, "s3:ListBuckets", "198.51.100.7", "aws-cli/2.15")
    store = stored(tmp_path, [home, away, of_function(10, "s3:GetObject", "203.0.113.99")])

    assert [event.name for event in runtime_credential_elsewhere(store)] == ["ListBuckets"]


def test_the_first_change_in_a_region(tmp_path: Path):
    calls = [at(n * 1440, "ec2:RunInstances", readOnly=False) for n in range(3)]
    store = stored(tmp_path, [*calls, at(20_000, "ec2:CreateVpc", readOnly=False, awsRegion="sa-east-1")])

    assert [(event.name, event.region) for event in write_in_new_region(store)] == [("CreateVpc", "sa-east-1")]
