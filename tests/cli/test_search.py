"""Events are looked into page by page, as a table, as JSON lines or for a spreadsheet, or summed up."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.command import Program

BASE = {
    "eventVersion": "1.10",
    "eventSource": "s3.amazonaws.com",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "198.51.100.7",
    "recipientAccountId": "111122223333",
    "userIdentity": {
        "type": "IAMUser",
        "arn": "arn:aws:iam::111122223333:user/eve",
        "accessKeyId": "AKIAEVE0000000000000",
    },
}
AGENTS = ('=HYPERLINK("http://x","y")', "\x1b]0;owned\x07 plain", "@SUM(A1)", 'quotes " and, commas')


def told(number: int, **changes: object) -> dict[str, object]:
    day, hour = divmod(number, 10)
    when = f"2026-03-{day + 1:02}T{hour:02}:00:00Z"
    return {**BASE, "eventID": f"e{number:03}", "eventName": "ListBuckets", "eventTime": when, **changes}


@pytest.fixture
def logs(tmp_path: Path) -> str:
    records = [told(number, userAgent=AGENTS[number % 4]) for number in range(40)]
    records.append(told(40, eventName="GetObject", errorCode="AccessDenied"))
    (tmp_path / "log.json").write_text(json.dumps({"Records": records}))
    return str(tmp_path / "log.json")


def test_pages_follow_each_other_and_leave_nothing_out(program: Program, logs: str) -> None:
    pages = [
        program("logs", "search", "source=s3.amazonaws.com", "--logs", logs, "--json", "--limit", "15", "--skip", skip)
        for skip in ("0", "15", "30")
    ]

    ids = [json.loads(line)["id"] for page in pages for line in page.out.splitlines()]

    assert ids == [f"ct:e{number:03}" for number in range(41)]
    assert "--skip 15 goes on" in pages[0].err
    assert "--skip" not in pages[2].err


def test_a_spreadsheet_holds_no_formula_and_no_control_byte(program: Program, logs: str) -> None:
    ran = program("logs", "search", "name=ListBuckets", "--logs", logs, "--csv", "--limit", "4")

    rows = list(csv.DictReader(io.StringIO(ran.out)))

    assert [row["id"] for row in rows] == ["ct:e000", "ct:e001", "ct:e002", "ct:e003"]
    assert [row["agent"][:2] for row in rows] == ["'=", "\\x", "'@", "qu"]
    assert rows[3]["agent"] == AGENTS[3]
    assert not any(ord(character) < 32 for character in ran.out.replace("\n", ""))


def test_a_summary_says_how_many_when_who_and_how_often(program: Program, logs: str) -> None:
    ran = program("logs", "search", "source=s3.amazonaws.com", "--logs", logs, "--summary")

    assert ran.out.splitlines()[0] == "41 events, first 2026-03-01T00:00:00Z, last 2026-03-05T00:00:00Z"
    assert [line.split() for line in ran.out.splitlines() if "ListBuckets" in line] == [["40", "ListBuckets"]]
    assert [line.split()[:2] for line in ran.out.splitlines() if line.startswith("2026-")] == [
        ["2026-03-01", "10"],
        ["2026-03-02", "10"],
        ["2026-03-03", "10"],
        ["2026-03-04", "10"],
        ["2026-03-05", "1"],
    ]
    assert "\x1b" not in ran.out


def test_a_summary_is_there_for_scripts_too(program: Program, logs: str) -> None:
    ran = program("logs", "search", "name=GetObject", "--logs", logs, "--summary", "--json")

    summary = json.loads(ran.out)

    assert (summary["count"], summary["first"], summary["hours"]) == (1, "2026-03-05T00:00:00Z", {"2026-03-05T00": 1})
    assert summary["values"]["error"] == {"AccessDenied": 1}


def test_nothing_found_is_said(program: Program, logs: str) -> None:
    assert program("logs", "search", "name=Nothing", "--logs", logs, "--summary").out == "0 events\n"


def test_two_forms_at_once_are_a_mistake(program: Program, logs: str) -> None:
    ran = program("logs", "search", "name=x", "--logs", logs, "--csv", "--json")

    assert (ran.code, "--csv" in ran.err) == (2, True)
