"""The ten scenarios asked of a loopback AWS, and again of what it answered.

The recorded calls give the same document for each. Where the worry names a credential, log files give the same findings.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("moto", reason="the extra `demo` is not installed")

from investigator.tools.aws import LiveAccounts

from investigator.demo.estate import Estate
from investigator.demo.incident import Incident
from investigator.demo.truth import Truth
from investigator.demo.world import serve_world
from investigator.demo.world.credentials import made_up_credentials
from investigator.demo.world.pace import Pace
from investigator.domain.case import OpenCase, Sources
from investigator.domain.event import Event
from investigator.domain.report import CaseDocument
from investigator.domain.words import Scenario, Verdict
from investigator.investigation import Investigation
from tests.support.investigations import Room, content
from tests.support.log_files import record_of
from tests.support.scenarios import TEN, Told
from tests.support.story import ACCOUNT

NOW = datetime(2026, 1, 27, 9, tzinfo=UTC)
ABOUT_A_MONTH = frozenset({"F17"})
"""Rules about what is new in a month: the account is asked about less than log files hold."""
NAMED = frozenset(
    {
        Scenario.LEAKED_ACCESS_KEY, Scenario.COST_SPIKE, Scenario.S3_EXFILTRATION, Scenario.CONSOLE_LOGIN,
        Scenario.PRIVILEGE_ESCALATION, Scenario.TERMINATED_EMPLOYEE,
    }
)  # fmt: skip
"""Whose calls LookupEvents finds by key and user; there is no look-up by address, and machines are found by name only."""
OF_DATA = frozenset({"CopyObject", "DeleteObject", "GetObject"})


class Unhurried(Pace):
    """Lets every request through."""

    def allows(self, region: str) -> bool:
        return True


class NoQueue:
    """Requests to an account of our own need no waiting."""

    def wait(self, bucket: str, per_second: float) -> None:
        pass


@pytest.fixture(scope="module")
def documents(request, tmp_path_factory):
    """The case from its log files, from a live account, and from what the account answered."""
    told: Told = request.param
    folder = tmp_path_factory.mktemp(told.scenario)
    asked = told.request(folder / "logs").model_copy(update={"now": NOW})
    from_logs = Room(folder / "offline").run(asked)
    live = _live(told.events(), asked, folder)
    saved = asked.model_copy(update={"sources": Sources(responses=folder / "saved")})
    return from_logs, live, Room(folder / "again").run(saved)


def _live(events: Sequence[Event], asked: OpenCase, folder: Path) -> CaseDocument:
    regions = tuple(sorted({event.region for event in events}))
    account = Incident(
        scenario="told", worry="", answers={}, events=_history(events), estate=Estate(users=(), roles=(), machines=()),
        truth=Truth(), account=ACCOUNT, regions=regions, as_of=NOW,
    )  # fmt: skip
    room = Room(folder / "live")
    with serve_world(account, pace=Unhurried()) as endpoint, made_up_credentials():

        def accounts(case, _folder, audit) -> LiveAccounts:
            return LiveAccounts(
                profile=None, regions=regions, roles={}, endpoint=endpoint, folder=folder / "saved", rate=NoQueue(),
                audit=audit, session_name=case.header.name, as_of=NOW,
            )  # fmt: skip

        there = Investigation(replace(room.equipment, accounts=accounts))
        sources = Sources(aws=True, endpoint=endpoint, regions=regions, save_responses=folder / "saved")
        handle = there.open(asked.model_copy(update={"sources": sources})).id
        there.run(handle)
        return there.document(handle)


def _history(events: Sequence[Event]) -> tuple[dict, ...]:
    """CloudTrail's event history holds management events only."""
    records = [record_of(replace(event, category="Management")) for event in events if event.name not in OF_DATA]
    return tuple(sorted(records, key=lambda record: (record["eventTime"], record["eventID"])))


def found(document: CaseDocument) -> set[tuple]:
    """What each finding on management events is about, but for those that clear somebody."""
    of_data = {
        id_ for entry in document.timeline if entry.action.partition(":")[2] in OF_DATA for id_ in entry.evidence
    }
    return {
        (finding.tactic, finding.rules, frozenset(name for name in finding.entities if "/q" not in name))
        for finding in document.findings
        if finding.id not in document.verdict.against
        and not set(finding.rules) & ABOUT_A_MONTH
        and not set(finding.evidence) <= of_data
    }


def each(stories):
    return pytest.mark.parametrize("documents", stories, ids=lambda told: told.scenario, indirect=True)


@each(TEN)
def test_the_recorded_calls_give_the_same_document_byte_by_byte(documents):
    _, live, again = documents

    assert content(again) == content(live)
    assert live.measures.aws_calls > 0


@each([told for told in TEN if told.scenario in NAMED])
def test_log_files_and_a_live_account_give_the_same_findings(documents):
    from_logs, live, _ = documents
    assert found(live) == found(from_logs)
    assert {live.verdict.value, from_logs.verdict.value} <= {Verdict.CONFIRMED, Verdict.LIKELY}


@each([told for told in TEN if told.scenario in NAMED])
def test_and_call_for_the_same_actions_but_for_those_on_objects(documents):
    from_logs, live, _ = documents

    def proposed(document: CaseDocument) -> set[tuple[str, str]]:
        return {(action.code, action.on) for action in document.actions}

    assert proposed(live) - proposed(from_logs) == set()
    assert {code for code, _ in proposed(from_logs) - proposed(live)} <= {"S3-DENY", "S3-UNDELETE", "S3-NOSSEC"}
