"""Files that were read before: one that is gone, or holds something else now, is told as long as its records miss."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.index_report import IndexReport
from tests.support.incidents import WORRY, leak
from tests.support.investigations import Room, worry
from tests.support.log_files import write_log

from .trails import record, trail, write

Index = Callable[[Path], IndexReport]


def lost(report: IndexReport) -> dict[str, str | None]:
    return {file.path: file.reason for file in report.files if file.status == "reject"}


@pytest.fixture
def logs(tmp_path: Path, index: Index) -> Path:
    """A folder of three files that was read."""
    logs = tmp_path / "logs"
    for number in (1, 2, 3):
        write(logs / f"deep/{number}.json", trail(record(number)))
    index(logs)
    return logs


def test_a_file_that_vanished_is_told_each_time(logs: Path, index: Index) -> None:
    (logs / "deep/2.json").unlink()

    reports = [index(logs) for _ in range(2)]

    assert [lost(report) for report in reports] == [{"deep/2.json": "vanished"}] * 2
    assert [report.distinct for report in reports] == [2, 2]


@pytest.mark.parametrize(
    "now", [record(4), record(2, eventName="DeleteUser"), record(2, requestParameters={"a": 1})],
    ids=["another record", "another call", "another request"],
)  # fmt: skip
def test_a_file_that_changed_is_told_each_time(now: dict, logs: Path, index: Index) -> None:
    write(logs / "deep/2.json", trail(now))

    reports = [index(logs) for _ in range(2)]

    assert [lost(report) for report in reports] == [{"deep/2.json": "changed_since_read"}] * 2


def test_a_file_that_is_restored_is_not_lost_any_more(logs: Path, index: Index) -> None:
    (logs / "deep/2.json").unlink()
    index(logs)

    write(logs / "deep/2.json", trail(record(2)))

    assert lost(index(logs)) == {}


@pytest.mark.parametrize(
    "files",
    [
        {"other.json": trail(record(2))},
        {"other.json.gz": gzip.compress(trail(record(2), record(3)))},
        {"deep/2.json": trail(record(5), record(2))},
    ],
    ids=["renamed", "packed with others", "longer now"],
)
def test_what_still_stands_in_a_file_is_not_lost(files: dict[str, bytes], logs: Path, index: Index) -> None:
    (logs / "deep/2.json").unlink()
    for name, content in files.items():
        (logs / name).write_bytes(content)

    assert lost(index(logs)) == {}


def test_what_lies_beside_the_given_folder_is_not_missed(logs: Path, tmp_path: Path, index: Index) -> None:
    other = write(tmp_path / "logs-of-another/log.json", trail(record(9)))
    index(other.parent)
    other.unlink()

    assert lost(index(logs)) == {}
    assert lost(index(other.parent)) == {"log.json": "vanished"}


def test_a_case_has_a_gap_for_what_its_files_held_before(tmp_path: Path) -> None:
    room, logs = Room(tmp_path / "room"), tmp_path / "logs"
    write_log(logs, leak()[:-3], "first.json")
    write_log(logs, leak()[-3:], "last.json")
    before = room.run(worry(WORRY, logs))
    (logs / "last.json").unlink()

    after = room.run(worry(WORRY, logs))

    assert [gap for gap in before.gaps if "last.json" in gap.what] == []
    [gap] = [gap for gap in after.gaps if "last.json" in gap.what]
    assert "last.json (vanished)" in gap.what
