"""With no model at all, each of the ten scenarios gives a timeline, findings, gaps and the actions that it calls for."""

from dataclasses import replace

import pytest

from investigator.domain.words import Outcome, Verdict
from tests.support.investigations import Room
from tests.support.scenarios import TEN, Told

UNDOING = frozenset(
    "POLICY-UNDO ROLE-TRUST LOG-ON SHARE-OFF SG-CLOSE SSM-STOP ASG-ZERO FN-STOP S3-BLOCK S3-DENY S3-VERSIONING S3-NOSSEC "
    "S3-LIFECYCLE-UNDO S3-UNDELETE KMS-SAVE SECRET-ROTATE CERT-REVOKE MFA-OFF USER-CONSOLE KEY-ON EC2-STOP EC2-TERM".split()
)  # fmt: skip
"""What only something that was done calls for."""


@pytest.fixture(scope="module", params=TEN, ids=lambda told: told.scenario)
def solved(request, tmp_path_factory):
    told: Told = request.param
    folder = tmp_path_factory.mktemp(told.scenario)
    return told, Room(folder / "room").run(told.request(folder / "logs"))


def test_the_scenario_is_understood_and_the_verdict_is_clear(solved):
    told, document = solved

    assert told.scenario in document.case.scenario
    assert document.verdict.value in (Verdict.CONFIRMED, Verdict.LIKELY)
    assert document.measures.model_calls == 0


def test_timeline_findings_and_gaps_are_there(solved):
    told, document = solved
    shown = {id_ for entry in document.timeline for id_ in entry.evidence}

    assert {event.id for event in told.deeds if event.key} <= shown
    assert document.findings
    assert document.gaps
    assert document.summary.overview


def test_the_actions_of_the_scenario_are_proposed_and_no_others_of_it(solved):
    told, document = solved
    codes = {action.code for action in document.actions}

    assert told.actions - codes == set()
    assert told.not_called_for & codes == set()


def test_every_action_is_whole_and_stands_on_findings_of_the_case(solved):
    _, document = solved
    findings = {finding.id for finding in document.findings}

    for action in document.actions:
        assert action.on and action.effect and action.command and action.verify and action.undo
        assert set(action.needs) <= findings
        assert action.needs


def test_every_finding_cites_evidence_that_can_be_looked_up(solved):
    told, document = solved
    records = {event.id for event in (*told.deeds, *told.life)}
    cited = {id_ for finding in document.findings for id_ in finding.evidence if id_.startswith("ct:")}

    assert all(finding.evidence for finding in document.findings)
    assert all(id_ in records or id_.startswith("ct:d") for id_ in cited)


def test_a_key_is_never_switched_off_alone(solved):
    _, document = solved
    codes = [action.code for action in document.actions]

    assert "KEY-OFF" not in codes or "USER-REVOKE" in codes
    assert [action.turn for action in document.actions] == sorted(action.turn for action in document.actions)


@pytest.mark.parametrize("told", TEN, ids=lambda told: told.scenario)
def test_attempts_that_were_denied_call_for_nothing_to_undo(told, tmp_path):
    """The same story in which every call but the issuing of credentials was refused."""
    refused = {"error": "AccessDenied", "error_message": "not authorized", "outcome": Outcome.DENIED, "response": None}
    deeds = tuple(
        event if event.issued_key or event.name == "ConsoleLogin" else replace(event, **refused) for event in told.deeds
    )

    document = Room(tmp_path / "room").run(replace(told, deeds=deeds).request(tmp_path / "logs"))

    assert {action.code for action in document.actions} & UNDOING == set()
