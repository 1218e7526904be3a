"""The audit log: nothing in it can be changed, dropped or moved unseen."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from investigator.adapters.audit import AuditLog
from investigator.domain.audit_chain import START, BrokenChain, check_chain


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    log = AuditLog(tmp_path / "case" / "audit.jsonl")
    for number in range(5):
        log.record("aws", {"operation": "iam:GetUser", "request_id": f"r{number}"})
    return log


def test_an_empty_log_has_a_head_of_zeros(tmp_path: Path) -> None:
    assert AuditLog(tmp_path / "audit.jsonl").head() == START


def test_the_head_is_that_of_the_checked_chain(log: AuditLog) -> None:
    assert log.check() == log.head()


def test_a_second_run_goes_on_with_the_chain(log: AuditLog, tmp_path: Path) -> None:
    again = AuditLog(tmp_path / "case" / "audit.jsonl")
    again.record("denied", {"operation": "s3:DeleteObject"})

    assert again.check() == again.head() != log.head()


def test_lines_are_counted_by_kind_over_all_runs(log: AuditLog, tmp_path: Path) -> None:
    AuditLog(tmp_path / "case" / "audit.jsonl").record("model", {"prompt": "write"})

    assert (log.count("aws"), log.count("model"), log.count("denied")) == (5, 1, 0)


def flip(lines: list[bytes]) -> list[bytes]:
    return [lines[0].replace(b"r0", b"rX"), *lines[1:]]


def drop(lines: list[bytes]) -> list[bytes]:
    return lines[:2] + lines[3:]


def swap(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


def insert(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[1], *lines[2:]]


def garble(lines: list[bytes]) -> list[bytes]:
    return [*lines[:3], b"\x00[", *lines[4:]]


@pytest.mark.parametrize("mutation", [flip, drop, swap, insert, garble])
def test_a_mutation_breaks_the_chain(
    log: AuditLog, tmp_path: Path, mutation: Callable[[list[bytes]], list[bytes]]
) -> None:
    lines = (tmp_path / "case" / "audit.jsonl").read_bytes().splitlines()

    with pytest.raises(BrokenChain, match="line"):
        check_chain(mutation(lines))


def test_lines_cut_off_at_the_end_change_the_head(log: AuditLog, tmp_path: Path) -> None:
    lines = (tmp_path / "case" / "audit.jsonl").read_bytes().splitlines()

    assert check_chain(lines[:-1]) != log.head()


def test_a_line_that_a_crash_tore_off_is_cut_away(log: AuditLog, tmp_path: Path) -> None:
    with (tmp_path / "case" / "audit.jsonl").open("ab") as file:
        file.write(b'{"previous": "torn')
    again = AuditLog(tmp_path / "case" / "audit.jsonl")

    again.record("aws", {"request_id": "r5"})

    assert again.check() == again.head()
    assert "r5" in again.request_ids()


def test_our_request_ids_are_those_made_repeated_and_read(log: AuditLog) -> None:
    log.record("aws", {"request_id": "last", "repeated": ["first", "second"]})
    log.record("read", {"request_id": ""})

    assert log.request_ids() == {"r0", "r1", "r2", "r3", "r4", "first", "second", "last"}


def test_hostile_text_stays_one_line(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl")
    log.record("denied", {"operation": 'x"}\n{"previous": "forged"\x1b\ud800'})

    assert len((tmp_path / "audit.jsonl").read_bytes().splitlines()) == 1
    assert log.check() == log.head()


def test_threads_share_one_chain(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: log.record("aws", {"request_id": str(number)}), range(200)))

    assert log.check() == log.head()
    assert len(log.request_ids()) == 200


def test_every_line_says_its_kind(log: AuditLog, tmp_path: Path) -> None:
    first = json.loads((tmp_path / "case" / "audit.jsonl").read_bytes().splitlines()[0])

    assert (first["previous"], first["kind"]) == (START, "aws")
