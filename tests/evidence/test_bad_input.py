"""Damaged, foreign and hostile files: each becomes what the table of bad input says, and nothing is lost silently."""

import bz2
import json
import lzma
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.event import Event
from investigator.domain.index_report import FileReport, IndexReport
from investigator.evidence.library import EvidenceLibrary
from investigator.evidence.opening import NotRead
from investigator.evidence.opening import opened as opened_file
from investigator.ports.progress import quiet

from .trails import compact, record, texts, trail, write

Report = Callable[[Path], FileReport]
Read = Callable[..., list[Event]]


def outcome(row: FileReport) -> tuple[str, str | None, int, int]:
    return row.status, row.reason, row.records, row.quarantined


FOREIGN = {
    "archive.zip": (b"PK\x03\x04" + b"\0" * 40, "archive"),
    "archive.tar": (b"\0" * 257 + b"ustar" + b"\0" * 250, "archive"),
    "digest.json": (b'{"awsAccountId":"1","digestStartTime":"x","logFiles":[]}', "digest"),
    "flow.log": (b"version account-id interface-id srcaddr\n2 1 eni-1 10.0.0.1\n", "flow_log"),
    "config.json": (b'{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[]}', "config_snapshot"),
    "export.csv": (b"Event Type,Event Name,Request ID,User ID\nAwsApiCall,ListObjects,1,x\n", "csv"),
    "notice.json": (b'{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put"}]}', "s3_notification"),
    "archive.zst": (b"\x28\xb5\x2f\xfd" + b"\0" * 40, "archive"),
    "archive.bz2": (bz2.compress(b"x"), "archive"),
    "archive.xz": (lzma.compress(b"x"), "archive"),
    "archive.7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, "archive"),
    "archive.tar.gz": (b"\0" * 257 + b"ustar" + b"\0" * 250, "archive"),
    "access.log": (
        b"a1" * 32 + b" bucket [06/Feb/2025:00:00:38 +0000] 192.0.2.3 - REQUEST REST.GET.VERSIONING - -\n",
        "s3_access_log",
    ),
    "load.log": (b"https 2025-07-02T22:23:00.186641Z app/lb/50dc 192.0.2.1:2817 10.0.0.1:80 0 0 0\n", "elb_log"),
    "network-load.log": (b"tls 2.0 2025-12-20T02:59:40 net/lb/c6 g3d4 192.0.2.1:51341 172.100.100.1:443\n", "elb_log"),
    "classic-load.log": (b"2025-05-13T23:39:43.945958Z my-lb 192.0.2.1:2817 10.0.0.1:80 0.000073\n", "elb_log"),
    "cdn.log": (b"#Version: 1.0\n#Fields: date time x-edge-location sc-bytes\n", "cloudfront_log"),
    "resolver.json": (b'{"version":"1.1","query_timestamp":"2025-03-01T00:00:00Z","query_name":"x."}', "dns_log"),
    "zone.log": (b"1.0 2025-12-13T08:16:02.130Z Z123412341234 example.com A NOERROR UDP FRA6 192.0.2.1 -\n", "dns_log"),
    "firewall.json": (b'{"timestamp":1,"formatVersion":1,"webaclId":"arn:aws:wafv2:x","action":"ALLOW"}', "waf_log"),
    "network.json": (b'{"firewall_name":"x","event":{"event_type":"alert"}}', "network_firewall_log"),
    "cluster.json": (b'{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"get"}', "kubernetes_audit_log"),
    "finding.json": (b'{"schemaVersion":"2.0","id":"x","service":{"serviceName":"guardduty"}}', "guardduty"),
    "hub.json": (b'{"Findings":[{"SchemaVersion":"2018-10-08","Id":"x"}]}', "security_hub"),
    "event.ocsf": (b'{"class_uid":4001,"metadata":{"product":{"name":"Amazon VPC"}},"src_endpoint":{}}', "ocsf"),
    "users.csv": (b"user,arn,user_creation_time,password_enabled,mfa_active\nx,y,z,true,false\n", "credential_report"),
    "cost.csv": (b"identity/LineItemId,identity/TimeInterval,bill/InvoiceId,x,y\n1,2,3,4,5\n", "cost_report"),
    "manifest.json": (b'{"sourceBucket":"x","fileFormat":"CSV","fileSchema":"Bucket, Key"}', "inventory_manifest"),
    "capture.pcap": (b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + b"\0" * 16, "packet_capture"),
    "security.evtx": (b"ElfFile\0" + b"\0" * 64, "windows_event_log"),
    "history.db": (b"SQLite format 3\0" + b"\0" * 64, "database"),
    "text.txt": (b"nothing to see here\n", "not_cloudtrail"),
    "number.json": (b"42", "not_cloudtrail"),
    "null.json": (b"null", "not_cloudtrail"),
    "page.html": (b"<html><body>{}</body></html>", "not_cloudtrail"),
    "noise.bin": (bytes(range(256)) * 8, "not_cloudtrail"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_lies_beside_logs_is_skipped_and_named(name: str, tmp_path: Path, report_of: Report) -> None:
    content, kind = FOREIGN[name]
    write(tmp_path / "logs" / name, content)

    assert outcome(report_of(tmp_path / "logs" / name)) == ("skip", kind, 0, 0)


def test_a_file_that_the_user_named_is_refused_instead(tmp_path: Path, index: Callable[[Path], IndexReport]) -> None:
    [row] = index(write(tmp_path / "text.txt", b"nothing to see here\n")).files

    assert outcome(row) == ("reject", "not_cloudtrail", 0, 0)


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes, tmp_path: Path, report_of: Report) -> None:
    assert outcome(report_of(write(tmp_path / "logs" / "empty.json", content))) == ("reject", "empty", 0, 0)


def test_an_empty_trail_is_an_answer(tmp_path: Path, report_of: Report) -> None:
    assert outcome(report_of(write(tmp_path / "logs" / "none.json", b'{"Records":[]}'))) == ("ok", None, 0, 0)


def test_truncated_json_keeps_the_whole_records(tmp_path: Path, report_of: Report) -> None:
    cut = trail(record(1), record(2), record(3))[:-60]

    row = report_of(write(tmp_path / "logs" / "cut.json", cut))

    assert outcome(row) == ("partial", "truncated", 2, 1)
    assert row.offset == cut.rindex(b'{"eventVersion"')


def test_a_list_that_is_not_closed_is_told(tmp_path: Path, report_of: Report) -> None:
    assert outcome(report_of(write(tmp_path / "logs" / "cut.json", trail(record())[:-2]))) == (
        "partial", "truncated", 1, 0,
    )  # fmt: skip


def test_a_bad_line_costs_that_line(tmp_path: Path, report_of: Report) -> None:
    lines = [compact(record(1)), '{"eventVersion": "1.08", "eventName": oops}', compact(record(2))]

    assert outcome(report_of(write(tmp_path / "logs" / "log.jsonl", "\n".join(lines).encode()))) == (
        "partial", "quarantined", 2, 1,
    )  # fmt: skip


def test_a_damaged_record_costs_only_itself(tmp_path: Path, report_of: Report, read: Read) -> None:
    broken = compact(record(2)).replace('"ListUsers"', '"ListUsers')
    path = write(tmp_path / "logs" / "log.json", texts([compact(record(1)), broken, compact(record(3))]))

    assert outcome(report_of(path)) == ("partial", "quarantined", 2, 1)
    assert [event.id for event in read(path)] == ["ct:event-1", "ct:event-3"]


@pytest.mark.parametrize("stranger", ["5", '"text"', "null", "[1]", "true"])
def test_what_is_no_object_is_quarantined(stranger: str, tmp_path: Path, report_of: Report) -> None:
    path = write(tmp_path / "logs" / "log.json", texts([compact(record(1)), stranger, compact(record(2))]))

    assert outcome(report_of(path)) == ("partial", "quarantined", 2, 1)


def test_a_record_that_is_too_deep_is_refused_with_its_place(tmp_path: Path, report_of: Report) -> None:
    deep = compact(record(2)).replace(
        '"requestParameters":null', '"requestParameters":' + '{"a":' * 70 + "1" + "}" * 70
    )
    content = texts([compact(record(1)), deep, compact(record(3))])

    row = report_of(write(tmp_path / "logs" / "log.json", content))

    assert (outcome(row), row.flags) == (("partial", "quarantined", 2, 1), ("too_deep",))
    assert row.offset == content.index(deep.encode())


def test_a_record_that_is_too_large_is_refused(tmp_path: Path, report_of: Report) -> None:
    large = record(2, requestParameters={"blob": "x" * (16 * 2**20 + 1)})

    row = report_of(write(tmp_path / "logs" / "log.json", trail(record(1), large, record(3))))

    assert (outcome(row), row.flags) == (("partial", "quarantined", 2, 1), ("oversize",))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_links_and_pipes_are_left_alone(tmp_path: Path, index: Callable[[Path], IndexReport]) -> None:
    logs = tmp_path / "logs"
    target = write(logs / "log.json", trail(record()))
    (logs / "link.json").symlink_to(target)
    (logs / "loop").symlink_to(logs)
    os.mkfifo(logs / "pipe")

    rows = {row.path: (row.status, row.reason) for row in index(logs).files}

    left_alone = ("skip", "not_a_regular_file")
    assert rows == {"link.json": left_alone, "log.json": ("ok", None), "loop": left_alone, "pipe": left_alone}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_hostile_file_name_is_read_and_shown_escaped(tmp_path: Path, index: Callable[[Path], IndexReport]) -> None:
    write(tmp_path / "logs" / "\x1b[2Jlog\n.json", trail(record()))

    [row] = index(tmp_path / "logs").files

    assert (row.path, row.records) == ("\\x1b[2Jlog\\x0a.json", 1)


def test_utf16_is_decoded_and_flagged(tmp_path: Path, report_of: Report) -> None:
    row = report_of(write(tmp_path / "logs" / "log.json", trail(record()).decode().encode("utf-16")))

    assert (outcome(row), row.flags) == (("ok", None, 1, 0), ("utf16",))


def test_two_lists_of_records_are_both_read_and_flagged(tmp_path: Path, report_of: Report) -> None:
    twice = trail(record(1))[:-1] + b',"Records":[' + compact(record(2)).encode() + b"]}"

    row = report_of(write(tmp_path / "logs" / "log.json", twice))

    assert (outcome(row), row.flags) == (("ok", None, 2, 0), ("duplicate_key",))


@pytest.mark.parametrize("beside", [b'"records"', b'"more"'])
def test_records_beside_the_list_are_read_too(beside: bytes, tmp_path: Path, report_of: Report) -> None:
    content = b"{" + beside + b":[" + compact(record(1)).encode() + b"]," + trail(record(2))[1:]

    assert outcome(report_of(write(tmp_path / "logs" / "log.json", content))) == ("ok", None, 2, 0)


def test_a_damaged_wrapper_gives_the_records_inside(tmp_path: Path, report_of: Report, read: Read) -> None:
    content = b'{"export":{"name":"x" "list":[' + b",".join(compact(record(n)).encode() for n in (1, 2)) + b"]}}"
    path = write(tmp_path / "logs" / "log.json", content)

    assert outcome(report_of(path)) == ("partial", "quarantined", 2, 1)
    assert [event.id for event in read(path)] == ["ct:event-1", "ct:event-2"]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no sockets in folders here")
def test_a_socket_is_left_alone(tmp_path: Path, index: Callable[[Path], IndexReport]) -> None:
    logs = tmp_path / "s"
    logs.mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(logs / "a"))

        assert [(row.path, row.status, row.reason) for row in index(logs).files] == [
            ("a", "skip", "not_a_regular_file")
        ]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "log.json", trail(record()))

    with pytest.raises(NotRead, match="changed_during_read"), opened_file(str(path)) as file:
        file.read(10)
        path.write_bytes(trail(record(), record(2)))


def test_a_missing_path_is_a_mistake_of_the_caller(library: EvidenceLibrary, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        library.index([tmp_path / "nowhere"], quiet)


def test_counts_in_are_counts_out(tmp_path: Path, index: Callable[[Path], IndexReport]) -> None:
    rows = [compact(record(number)) for number in range(1, 40)]
    rows[7], rows[20], rows[30] = "17", rows[20].replace('"eventTime"', "eventTime"), rows[30].replace("},", "],", 1)

    report = index(write(tmp_path / "log.json", texts(rows)))

    assert report.records + report.quarantined == 39
    assert report.records == report.distinct == 36


def test_a_report_is_json(tmp_path: Path, index: Callable[[Path], IndexReport]) -> None:
    report = index(write(tmp_path / "log.json", trail(record())))

    assert json.loads(report.model_dump_json())["files"][0]["status"] == "ok"


@pytest.mark.parametrize(
    "piece", ['{"eventVersion":', '[{"a":[', '{"a":"', '"', "{}", '\\"{', '{"Records":[', "}],"], ids=repr
)
def test_a_megabyte_of_damage_comes_to_an_end(piece: str, tmp_path: Path, report_of: Report) -> None:
    content = trail(record(1))[:-2] + b"," + piece.encode() * (2**20 // len(piece))

    row = report_of(write(tmp_path / "logs" / "log.json", content))

    assert (row.status, row.records) == ("partial", 1)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b" \r\n\t"], ids=["a byte order mark", "white space"])
def test_what_stands_before_the_first_brace_costs_nothing(mark: bytes, tmp_path: Path, report_of: Report) -> None:
    row = report_of(write(tmp_path / "logs" / "log.json", mark + trail(record())))

    assert (outcome(row), row.flags) == (("ok", None, 1, 0), ())


@pytest.mark.parametrize("between", [b"", b"\r\n", b" , "], ids=repr)
def test_of_two_documents_each_is_read(between: bytes, tmp_path: Path, report_of: Report) -> None:
    content = trail(record(1)) + between + trail(record(2), record(3))

    assert outcome(report_of(write(tmp_path / "logs" / "log.json", content))) == ("ok", None, 3, 0)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode here")
def test_a_file_name_that_is_no_text_is_read_and_shown_escaped(
    tmp_path: Path, index: Callable[[Path], IndexReport]
) -> None:
    write(tmp_path / "logs" / os.fsdecode(b"log-\xff.json"), trail(record()))

    [row] = index(tmp_path / "logs").files

    assert (row.path, row.records, row.path.isascii()) == ("log-\\udcff.json", 1, True)
    assert index(tmp_path / "logs").files == (row,)
