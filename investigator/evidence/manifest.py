"""The manifest: which files were read, which contents they hold, and in which parts those stand (SQLite)."""

import json
import os
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from investigator.evidence.faults import StoreFault, on_disk
from investigator.evidence.jobs import FileRead, JobDone, Seen, Status
from investigator.evidence.schema import SCHEMA

_PARTS_TABLE = """
CREATE TABLE IF NOT EXISTS parts (name TEXT NOT NULL, sha256 TEXT NOT NULL, rows INTEGER NOT NULL,
  PRIMARY KEY (sha256, name)) WITHOUT ROWID
"""
_TABLES = f"""
CREATE TABLE IF NOT EXISTS contents (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT,
  records INTEGER NOT NULL, quarantined INTEGER NOT NULL, flags TEXT NOT NULL, damage INTEGER,
  schema INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
  sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_content ON files (sha256);
{_PARTS_TABLE};
CREATE TABLE IF NOT EXISTS part_sizes (name TEXT PRIMARY KEY, rows INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshots (id TEXT PRIMARY KEY, contents TEXT NOT NULL, events INTEGER NOT NULL,
  folded INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshot_files (id TEXT NOT NULL, path BLOB NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (id, path)) WITHOUT ROWID;
"""
LAYOUT = 3
"""The version of the tables above."""
_STEPS = {
    1: "ALTER TABLE contents ADD COLUMN damage INTEGER",
    2: "DROP INDEX IF EXISTS parts_by_content; ALTER TABLE parts RENAME TO parts_by_name;"
    f" {_PARTS_TABLE}; INSERT INTO parts SELECT * FROM parts_by_name; DROP TABLE parts_by_name",
}
"""What turns the tables of a version into those of the next."""
_KNOWN = """
SELECT f.path, f.size, f.mtime_ns, f.sha256, c.status, c.records, c.quarantined, c.flags, c.reason, c.damage
FROM files f JOIN contents c USING (sha256)
"""
_PARTS = """
SELECT p.name, sum(p.rows) = s.rows FROM parts p JOIN part_sizes s USING (name)
WHERE p.sha256 IN (SELECT value FROM json_each(?)) GROUP BY p.name ORDER BY p.name
"""
_THERE = "SELECT sha256 FROM contents WHERE sha256 IN (SELECT value FROM json_each(?))"
_NOTE_CONTENT = """
INSERT INTO contents (sha256, size, status, reason, records, quarantined, flags, damage, schema)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_NOTE_FILE = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)"
_PARTIAL = """
SELECT sha256 FROM contents WHERE status = 'partial' AND sha256 IN (SELECT value FROM json_each(?)) ORDER BY sha256
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """The parts that hold some contents: those with no other rows, and those that must be filtered."""

    whole: tuple[str, ...]
    mixed: tuple[str, ...]
    partial: tuple[str, ...] = ()
    """Contents that were not read whole."""


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A pinned snapshot: its contents by SHA-256, its distinct events, and how many of its rows are folded away."""

    id: str
    contents: tuple[str, ...]
    events: int
    folded: int


class Manifest:
    """One SQLite file beside the parts; every change is one transaction."""

    def __init__(self, path: Path, patience: float = 30) -> None:
        """`patience`: seconds to wait for another process that writes. Everything here raises StoreFault."""
        self._path, self._patience = path, patience
        with self._transaction() as connection:
            _bring_up_to_date(connection, path)

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with on_disk(self._path), closing(self._connected()) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            with connection:
                yield connection

    def _connected(self) -> sqlite3.Connection:
        """On a read-only medium nobody writes, and SQLite needs no files beside the manifest."""
        if self._can_only_be_read:
            return sqlite3.connect(f"{self._path.absolute().as_uri()}?immutable=1", uri=True)
        return sqlite3.connect(self._path, timeout=self._patience)

    @property
    def _can_only_be_read(self) -> bool:
        return self._path.is_file() and not os.access(self._path, os.W_OK)

    def known(self, files: Iterable[Seen]) -> dict[str, FileRead]:
        """What was read from these files, by path, as long as size and time of change are the same."""
        wanted = {os.fsencode(seen.path): seen for seen in files}
        found: dict[str, FileRead] = {}
        with self._transaction() as connection:
            for path, size, mtime, *content in connection.execute(_KNOWN):
                seen = wanted.get(path)
                if seen and (seen.size, seen.mtime_ns) == (size, mtime):
                    found[seen.path] = _file_read(seen, *content)
        return found

    def read_files(self) -> tuple[FileRead, ...]:
        """Every file that was ever read into the store, as it was then."""
        with self._transaction() as connection:
            rows = connection.execute(_KNOWN).fetchall()
        return tuple(_file_read(Seen(os.fsdecode(path), size, mtime), *content) for path, size, mtime, *content in rows)

    def sizes(self) -> frozenset[int]:
        """The sizes of all contents; a file of any other size is new."""
        with self._transaction() as connection:
            return frozenset(size for (size,) in connection.execute("SELECT DISTINCT size FROM contents"))

    def parts(self) -> frozenset[str]:
        """The names of all parts of finished jobs."""
        with self._transaction() as connection:
            return frozenset(name for (name,) in connection.execute("SELECT name FROM part_sizes"))

    def recognise(self, seen: Seen, sha256: str) -> bool:
        """Note that a file holds a content that was read before; False when it was not."""
        with self._transaction() as connection:
            found = connection.execute("SELECT 1 FROM contents WHERE sha256 = ?", (sha256,)).fetchone()
            if found:
                connection.execute(_NOTE_FILE, _file_row(seen, sha256))
            return bool(found)

    def add(self, done: JobDone) -> None:
        """Record a finished job; a content that another process has added meanwhile stays with its own part."""
        with self._transaction() as connection:
            connection.execute("BEGIN IMMEDIATE")
            held = [read for read in done.files if read.sha256]
            ours = _note_contents(connection, held)
            connection.executemany(_NOTE_FILE, [_file_row(read.seen, read.sha256) for read in held])
            for part in done.parts:
                rows = [(part.name, sha256, count) for sha256, count in part.rows if sha256 in ours]
                connection.executemany("INSERT OR IGNORE INTO parts VALUES (?, ?, ?)", rows)
                size = (part.name, sum(count for _, count in part.rows))
                connection.execute("INSERT OR IGNORE INTO part_sizes VALUES (?, ?)", size)

    def holding(self, contents: Sequence[str]) -> Holding:
        """The parts in which these contents stand."""
        with self._transaction() as connection:
            rows = connection.execute(_PARTS, (json.dumps(contents),)).fetchall()
            partial = tuple(sha256 for (sha256,) in connection.execute(_PARTIAL, (json.dumps(contents),)))
        whole = tuple(name for name, is_whole in rows if is_whole)
        return Holding(whole, tuple(name for name, is_whole in rows if not is_whole), partial)

    def pin(self, row: SnapshotRow, files: Iterable[FileRead]) -> None:
        """Keep a snapshot, and where its files were seen; in a store that can only be read it must be kept already."""
        if self._can_only_be_read and self.snapshot(row.id):
            return
        with self._transaction() as connection:
            values = (row.id, json.dumps(row.contents), row.events, row.folded)
            connection.execute("INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?)", values)
            places = [(row.id, os.fsencode(read.seen.path), read.sha256) for read in files if read.sha256]
            connection.executemany("INSERT OR REPLACE INTO snapshot_files VALUES (?, ?, ?)", places)

    def pinned_under(self, root: str) -> tuple[tuple[str, str], ...]:
        """Each file at or below a path that a snapshot was made of, with the content that it had; in path order."""
        inside = os.fsencode(root.rstrip(os.sep) + os.sep)
        beyond = inside[:-1] + bytes([inside[-1] + 1])
        sql = "SELECT DISTINCT path, sha256 FROM snapshot_files WHERE path = ? OR (path > ? AND path < ?) ORDER BY 1, 2"
        with self._transaction() as connection:
            rows = connection.execute(sql, (os.fsencode(root), inside, beyond)).fetchall()
        return tuple((os.fsdecode(path), sha256) for path, sha256 in rows)

    def snapshot(self, id_: str) -> SnapshotRow | None:
        with self._transaction() as connection:
            row = connection.execute("SELECT * FROM snapshots WHERE id = ?", (id_,)).fetchone()
        return SnapshotRow(row[0], tuple(json.loads(row[1])), row[2], row[3]) if row else None

    def paths(self, snapshot: str, sha256: str) -> tuple[Path, ...]:
        """Where a content of the snapshot was seen, then where else it was met."""
        ours = "SELECT path FROM snapshot_files WHERE id = ? AND sha256 = ? ORDER BY path"
        others = "SELECT path FROM files WHERE sha256 = ? ORDER BY path"
        with self._transaction() as connection:
            rows = [*connection.execute(ours, (snapshot, sha256)), *connection.execute(others, (sha256,))]
        return tuple(dict.fromkeys(Path(os.fsdecode(path)) for (path,) in rows))


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection, path) == LAYOUT:
        return
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("BEGIN IMMEDIATE")
    found = _version(connection, path)  # another process may have been quicker
    steps = [_STEPS[version] for version in range(found or LAYOUT, LAYOUT)]
    for statement in ";".join((*steps, _TABLES)).split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version={LAYOUT}")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > LAYOUT:
        raise StoreFault(f"{path} is of a newer version ({found}, this one knows {LAYOUT}); update investigator")
    return found


def _file_read(seen: Seen, sha256: str, status: Status, records: int, *rest: Any) -> FileRead:
    """A row of `_KNOWN` after its path, size and time."""
    quarantined, flags, reason, damage = rest
    return FileRead(seen, status, sha256, records, quarantined, tuple(flags.split()), reason, damage)


def _note_contents(connection: sqlite3.Connection, reads: Sequence[FileRead]) -> frozenset[str | None]:
    """Note each content once, by the first file that holds it; gives those that were not there before."""
    first = {read.sha256: read for read in reversed(reads)}
    there = {sha256 for (sha256,) in connection.execute(_THERE, (json.dumps(list(first)),))}
    rows = [_content_row(read) for sha256, read in first.items() if sha256 not in there]
    connection.executemany(_NOTE_CONTENT, sorted(rows))
    return frozenset(first.keys() - there)


def _content_row(read: FileRead) -> tuple[str | int | None, ...]:
    return (
        read.sha256, read.seen.size, read.status, read.reason, read.records, read.quarantined, " ".join(read.flags),
        read.offset, SCHEMA,
    )  # fmt: skip


def _file_row(seen: Seen, sha256: str | None) -> tuple[bytes | str | int | None, ...]:
    return os.fsencode(seen.path), seen.size, seen.mtime_ns, sha256
