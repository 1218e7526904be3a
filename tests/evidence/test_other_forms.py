"""Records in another product's form come back as the records they were made from, flagged, and with their row."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from investigator.domain.canonical import loads
from investigator.domain.event import Event
from investigator.domain.index_report import FileReport
from investigator.ports.store import Snapshot
from investigator.proof.reader import file_records
from investigator.proof.records import OriginalRecords
from tests.support.record_forms import (
    athena_answer,
    athena_row,
    csv_text,
    flat_row,
    lake_answer,
    lake_row,
    ocsf,
    parquet,
    python_row,
    security_lake,
    typed_row,
)

from .trails import compact, record, session, trail, write

Read = Callable[..., list[Event]]
Report = Callable[[Path], FileReport]

ISSUER = {"type": "Role", "principalId": "AROADEPLOY", "arn": "arn:aws:iam::111122223333:role/deploy",
          "accountId": "111122223333", "userName": "deploy"}  # fmt: skip
ONE = record(
    1, eventName="PutUserPolicy", readOnly=False,
    requestParameters={"userName": "bob, \"the\" builder", "policyDocument": '{"Statement":[]}\n', "ümlaut": [1, 2.5]},
    responseElements={"ok": True},
)  # fmt: skip
TWO = record(
    2, userIdentity=session(sessionIssuer=ISSUER),
    errorCode="AccessDenied", errorMessage="no, you may not", eventName="CreateFunction20150331",
)  # fmt: skip
BOTH = (ONE, TWO)
FORMS: dict[str, tuple[bytes, set[str]]] = {
    "Athena CSV": (csv_text(list(map(athena_row, BOTH))), {"from_csv"}),
    "Lake CSV": (csv_text(list(map(lake_row, BOTH)), quoting=1), {"from_csv"}),
    "CSV of dictionaries": (csv_text(list(map(python_row, BOTH))), {"from_csv"}),
    "CSV with whole records": (csv_text([{"_time": "x", "_raw": compact(one)} for one in BOTH]), {"from_csv"}),
    "CSV of LookupEvents": (csv_text([{"EventId": "x", "CloudTrailEvent": compact(one)} for one in BOTH]), {"from_csv"}),
    "CSV with tabs": (csv_text(list(map(athena_row, BOTH)), delimiter="\t"), {"from_csv"}),
    "CSV with backslashes": (
        csv_text(list(map(athena_row, BOTH)), doublequote=False, escapechar="\\", quoting=1), {"from_csv"},
    ),
    "CSV with a byte order mark": (b"\xef\xbb\xbf" + csv_text(list(map(athena_row, BOTH))), {"from_csv"}),
    "Athena answer": (compact(athena_answer([{**dict.fromkeys(athena_row(TWO)), **athena_row(one)} for one in BOTH])).encode(), {"from_query_result"}),
    "Lake answer": (json.dumps(lake_answer(list(map(lake_row, BOTH))), indent=1).encode(), {"from_query_result"}),
    "Athena JSON lines": ("\n".join(compact(athena_row(one)) for one in BOTH).encode(), {"from_query_result"}),
    "OCSF lines": ("\n".join(compact(ocsf(one)) for one in BOTH).encode(), {"from_ocsf"}),
    "OCSF array": (json.dumps([ocsf(one) for one in BOTH], indent=2).encode(), {"from_ocsf"}),
    "OCSF with the original": (
        compact([{**ocsf(one), "raw_data": compact(one)} for one in BOTH]).encode(), {"from_ocsf"},
    ),
    "Security Lake": (security_lake(BOTH), {"from_ocsf", "from_parquet"}),
    "Parquet of Athena": (parquet(list(map(athena_row, BOTH))), {"from_parquet"}),
    "Parquet of types": (parquet(list(map(typed_row, BOTH))), {"from_parquet"}),
    "Parquet of whole records": (parquet([{"value": compact(one)} for one in BOTH]), {"from_parquet"}),
    "packed Parquet": (gzip.compress(parquet(list(map(athena_row, BOTH)))), {"from_parquet"}),
}  # fmt: skip


def unflagged(events: list[Event]) -> list[Event]:
    return [replace(event, flags=()) for event in events]


@pytest.mark.parametrize("name", FORMS)
def test_the_records_are_those_of_the_trail(name: str, tmp_path: Path, read: Read) -> None:
    content, words = FORMS[name]

    events = read(write(tmp_path / "form", content))

    assert unflagged(events) == unflagged(read(write(tmp_path / "trail.json", trail(*BOTH))))
    assert [set(event.flags) for event in events] == [words, words]


@pytest.mark.parametrize("name", FORMS)
def test_the_independent_reader_finds_the_same_records(
    name: str, tmp_path: Path, opened: Callable[..., Snapshot]
) -> None:
    path = write(tmp_path / "form", FORMS[name][0])

    found = OriginalRecords(opened(path)).read(["ct:event-1", "ct:event-2"])

    assert [found[f"ct:event-{number}"].text("eventName") for number in (1, 2)] == [one["eventName"] for one in BOTH]
    assert found["ct:event-1"].value["requestParameters"] == loads(compact(ONE["requestParameters"]))
    assert len(list(file_records(path))) == 2


@pytest.mark.parametrize("name", [name for name in FORMS if "Parquet" not in name and name != "Security Lake"])
def test_a_place_leads_to_the_original_row(name: str, tmp_path: Path, opened: Callable[..., Snapshot]) -> None:
    path = write(tmp_path / "form", FORMS[name][0])

    [place] = opened(path).places(["ct:event-2"])["ct:event-2"]

    there = path.read_bytes()[place.offset or 0 :][: place.length]
    assert place.row == 1
    assert b"event-2" in there and b"event-1" not in there


def test_a_row_of_parquet_is_known_by_its_number(tmp_path: Path, opened: Callable[..., Snapshot]) -> None:
    path = write(tmp_path / "form", FORMS["Security Lake"][0])

    [place] = opened(path).places(["ct:event-2"])["ct:event-2"]

    assert (place.row, place.offset) == (1, None)


def test_one_event_in_two_forms_is_one_event(tmp_path: Path, read: Read) -> None:
    paths = [write(tmp_path / "trail.json", trail(*BOTH)), *(
        write(tmp_path / f"{number}.bin", content) for number, (content, _) in enumerate(FORMS.values())
    )]  # fmt: skip

    assert [event.id for event in read(*paths)] == ["ct:event-1", "ct:event-2"]


def test_a_table_of_paths_gives_texts_where_the_record_had_others(tmp_path: Path, read: Read) -> None:
    [one, two] = read(write(tmp_path / "form.csv", csv_text(list(map(flat_row, BOTH)), delimiter=";")))

    assert (one.arn, one.key, one.read_only, one.name) == (
        ONE["userIdentity"]["arn"],
        "AKIAALICE00000000000",
        False,
        "PutUserPolicy",
    )
    assert one.request == {**ONE["requestParameters"], "ümlaut": "[1,2.5]"}
    assert (two.issuer, two.session, two.mfa) == (ISSUER["arn"], "run-1", "false")


FOREIGN_TABLES = {
    "flow.parquet": (parquet([{"version": 2, "interface_id": "eni-1", "srcaddr": "10.0.0.1", "action": "ACCEPT"}]), "flow_log"),
    "other.parquet": (parquet([{"a": 1, "b": "x"}]), "parquet"),
    "findings.parquet": (parquet([{"class_uid": 2004, "metadata": {"product": {"name": "GuardDuty"}}}]), "ocsf"),
    "people.csv": (b"name,age,town,shoe\nx,1,y,44\n", "csv"),
    "messages.csv": (b"time,message,a,b\n1,hello,2,3\n", "csv"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN_TABLES)
def test_tables_of_something_else_are_skipped_and_named(name: str, tmp_path: Path, report_of: Report) -> None:
    content, kind = FOREIGN_TABLES[name]

    row = report_of(write(tmp_path / "logs" / name, content))

    assert (row.status, row.reason, row.records) == ("skip", kind, 0)


def rows_of_three() -> list[bytes]:
    return csv_text([athena_row(record(number)) for number in (1, 2, 3)]).splitlines(keepends=True)


@pytest.mark.parametrize(
    "line", [b"a,b\r\n", b'"never closed,b\r\n', b"\xff\xfe\x00,\r\n", b'x"y"z\r\n', b'"a""\r\n'], ids=repr
)
def test_a_damaged_row_costs_only_itself(line: bytes, tmp_path: Path, report_of: Report, read: Read) -> None:
    header, one, two, three = rows_of_three()
    path = write(tmp_path / "logs" / "form.csv", header + one + line + two + three)

    row = report_of(path)

    assert (row.status, row.reason, row.records, row.quarantined) == ("partial", "quarantined", 3, 1)
    assert row.offset == len(header + one)
    assert [event.id for event in read(path)] == ["ct:event-1", "ct:event-2", "ct:event-3"]


def test_a_cut_table_says_so(tmp_path: Path, report_of: Report) -> None:
    header, one, two, three = rows_of_three()

    row = report_of(write(tmp_path / "logs" / "form.csv", header + one + two + three[:50]))

    assert (row.status, row.reason, row.records, row.quarantined) == ("partial", "truncated", 2, 1)


def test_a_row_of_something_else_among_records_is_counted(tmp_path: Path, report_of: Report) -> None:
    rows = [athena_row(record(1)), dict.fromkeys(athena_row(record(1)), ""), athena_row(record(2))]

    row = report_of(write(tmp_path / "logs" / "form.csv", csv_text(rows)))

    assert (row.status, row.records, row.quarantined) == ("partial", 2, 1)


def test_a_damaged_parquet_file_is_refused_by_name(tmp_path: Path, report_of: Report) -> None:
    content = FORMS["Parquet of Athena"][0]

    row = report_of(write(tmp_path / "logs" / "form.parquet", content[: len(content) // 2]))

    assert (row.status, row.reason) == ("reject", "parquet_damaged")


def with_a_deep_cell(levels: int, column: str) -> list[dict[str, str | None]]:
    rows = [athena_row(record(number)) for number in (1, 2, 3)]
    rows[1][column] = '{"a":' * levels + "1" + "}" * levels
    return rows


DEEP_FORMS: dict[str, Callable[[list[dict[str, str | None]]], bytes]] = {
    "CSV": csv_text,
    "Parquet": parquet,
    "Lake answer": lambda rows: compact(lake_answer(rows)).encode(),
    "lines": lambda rows: "\n".join(map(compact, rows)).encode(),
}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(with_a_deep_cell(levels, column), id=f"{column} {levels}")
        for levels in (70, 400, 2_000)
        for column in ("useridentity", "requestparameters", "resources")
    ],
)
@pytest.mark.parametrize("form", DEEP_FORMS)
def test_a_cell_that_is_too_deep_costs_only_its_row(
    form: str, rows: list[dict[str, str | None]], tmp_path: Path, report_of: Report, read: Read
) -> None:
    path = write(tmp_path / "logs" / "form", DEEP_FORMS[form](rows))

    row = report_of(path)

    assert (row.status, row.reason, row.records) == ("partial", "quarantined", 2)
    assert [event.id for event in read(path)] == ["ct:event-1", "ct:event-3"]
    assert len({record.text("eventID") for record in file_records(path)} & {"event-1", "event-3"}) == 2


def test_a_structure_in_lower_case_that_is_too_deep_costs_only_its_row(tmp_path: Path, report_of: Report) -> None:
    one, two, three = (compact(athena_row(record(number))) for number in (1, 2, 3))
    deep = two[:-1] + ',"resources":' + '{"a":' * 400 + "1" + "}" * 400 + "}"

    row = report_of(write(tmp_path / "logs" / "form.jsonl", "\n".join([one, deep, three]).encode()))

    assert (row.status, row.records, row.quarantined, row.flags) == ("partial", 2, 1, ("too_deep",))
    assert row.offset == len(one) + 1
