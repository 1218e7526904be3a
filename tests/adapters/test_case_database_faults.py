"""A case database on a bad disk is trouble with a cause, and its commits outlive a loss of power."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from investigator.adapters.cases import CaseDatabase


@pytest.mark.parametrize("content", [b"no database" * 1_000, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_damaged_database_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "cases.sqlite").write_bytes(content)

    with pytest.raises(OSError, match=r"cases\.sqlite: .*; see that the disk has room"):
        CaseDatabase(tmp_path)


def test_a_folder_in_the_place_of_the_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "cases.sqlite").mkdir()

    with pytest.raises(OSError, match=r"cases\.sqlite: .*; see that the disk has room"):
        CaseDatabase(tmp_path)


def test_a_table_that_is_missing_is_a_bug(tmp_path: Path) -> None:
    database = CaseDatabase(tmp_path)
    with closing(sqlite3.connect(tmp_path / "cases.sqlite")) as other:
        other.execute("DROP TABLE cases")

    with pytest.raises(Exception, match="no such table") as bug:
        list(database.all())

    assert not isinstance(bug.value, OSError)


def test_every_commit_is_synced(tmp_path: Path) -> None:
    found: list[int] = []

    def ask(connection: sqlite3.Connection, *_: object) -> None:
        found.append(connection.execute("PRAGMA synchronous").fetchone()[0])

    event.listen(Engine, "checkout", ask)
    try:
        list(CaseDatabase(tmp_path).all())
    finally:
        event.remove(Engine, "checkout", ask)

    assert set(found) == {2}, "2 is FULL"
