"""Every playbook runs to its report on one body of evidence, with the model off; what it cannot see is a gap."""

import pytest

from investigator.domain.case import OpenCase
from investigator.wiring import catalog, demo_case
from tests.support.investigations import Room


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    """A room whose store the first case fills, and the request of the embedded case."""
    folder = tmp_path_factory.mktemp("playbooks")
    return Room(folder / "room"), demo_case(folder / "case", "leaked-key")


@pytest.fixture(scope="module", params=catalog().playbooks())
def report(request, evidence):
    room, asked = evidence
    return room.run(OpenCase.model_validate({**asked.model_dump(), "playbook": request.param}))


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
