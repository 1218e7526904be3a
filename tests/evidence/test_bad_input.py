"""Damaged, foreign and hostile files: each becomes what the table of bad input says, and nothing is lost silently."""

import gzip
import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.event import Event
from investigator.domain.index_report import FileReport, IndexReport
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet

from .trails import compact, record, texts, trail, write

Report = Callable[[Path], FileReport]
Read = Callable[..., list[Event]]
MANY = [record(number, requestParameters={"note": os.urandom(40).hex()}) for number in range(1, 200)]


def outcome(row: FileReport) -> tuple[str, str | None, int, int]:
    return row.status, row.reason, row.records, row.quarantined


def test_a_cut_gzip_file_gives_the_records_before_the_cut(tmp_path: Path, report_of: Report) -> None:
    packed = gzip.compress(trail(*MANY))
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "cut.json.gz"
    path.write_bytes(packed[: len(packed) // 2])

    row = report_of(path)

    assert (row.status, row.reason, row.quarantined) == ("partial", "gzip_truncated", 1)
    assert 60 < row.records < 140
    assert row.offset is not None


def test_a_wrong_checksum_keeps_the_records(tmp_path: Path, report_of: Report) -> None:
    packed = bytearray(gzip.compress(trail(*MANY)))
    packed[-8] ^= 1
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "sum.json.gz"
    path.write_bytes(bytes(packed))

    assert outcome(report_of(path)) == ("partial", "gzip_crc", 199, 0)


def test_bytes_after_the_gzip_stream_are_told(tmp_path: Path, report_of: Report) -> None:
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "tail.json.gz"
    path.write_bytes(gzip.compress(trail(record())) + b"hidden")

    assert outcome(report_of(path)) == ("partial", "gzip_trailing_data", 1, 0)


@pytest.mark.parametrize("second", [record(2), record(1)], ids=["another record", "the same bytes again"])
def test_every_gzip_member_is_read(second: dict, tmp_path: Path, report_of: Report) -> None:
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "members.json.gz"
    path.write_bytes(gzip.compress(trail(record(1)), mtime=0) + gzip.compress(trail(second), mtime=0))

    row = report_of(path)

    assert (outcome(row), row.flags) == (("ok", None, 2, 0), ("gzip_members",))


@pytest.mark.parametrize(("layers", "expected"), [(2, ("ok", None, 1, 0)), (3, ("reject", "nested_compression", 0, 0))])
def test_two_layers_of_gzip_are_undone_and_no_more(
    layers: int, expected: tuple[str, str | None, int, int], tmp_path: Path, report_of: Report
) -> None:
    content = trail(record())
    for _ in range(layers):
        content = gzip.compress(content)
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "nested.gz"
    path.write_bytes(content)

    assert outcome(report_of(path)) == expected


def test_a_bomb_is_refused(tmp_path: Path, report_of: Report) -> None:
    squeezed = zlib.compressobj(9, wbits=31)
    packed = b"".join(squeezed.compress(b" " * 2**20) for _ in range(300)) + squeezed.flush()
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "bomb.json.gz"
    path.write_bytes(packed)

    assert outcome(report_of(path)) == ("reject", "oversize", 0, 0)


FOREIGN = {
    "archive.zip": (b"PK\x03\x04" + b"\0" * 40, "archive"),
    "archive.tar": (b"\0" * 257 + b"ustar" + b"\0" * 250, "archive"),
    "digest.json": (b'{"awsAccountId":"1","digestStartTime":"x","logFiles":[]}', "digest"),
    "flow.log": (b"version account-id interface-id srcaddr\n2 1 eni-1 10.0.0.1\n", "flow_log"),
    "config.json": (b'{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[]}', "config_snapshot"),
    "export.csv": (b"Event Type,Event Name,Request ID,User ID\nAwsApiCall,ListObjects,1,x\n", "csv"),
    "notice.json": (b'{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put"}]}', "s3_notification"),
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
