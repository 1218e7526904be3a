"""The embedded case and its benign twin, from the written files to the report."""

import pytest

from investigator.demo.incident import incident
from investigator.domain.claim import MeasureIs, StateIs
from investigator.domain.words import Role, Verdict
from investigator.wiring import demo_case
from tests.support.carried import uncarried
from tests.support.investigations import Room


class Solved:
    """One embedded case that was investigated, with what really happened."""

    def __init__(self, folder, scenario):
        self.room = Room(folder / "room")
        self.request = demo_case(folder / "case", scenario)
        self.handle = self.room.handle(self.request)
        self.document = self.room.investigation.document(self.handle)
        self.truth = incident(scenario).truth

    @property
    def roles(self):
        return {entity.value: entity.role for entity in self.document.entities}

    @property
    def cited(self):
        return {id_ for finding in self.document.findings for id_ in finding.evidence}


@pytest.fixture(scope="module")
def leak(tmp_path_factory):
    return Solved(tmp_path_factory.mktemp("leak"), "leaked-key")


def ct(ids):
    return {f"ct:{id_.removeprefix('ct:')}" for id_ in ids}


def test_the_incident_is_confirmed(leak):
    assert leak.document.verdict.value is Verdict.CONFIRMED


def test_both_sessions_and_the_second_key_are_found_and_linked(leak):
    found = {name for finding in leak.document.findings for name in finding.entities}

    assert {*leak.truth.keys, *leak.truth.sessions} <= found
    assert {*leak.truth.keys, *leak.truth.sessions} <= {credential.id for credential in leak.document.credentials}


def test_every_number_time_address_and_absence_is_carried_by_a_predicate(leak):
    assert uncarried(leak.document) == []


def test_the_instances_and_their_cost_are_found(leak):
    kinds = [type(predicate) for claim in leak.document.claims for predicate in claim.predicates]
    found = {name for finding in leak.document.findings for name in finding.entities}

    assert set(leak.truth.instances) <= found
    assert MeasureIs in kinds


def test_the_alert_the_logging_gap_and_the_quarantine_are_found(leak):
    texts = " ".join(claim.text for claim in leak.document.claims)

    assert any(isinstance(p, StateIs) for claim in leak.document.claims for p in claim.predicates)
    assert "was stopped by" in texts
    assert "AWSCompromisedKeyQuarantine" in texts


def test_every_logged_call_of_the_intruder_is_in_the_timeline(leak):
    shown = {id_ for entry in leak.document.timeline for id_ in entry.evidence}

    assert ct(leak.truth.hostile - leak.truth.unlogged) <= shown


def test_no_everyday_call_is_cited_as_hostile(leak):
    hostile = [f for f in leak.document.findings if f.id in leak.document.verdict.supports]
    cited = {id_ for finding in hostile for id_ in finding.evidence}

    assert not cited & ct(leak.truth.noise)


def test_the_responder_has_that_role(leak):
    responding = {entity.value for entity in leak.document.entities if entity.role is Role.RESPONDER}
    acts = ct(leak.truth.responder)
    actors = {entry.actor.arn for entry in leak.document.timeline if set(entry.evidence) & acts}

    assert actors
    assert actors <= responding


def test_every_claim_holds(leak):
    assert [claim.text for claim in leak.document.claims if not claim.holds] == []


def test_every_finding_cites_evidence_and_every_action_can_be_undone_or_says_so(leak):
    for finding in leak.document.findings:
        assert finding.evidence
    for action in leak.document.actions:
        assert action.on
        assert action.effect
        assert action.verify
        assert action.undo


def test_a_key_is_never_switched_off_without_ending_its_sessions(leak):
    codes = {action.code for action in leak.document.actions}

    assert codes & {"KEY-OFF", "KEY-DEL"}
    assert codes & {"USER-REVOKE", "ROLE-REVOKE"}


def test_the_summary_has_at_most_120_words(leak):
    texts = {claim.id: claim.text for claim in leak.document.claims}
    words = " ".join(texts[id_] for id_ in leak.document.summary.overview).split()

    assert len(words) <= 120


def test_no_secret_value_and_no_session_token_is_in_any_export(leak):
    for form in ("json", "markdown", "html", "csv", "runbook", "bundle"):
        content = b"".join(leak.room.investigation.export(leak.handle, form))
        for record in incident("leaked-key").events:
            token = (((record.get("responseElements") or {}).get("credentials")) or {}).get("sessionToken")
            assert not token or token.encode() not in content


def test_the_benign_twin_accuses_nobody(tmp_path):
    twin = Solved(tmp_path, "deploy-twin")

    assert twin.document.verdict.value in (Verdict.BENIGN, Verdict.LIKELY_BENIGN)
    assert not any(role.accused for role in twin.roles.values())
