"""The embedded case asked of a loopback AWS: the same verdict and findings, but for what only log files hold."""

import pytest

from investigator.demo.incident import incident
from investigator.domain.words import Tactic, Verdict
from investigator.wiring import demo_case, demo_world
from tests.support.investigations import Room

SCENARIO = "leaked-key"


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """The case from its log files and saved answers, and from a live account."""
    folder = tmp_path_factory.mktemp("live")
    told = demo_case(folder / "case", SCENARIO)
    saved = Room(folder / "saved").run(told)
    with demo_world(SCENARIO) as endpoint:
        change = {"logs": (), "responses": None, "aws": True, "endpoint": endpoint}
        live = told.model_copy(update={"sources": told.sources.model_copy(update=change)})
        return saved, Room(folder / "live").run(live)


def found(document):
    """What each finding is about, but for those that clear somebody: its tactic, the rules that hit, the things in it."""
    return {
        (finding.tactic, finding.rules, frozenset(finding.entities))
        for finding in document.findings
        if finding.id not in document.verdict.against
    }


def holds(whole, part):
    """Whether one finding says all that another says, and perhaps more."""
    return whole[0] == part[0] and {*whole[1]} >= {*part[1]} and whole[2] >= part[2]


def test_the_verdict_is_the_same(documents):
    assert [document.verdict.value for document in documents] == [Verdict.CONFIRMED, Verdict.CONFIRMED]


def test_the_findings_are_the_same_but_for_data_events(documents):
    """A Region is new after a week without changes in it: the live account's answers do not reach back so far."""
    saved, live = map(found, documents)
    only_live = [one for one in live if not any(holds(other, one) for other in saved)]
    lost = [one for one in saved if not any(holds(one, other) for other in live)]

    assert only_live == []
    assert {tactic for tactic, _, _ in lost} == {Tactic.COLLECTION}


def test_data_events_are_a_gap(documents):
    _, live = documents

    assert "reads and writes of S3 objects" in {gap.what for gap in live.gaps}


def test_every_credential_of_the_intruder_is_found(documents):
    _, live = documents
    named = {name for finding in live.findings for name in finding.entities}

    assert set(incident(SCENARIO).truth.keys) <= named


def test_every_claim_holds(documents):
    assert all(claim.holds for document in documents for claim in document.claims)
