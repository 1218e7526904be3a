"""Recorded incidents through the whole engine, scored against what is known to be true of them."""

import pytest

from investigator.domain.words import Role, Verdict
from tests.support.carried import uncarried
from tests.support.data import real_data
from tests.support.investigations import Room, worry
from tests.support.scoring import Scored, blanked

SETS = ["leaked-credentials-meridian", "ec2-role-theft-s3", "multi-technique-stratus"]
SHORT = SETS[:2]
"""Incidents of few records, of which nearly all are known to be the attack's or benign."""


def solved(name, logs, folder):
    truth = Scored(None, real_data(name)).truth
    return Scored(Room(folder).run(worry(truth["incident_description"], logs)), real_data(name))


@pytest.fixture(scope="module", params=SETS)
def scored(request, tmp_path_factory):
    return solved(request.param, real_data(request.param) / "data", tmp_path_factory.mktemp(request.param))


def test_the_verdict_is_the_true_one(scored):
    assert scored.document.verdict.value == scored.truth["expected_verdict"]["value"]


@pytest.mark.parametrize("scored", SHORT, indirect=True)
def test_the_attack_is_in_the_timeline_and_little_else(scored):
    shown = {id_.removeprefix("ct:") for entry in scored.document.timeline for id_ in entry.evidence}
    attack = scored.labelled("attack")

    assert len(attack & shown) >= 0.95 * len(attack)
    assert len(shown - attack) <= 2 * len(attack)


def test_the_attack_is_cited_by_findings_and_nothing_benign_is(scored):
    attack = scored.labelled("attack")

    assert len(attack & scored.cited) >= 0.95 * len(attack)
    assert not scored.cited & scored.benign


def test_every_foothold_is_told(scored):
    assert scored.persistence_missed() == []


@pytest.mark.parametrize("scored", SHORT, indirect=True)
def test_everybody_has_the_right_role(scored):
    roles = {entity.value: entity.role for entity in scored.document.entities}
    truth = scored.truth
    expected = [(row["arn"], row) for row in truth["principals"]] + [(row["id"], row) for row in truth["access_keys"]]

    for value, row in expected:
        if row["role"] in ("compromised", "created_by_actor"):
            assert roles[value] in (row["role"], *row.get("also_accepted", ())), value
        elif row["role"] == "responder":
            assert roles[value] is Role.RESPONDER, value
        else:
            assert not roles.get(value, Role.UNKNOWN).accused, value


def test_every_shown_claim_holds(scored):
    assert [claim.id for claim in scored.document.claims if not claim.holds] == []


def test_every_number_time_address_and_absence_is_carried_by_a_predicate(scored):
    assert uncarried(scored.document) == []


def test_every_true_gap_is_told_and_they_are_few(scored):
    assert scored.gaps_untold() == []
    assert len(scored.document.gaps) <= 16


@pytest.mark.parametrize("name", SETS)
def test_the_callers_agents_change_nothing(name, tmp_path):
    """Whoever made the calls chose his user agent; blanked, the same are accused."""
    scored = solved(name, blanked(real_data(name), tmp_path / "logs"), tmp_path / "room")

    assert scored.document.verdict.value in (Verdict.CONFIRMED, Verdict.LIKELY)
    assert scored.recall.rate >= 0.95
    assert scored.gaps_untold() == []
