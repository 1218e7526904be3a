"""Whatever is wrapped around CloudTrail records, the same records come out."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.event import Event
from investigator.ports.store import Snapshot
from investigator.proof.reader import file_records

from .trails import Json, compact, record, trail, write

Read = Callable[..., list[Event]]
ONE, TWO = record(1), record(2, eventName="CreateUser")


def looked_up(row: Json) -> Json:
    return {"EventId": row["eventID"], "EventTime": "2025-03-01 10:00:01+00:00", "CloudTrailEvent": json.dumps(row)}


WRAPPINGS = {
    "a trail": trail(ONE, TWO),
    "a pretty trail": json.dumps({"Records": [ONE, TWO]}, indent=2).encode(),
    "a trail with other keys": compact({"x": {"y": 1}, "Records": [ONE, TWO], "z": "}"}).encode(),
    "a byte order mark": b"\xef\xbb\xbf" + trail(ONE, TWO),
    "a bare array": json.dumps([ONE, TWO]).encode(),
    "JSON lines": f"{compact(ONE)}\n\n{compact(TWO)}\n".encode(),
    "JSON lines of Windows": f"{compact(ONE)}\r\n{compact(TWO)}\r\n".encode(),
    "two trails in one file": trail(ONE) + b"\n" + trail(TWO),
    "records without a comma": f'{{"Records":[{compact(ONE)} {compact(TWO)}]}}'.encode(),
    "Records twice": f'{{"Records":[{compact(ONE)}],"Records":[{compact(TWO)}]}}'.encode(),
    "a search engine": f"{compact({'_index': 'x', '_source': ONE})}\n{compact({'_source': TWO})}".encode(),
    "search hits": compact({"hits": {"total": 2, "hits": [{"_source": ONE}, {"_source": TWO}]}}).encode(),
    "LookupEvents": compact({"Events": [looked_up(ONE), looked_up(TWO)]}).encode(),
    "LookupEvents rows": f"{compact(looked_up(ONE))}\n{compact(looked_up(TWO))}".encode(),
    "saved answers": f"{compact({'page': 1, 'body': {'Events': [looked_up(ONE)]}})}\n"
    f"{compact({'page': 2, 'body': {'Events': [looked_up(TWO)]}})}\n".encode(),
    "EventBridge": f"{compact({'detail-type': 'x', 'detail': ONE})}\n{compact({'detail': TWO})}".encode(),
    "a log group": compact({"logEvents": [{"message": compact(ONE)}, {"message": compact(TWO)}]}).encode(),
    "another product's envelope": compact({"export": {"by": "x", "Records": [ONE, TWO]}}).encode(),
    "lists of envelopes": json.dumps([{"kind": "x", "payload": {"Records": [one]}} for one in (ONE, TWO)]).encode(),
    "a queue": compact({"Messages": [{"Body": compact({"Records": [one]})} for one in (ONE, TWO)]}).encode(),
    "a topic in a queue": compact(
        {"Messages": [{"Body": compact({"Message": compact({"Records": [one]})})} for one in (ONE, TWO)]}
    ).encode(),
    "a function's queue": compact(
        {"Records": [{"messageId": "x", "body": compact(one)} for one in (ONE, TWO)]}
    ).encode(),
    "a function's topic": compact(
        {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": compact(one)}} for one in (ONE, TWO)]}
    ).encode(),
    "a log group's answer": compact(
        {"events": [{"timestamp": 1740823201000, "message": compact(one)} for one in (ONE, TWO)]}
    ).encode(),
    "a subscription's file": "".join(
        compact({"messageType": "DATA_MESSAGE", "logEvents": [{"message": compact(one)}]}) for one in (ONE, TWO)
    ).encode(),
    "Splunk": f"{compact({'preview': False, 'result': {'_raw': compact(ONE)}})}\n"
    f"{compact({'preview': False, 'result': {'_raw': compact(TWO)}})}\n".encode(),
    "Elastic": compact(
        {"hits": {"hits": [{"_source": {"event": {"original": compact(one)}}} for one in (ONE, TWO)]}}
    ).encode(),
    "Datadog": compact({"data": [{"attributes": {"service": "x", "attributes": one}} for one in (ONE, TWO)]}).encode(),
    "saved EventBridge answers": compact([{"version": "0", "detail": one, "time": "x"} for one in (ONE, TWO)]).encode(),
    "UTF-16": trail(ONE, TWO).decode().encode("utf-16"),
}


@pytest.mark.parametrize("name", WRAPPINGS)
def test_both_records_come_out(name: str, tmp_path: Path, read: Read) -> None:
    events = read(write(tmp_path / "log.json", WRAPPINGS[name]))

    assert [(event.id, event.name) for event in events] == [("ct:event-1", "ListUsers"), ("ct:event-2", "CreateUser")]


@pytest.mark.parametrize("name", WRAPPINGS)
def test_a_place_leads_back_to_the_record(name: str, tmp_path: Path, opened: Callable[..., Snapshot]) -> None:
    path = write(tmp_path / "log.json", WRAPPINGS[name])

    [place] = opened(path).places(["ct:event-2"])["ct:event-2"]

    content = path.read_bytes()
    there = content[place.offset : (place.offset or 0) + (place.length or 0)] if place.offset is not None else content
    assert place.path == path
    assert "event-2".encode("utf-16-le" if name == "UTF-16" else "utf-8") in there
    assert place.offset is None or b"event-1" not in there


@pytest.mark.parametrize("name", WRAPPINGS)
def test_the_independent_reader_finds_both_too(name: str, tmp_path: Path) -> None:
    found = file_records(write(tmp_path / "log.json", WRAPPINGS[name]))

    assert sorted(str(one.value["eventID"]) for one in found) == ["event-1", "event-2"]


@pytest.mark.parametrize("name", ["log.json", "log", "log.txt", "log.zip", "log.csv", "log.parquet"])
def test_packed_text_is_known_by_its_bytes(name: str, tmp_path: Path, read: Read) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(trail(ONE)) + gzip.compress(trail(TWO)))

    assert [event.id for event in read(path)] == ["ct:event-1", "ct:event-2"]


def test_plain_text_is_known_by_its_bytes(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "log.json.gz"
    path.write_bytes(trail(ONE, TWO))

    assert [event.id for event in read(path)] == ["ct:event-1", "ct:event-2"]


def test_a_text_of_somebody_elses_is_no_record(tmp_path: Path, read: Read) -> None:
    planted = {"Users": [{"UserName": "x", "Path": "/", "Description": compact(ONE)}]}

    assert read(write(tmp_path / "answer.json", compact(planted).encode())) == []


def test_a_record_inside_a_record_is_its_own_parameter(tmp_path: Path, read: Read) -> None:
    outer = record(3, requestParameters={"entries": [TWO], "message": compact(ONE)})

    assert [event.id for event in read(write(tmp_path / "log.json", trail(outer)))] == ["ct:event-3"]


def test_one_record_is_a_file_too(tmp_path: Path, read: Read) -> None:
    assert [event.name for event in read(write(tmp_path / "log.json", json.dumps(TWO, indent=1).encode()))] == [
        "CreateUser"
    ]


def test_a_collector_may_have_moved_the_time(tmp_path: Path, read: Read) -> None:
    moved = record(1, eventTime=..., **{"@timestamp": "2025-03-01T12:00:00.500+02:00"})

    [event] = read(write(tmp_path / "log.json", compact(moved).encode()))

    assert (event.time and event.time.isoformat(), event.flags) == (
        "2025-03-01T10:00:00.500000+00:00",
        ("time_from_wrapper",),
    )


def test_a_catalogue_of_calls_is_no_log(tmp_path: Path, read: Read) -> None:
    catalogue = [{"eventName": "CreateUser", "eventSource": "iam.amazonaws.com", "description": "makes a user"}]

    assert read(write(tmp_path / "log.json", compact(catalogue).encode())) == []


def test_a_notification_of_s3_is_no_log(tmp_path: Path, read: Read) -> None:
    notice = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "eventTime": "2025-03-01T10:00:00Z",
    }

    assert read(write(tmp_path / "log.json", trail(notice))) == []
