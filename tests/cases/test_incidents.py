"""Recorded incidents through the whole engine, scored against what is known to be true of them."""

import json

import pytest

from investigator.domain.words import Role, Verdict
from tests.support.carried import uncarried
from tests.support.data import real_data
from tests.support.investigations import Room, worry

SETS = ["leaked-credentials-meridian", "ec2-role-theft-s3"]


@pytest.fixture(scope="module", params=SETS)
def solved(request, tmp_path_factory):
    folder = real_data(request.param)
    truth = json.loads((folder / "ground_truth.json").read_text())
    room = Room(tmp_path_factory.mktemp(request.param))
    return room.run(worry(truth["incident_description"], folder / "data")), truth


def ids(truth, label):
    return {f"ct:{event['eventID']}" for event in truth["key_events"] if event["label"] == label}


def test_the_verdict_is_the_true_one(solved):
    document, truth = solved

    assert document.verdict.value == truth["expected_verdict"]["value"]


def test_the_attack_is_in_the_timeline_and_little_else(solved):
    document, truth = solved
    shown = {id_ for entry in document.timeline for id_ in entry.evidence}
    attack = ids(truth, "attack")

    assert len(attack & shown) >= 0.95 * len(attack)
    assert len(shown - attack) <= 2 * len(attack)


def test_the_attack_is_cited_by_findings(solved):
    document, truth = solved
    cited = {id_ for finding in document.findings for id_ in finding.evidence}

    assert len(ids(truth, "attack") & cited) >= 0.95 * len(ids(truth, "attack"))
    assert not cited & {f"ct:{id_}" for id_ in truth["benign_event_ids"]}


def test_everybody_has_the_right_role(solved):
    document, truth = solved
    roles = {entity.value: entity.role for entity in document.entities}
    expected = [(row["arn"], row) for row in truth["principals"]] + [(row["id"], row) for row in truth["access_keys"]]

    for value, row in expected:
        if row["role"] in ("compromised", "created_by_actor"):
            assert roles[value] in (row["role"], *row.get("also_accepted", ())), value
        elif row["role"] == "responder":
            assert roles[value] is Role.RESPONDER, value
        else:
            assert not roles.get(value, Role.UNKNOWN).accused, value


def test_every_shown_claim_holds(solved):
    document, _ = solved

    assert [claim.id for claim in document.claims if not claim.holds] == []


def test_every_number_time_address_and_absence_is_carried_by_a_predicate(solved):
    document, _ = solved

    assert uncarried(document) == []


def test_every_true_gap_is_told(solved):
    document, truth = solved
    told = [f"{gap.what} {gap.why} {gap.effect}".lower() for gap in document.gaps]

    untold = [
        gap["id"]
        for gap in truth["gaps"]
        if not any(all(any(word in text for word in words) for words in gap["match"]) for text in told)
    ]
    assert untold == []


@pytest.mark.parametrize("name", SETS)
def test_the_callers_agents_change_nothing(name, tmp_path):
    """Whoever made the calls chose his user agent; blanked, the same are accused."""
    folder = real_data(name)
    truth = json.loads((folder / "ground_truth.json").read_text())
    logs = tmp_path / "logs"
    logs.mkdir()
    for file in (folder / "data").rglob("*.json"):
        rows = _records(file.read_text())
        blank = [{**row, "userAgent": ""} for row in rows]
        (logs / file.name).write_text("\n".join(map(json.dumps, blank)))

    document = Room(tmp_path / "room").run(worry(truth["incident_description"], logs))

    assert document.verdict.value in (Verdict.CONFIRMED, Verdict.LIKELY)


def _records(text):
    try:
        return json.loads(text)["Records"]
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
