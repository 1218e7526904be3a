"""One small incident from log files to a verified bundle, on the real investigation."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.command import Program

KEY, MADE = "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"
WORRY = f"The access key {KEY} was pushed to GitHub"
STORY = (
    ("2026-01-20T09:00:00Z", "s3", "ListBuckets", KEY, "203.0.113.40", None),
    ("2026-01-27T19:00:07Z", "sts", "GetCallerIdentity", KEY, "198.51.100.7", None),
    ("2026-01-27T19:02:07Z", "iam", "ListUsers", KEY, "198.51.100.7", None),
    ("2026-01-27T19:07:07Z", "iam", "CreateAccessKey", KEY, "198.51.100.7", "backup"),
    ("2026-01-27T19:09:07Z", "sts", "GetCallerIdentity", MADE, "198.51.100.7", None),
    ("2026-01-27T19:11:07Z", "cloudtrail", "StopLogging", MADE, "198.51.100.7", None),
)


def record(number: int) -> dict[str, object]:
    time, service, name, key, ip, user = STORY[number]
    who = "build" if key == KEY else "backup"
    made = {"accessKey": {"accessKeyId": MADE, "userName": user, "status": "Active"}} if user else None
    asked = {"userName": user} if user else {"name": "management-events"} if name == "StopLogging" else None
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": f"AIDA{who.upper():0<16}",
            "arn": f"arn:aws:iam::111122223333:user/{who}",
            "accountId": "111122223333",
            "accessKeyId": key,
            "userName": who,
        },
        "eventTime": time,
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": ip,
        "userAgent": "aws-cli/2.15.0",
        "requestParameters": asked,
        "responseElements": made,
        "requestID": f"00000000-0000-0000-0000-{number:012d}",
        "eventID": f"11111111-0000-0000-0000-{number:012d}",
        "readOnly": name not in ("CreateAccessKey", "StopLogging"),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "111122223333",
        "eventCategory": "Management",
    }


def write_logs(folder: Path, *groups: tuple[int, ...]) -> Path:
    """One gzip file for each group of records."""
    folder.mkdir()
    for nth, group in enumerate(groups):
        content = json.dumps({"Records": [record(number) for number in group]}).encode()
        (folder / f"{nth}.json.gz").write_bytes(gzip.compress(content, mtime=0))
    return folder


def test_a_case_from_log_files_to_a_verified_bundle(program: Program, tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs", tuple(range(len(STORY))))

    ran = program("investigate", WORRY, "--logs", str(logs), "--json", "--fail-on", "likely")

    document = json.loads(ran.out)
    assert (ran.code, document["verdict"]["value"]) == (10, "confirmed")
    assert MADE in {entity["value"] for entity in document["entities"] if entity["role"] == "created_by_actor"}
    handle = document["measures"]["case"]
    assert program("show", handle, "--json").out == ran.out
    assert program("export", handle, "--format", "json").out == ran.out

    bundle = tmp_path / "case.zip"
    assert program("export", handle, "--out", str(bundle)).code == 0
    assert program("verify", str(bundle)).code == 0
    assert json.loads(program("verify", str(bundle), "--originals", str(logs), "--json").out)["holds"] is True


def test_the_same_evidence_in_other_files_gives_the_same_document(program: Program, tmp_path: Path) -> None:
    whole = write_logs(tmp_path / "whole", tuple(range(len(STORY))))
    split = write_logs(tmp_path / "split", (5, 3), (4, 0, 1), (2, 3))

    first, second = (
        json.loads(program("investigate", WORRY, "--logs", str(logs), "--json").out) for logs in (whole, split)
    )

    assert first.pop("measures") != second.pop("measures")
    assert first == second


def test_a_changed_record_breaks_the_bundle(program: Program, tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs", tuple(range(len(STORY))))
    handle = json.loads(program("investigate", WORRY, "--logs", str(logs), "--json").out)["measures"]["case"]
    bundle, forged = tmp_path / "case.zip", tmp_path / "forged.zip"
    program("export", handle, "--out", str(bundle))
    with zipfile.ZipFile(bundle) as before, zipfile.ZipFile(forged, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"198.51.100.7", b"203.0.113.99"))

    ran = program("verify", str(forged), "--json")

    assert ran.code == 5
    assert json.loads(ran.out)["holds"] is False


def test_a_cut_file_is_a_gap_and_exit_4(program: Program, tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs", tuple(range(len(STORY))))
    cut = logs / "0.json.gz"
    cut.write_bytes(cut.read_bytes()[:-40])

    ran = program("investigate", WORRY, "--logs", str(logs), "--json")

    assert ran.code == 4
    assert any("0.json.gz" in gap["what"] for gap in json.loads(ran.out)["gaps"])


def test_logs_can_be_indexed_searched_and_checked_without_a_case(program: Program, tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs", (0, 1, 2), (3, 4, 5))

    report = json.loads(program("logs", "index", str(logs), "--json").out)
    found = program("logs", "search", "name=CreateAccessKey", "--logs", str(logs), "--json", "--raw").out
    hits = json.loads(program("detect", str(logs), "--json").out)

    assert (report["records"], [file["status"] for file in report["files"]]) == (6, ["ok", "ok"])
    [line] = found.splitlines()
    assert json.loads(line)["issued_key"] == MADE
    assert json.loads(line)["raw"]["eventID"] == record(3)["eventID"]
    assert record(5)["eventID"] in {event for hit in hits for event in hit["event_ids"]}


def test_a_whole_store_can_be_searched(program: Program, tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "logs", (0, 1), (2, 3))
    store = str(tmp_path / "store")
    program("logs", "index", str(logs), "--store", store)

    found = program("logs", "search", "name=ListUsers", "--store", store, "--json").out

    assert [json.loads(line)["name"] for line in found.splitlines()] == ["ListUsers"]


def test_the_operators_word_on_rules_holds_for_detect_too(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = write_logs(tmp_path / "logs", tuple(range(6)))

    def levels() -> dict[str, str]:
        return {hit["name"]: hit["level"] for hit in json.loads(program("detect", str(logs), "--json").out)}

    plain = levels()
    monkeypatch.setenv("INVESTIGATOR_AUTOMATION_ROLES", "arn:aws:iam::111122223333:user/backup")
    listed = levels()
    monkeypatch.setenv("INVESTIGATOR_RULE_MODES", "111122223333/logging-stopped=off")
    ran = program("detect", str(logs), "--json")
    hits = json.loads(ran.out)
    monkeypatch.setenv("INVESTIGATOR_RULE_MODES", "111122223333=perhaps")
    refused = program("detect", str(logs))

    assert (plain["logging-stopped"], listed["logging-stopped"]) == ("critical", "high")
    assert "hits left out by the setting rule_modes: 1" in ran.err
    assert "logging-stopped" not in {hit["name"] for hit in hits}
    assert (refused.code, "111122223333/assume-role=count" in refused.err) == (2, True)
