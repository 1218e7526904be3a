"""A written scenario: log files as a trail delivers them, and saved answers that every AWS tool can replay."""

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest
from investigator.tools.aws import SavedAccounts

from investigator import wiring
from investigator.demo import SCENARIOS, DemoCase, write_case
from investigator.demo.answers import Asked, answer
from investigator.demo.company import ACCOUNT, BUCKETS, GLOBAL, HOME
from investigator.demo.incident import Incident, incident
from investigator.demo.searches import named_keys, session_names, swept
from investigator.domain.gap import Gap
from investigator.domain.times import Window, parse_instant
from investigator.domain.words import CellState
from investigator.ports.aws import Refused
from investigator.ports.tool import Tool, Where
from tests.tools.doors import Lines

NAME = re.compile(r"\d{12}_CloudTrail_[a-z0-9-]+_\d{8}T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz")


@pytest.fixture(scope="module", params=SCENARIOS)
def told(request: pytest.FixtureRequest) -> Incident:
    return incident(request.param)


@pytest.fixture(scope="module")
def case(told: Incident, tmp_path_factory: pytest.TempPathFactory) -> DemoCase:
    return write_case(tmp_path_factory.mktemp(told.scenario), told.scenario)


def records(case: DemoCase) -> Iterator[tuple[Path, dict]]:
    for path in sorted(case.logs.rglob("*.json.gz")):
        for record in json.loads(gzip.decompress(path.read_bytes()))["Records"]:
            yield path.relative_to(case.logs), record


def test_log_files_hold_every_record_that_the_trail_delivered_once(told: Incident, case: DemoCase) -> None:
    written = [record["eventID"] for _, record in records(case)]

    assert sorted(written) == sorted(str(record["eventID"]) for record in told.logged())


def test_log_files_lie_where_a_trail_puts_them(case: DemoCase) -> None:
    for path, record in records(case):
        day = record["eventTime"][:10].replace("-", "/")
        assert str(path.parent) == f"AWSLogs/{ACCOUNT}/CloudTrail/{record['awsRegion']}/{day}"
        assert NAME.fullmatch(path.name)


def test_the_case_says_what_its_scenario_says(told: Incident, case: DemoCase) -> None:
    assert (case.worry, case.now, case.answers) == (told.worry, told.as_of, told.answers)


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        total.update(str(path.relative_to(folder)).encode() + (path.read_bytes() if path.is_file() else b""))
    return total.hexdigest()


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    write_case(tmp_path / "here", "leaked-key")
    code = (
        "import sys; from pathlib import Path; from investigator.demo import write_case; write_case(Path(sys.argv[1]))"
    )
    there = str(tmp_path / "there")
    subprocess.run(
        [sys.executable, "-c", code, there], check=True, env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    )

    assert digest(tmp_path / "here") == digest(tmp_path / "there")


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    first = write_case(tmp_path)
    before = digest(tmp_path)

    assert write_case(tmp_path) == first
    assert digest(tmp_path) == before


@pytest.mark.parametrize(
    ("scenario", "names"), [("leaked-key", ("leaked-access-key",)), ("deploy-twin", ("cost-spike",))]
)
def test_the_sweep_holds_every_call_that_its_playbooks_look_for(scenario: str, names: tuple[str, ...]) -> None:
    playbooks = wiring.catalog().playbooks()
    steps = [step for name in (*names, "general") for step in playbooks[name].steps]
    wanted = {name.strip() for step in steps for name in step.inputs.get("event_name", "").split(",")} - {""}

    assert wanted <= set(swept(incident(scenario)))


def facts(told: Incident) -> Mapping[str, tuple[object, ...]]:
    """Every value that an input can take in this scenario, by fact."""
    users = tuple(user.name for user in told.estate.users)
    roles = tuple(role.name for role in told.estate.roles)
    machines = tuple(machine.id for machine in told.estate.machines)
    return {
        "window": (Window(start=parse_instant(told.answers["start"]), end=parse_instant("2026-10-28T12:00:01Z")),),
        "key": named_keys(told),
        "user": (*users, *session_names(told)),
        "role": roles,
        "principal": users,
        "session": session_names(told),
        "instance": machines,
        "bucket": BUCKETS,
        "resource": (*BUCKETS, *machines),
        "event_name": swept(told),
    }  # fmt: skip


def ways(tool: Tool, told: Incident) -> Iterator[Mapping[str, object]]:
    """Every way to put the question; an optional input is left out once, too."""
    known = facts(told)
    for values in product(*(known[fact] for fact in tool.facts.values())):
        yield dict(zip(tool.facts, values, strict=True))
    if not tool.required:
        yield {}


def gaps(tool: Tool, told: Incident, accounts: SavedAccounts) -> Iterator[tuple[CellState, Gap]]:
    for region in (GLOBAL,) if tool.where is Where.HOME else told.regions:
        for inputs in ways(tool, told):
            try:
                list(tool.gather(tool.inputs(**inputs), accounts.at(told.account, region)))
            except Refused as refusal:
                yield refusal.state, refusal.gap


AWS_TOOLS = [tool for tool in wiring.catalog().tools() if tool.where is not Where.LOGS]


@pytest.mark.parametrize("tool", AWS_TOOLS, ids=lambda tool: f"{tool.source}.{tool.name}")
def test_every_question_about_everything_there_has_a_saved_answer(tool: Tool, told: Incident, case: DemoCase) -> None:
    accounts = SavedAccounts(case.responses, Lines())

    states = {state for state, _ in gaps(tool, told, accounts)}

    assert states <= ({CellState.DISABLED} if tool.source == "securityhub" else set())


def test_a_replay_gives_every_page_as_it_was_answered(told: Incident, case: DemoCase) -> None:
    parameters = {
        "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "AssumeRole"}],
        "StartTime": told.answers["start"],
        "EndTime": "2026-10-28T12:00:01Z",
        "MaxResults": 50,
    }
    pages = SavedAccounts(case.responses, Lines()).at(ACCOUNT, HOME).pages("cloudtrail", "LookupEvents", **parameters)

    assert tuple(page.body for page in pages) == answer(
        told, Asked("cloudtrail", "LookupEvents", ACCOUNT, HOME, parameters)
    )
