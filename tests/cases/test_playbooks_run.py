"""Every playbook runs to its report, with the model off; what it cannot see is a gap."""

import os
import random

import pytest

from investigator.domain.case import OpenCase
from investigator.wiring import catalog, demo_case
from tests.support.incidents import WORRY, leak_logs
from tests.support.investigations import Room, worry

PLAYBOOKS = tuple(catalog().playbooks())
ON_THE_DEMO = PLAYBOOKS if os.environ.get("INVESTIGATOR_SOAK") else random.Random(3).sample(PLAYBOOKS, 1)
RUNS = [*(("told", name) for name in PLAYBOOKS), *(("demo", name) for name in ON_THE_DEMO)]


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """Two bodies of evidence, each with a room whose store the first case fills."""
    folder = tmp_path_factory.mktemp("playbooks")
    return {
        "told": (Room(folder / "told"), worry(WORRY, leak_logs(folder / "logs"))),
        "demo": (Room(folder / "demo"), demo_case(folder / "case", "leaked-key")),
    }


@pytest.fixture(scope="module", params=RUNS, ids="-".join)
def report(request, rooms):
    evidence, playbook = request.param
    room, asked = rooms[evidence]
    return room.run(OpenCase.model_validate({**asked.model_dump(), "playbook": playbook}))


def test_it_has_a_timeline_findings_and_gaps(report):
    assert report.timeline
    assert report.findings
    assert report.gaps


def test_it_proposes_actions_that_name_entity_effect_check_and_undo(report):
    assert report.actions
    for action in report.actions:
        assert all((action.on, action.effect, action.verify, action.undo))


def test_every_finding_rests_on_claims_that_hold_and_cites_evidence(report):
    holding = {claim.id for claim in report.claims if claim.holds}
    for finding in report.findings:
        assert holding.issuperset(finding.claims)
        assert finding.evidence


def test_every_gap_says_what_follows_and_how_to_close_it(report):
    for gap in report.gaps:
        assert all((gap.what, gap.why, gap.effect, gap.close))


def test_every_slot_of_the_playbook_has_an_answer(report):
    answered = {answer.slot for answer in report.answers}

    assert {question.slot for question in report.questions} <= answered
