"""Gzip that is cut, damaged, nested, followed by other bytes or a bomb: what stood before is read, and it is told."""

import gzip
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.index_report import FileReport

from .test_bad_input import outcome
from .trails import record, trail

Report = Callable[[Path], FileReport]
MANY = [record(number, requestParameters={"note": os.urandom(40).hex()}) for number in range(1, 200)]


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


def test_a_packed_file_of_which_nothing_can_be_read_is_refused_by_its_damage(tmp_path: Path, report_of: Report) -> None:
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "cut.json.gz"
    path.write_bytes(gzip.compress(trail(record()))[:12])

    assert outcome(report_of(path)) == ("reject", "gzip_truncated", 0, 0)


def test_a_wrong_size_at_the_end_of_a_gzip_stream_keeps_the_records(tmp_path: Path, report_of: Report) -> None:
    packed = bytearray(gzip.compress(trail(*MANY)))
    packed[-1] ^= 1
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "size.json.gz"
    path.write_bytes(bytes(packed))

    assert outcome(report_of(path)) == ("partial", "gzip_crc", 199, 0)


def test_both_layers_of_gzip_share_one_budget(tmp_path: Path, report_of: Report) -> None:
    """A hundred kilobytes that would be a bomb of 300 MiB below their second layer."""
    squeezed = zlib.compressobj(9, wbits=31)
    inner = b"".join(squeezed.compress(b" " * 2**20) for _ in range(300)) + squeezed.flush()
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "bomb.json.gz"
    path.write_bytes(gzip.compress(inner))

    assert outcome(report_of(path)) == ("reject", "oversize", 0, 0)
