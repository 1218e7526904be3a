"""The pack on recorded attacks: what was done is hit, and what others did is not."""

import json

import pytest

from investigator.detections.detect import detect
from investigator.detections.loader import load_rules
from investigator.domain.words import Severity
from tests.detections.records import Records
from tests.support.data import real_data
from tests.support.scoring import Day, examples_named, techniques_missed

QUIET = ("service_noise", "other_user_benign_or_unknown")


def test_each_captured_technique_is_named():
    assert techniques_missed(real_data("stratus-techniques")) == []


@pytest.mark.parametrize(("scored", "least"), [("event", 39), ("attempt", 41)])
def test_calls_seen_in_real_attacks_are_hits(scored, least):
    assert examples_named(real_data("traildiscover-kb"), scored).part >= least


@pytest.fixture(scope="module")
def day():
    return Day(real_data("multi-technique-stratus"))


def test_a_day_of_attacks_is_seen(day):
    assert day.executions == 29
    assert day.executions_missed() == []


@pytest.mark.parametrize("label", QUIET)
def test_what_others_do_on_that_day_is_hardly_hit(day, label):
    assert day.labelled(label, Severity.LOW).rate <= 0.05
    assert day.labelled(label, Severity.MEDIUM).part == 0


def test_what_a_program_prepares_with_the_same_key_is_no_attack_by_itself(day):
    """Infrastructure as code made what was attacked, and read it back again and again."""
    assert day.labelled("attack_setup_by_tool", Severity.MEDIUM).rate <= 0.05


def test_an_incident_is_hit_without_the_names_that_give_it_away():
    """Session names and user agents of the intruder are replaced; the hits stay."""
    [path] = (real_data("leaked-credentials-meridian") / "data" / "cloudtrail").glob("*.json")
    plain = json.loads(path.read_text("utf-8").replace("attacker-", "batch-").replace("Attacker", "Batch"))
    records = plain["Records"] if isinstance(plain, dict) else plain

    hits = {hit.name: hit for hit in detect(Records(*records), load_rules())}

    assert {
        "logging-stopped",
        "bucket-replication-outside",
        "key-made-and-used",
        "caller-identity-of-a-long-term-key",
    } <= set(hits)
    assert hits["logging-stopped"].harmful
