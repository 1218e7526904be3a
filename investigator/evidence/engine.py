"""The door to DuckDB: an in-memory database, sandboxed, with a view `events` over the parts of one snapshot."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

import msgspec
import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from investigator.domain.columns import EXTRA, JSON_COLUMNS, RECORD_COLUMNS
from investigator.evidence.manifest import Holding, SnapshotRow
from investigator.evidence.record_path import MACROS
from investigator.evidence.schema import PART_COLUMNS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "512MB"
BATCH = 5_000
"""Rows fetched at a time."""
Parameter = str | int | float | bool | None | Sequence[str | None] | Sequence[int] | Sequence[bool]
Values = tuple[object, ...]
Numbers = NDArray[np.int64]

_TYPES = {
    "time": "TIMESTAMP",
    "read_only": "BOOLEAN",
    "src_row": "BIGINT",
    "src_offset": "BIGINT",
    "src_length": "BIGINT",
    "part_row": "BIGINT",
}
IN_PART = ("part", "part_row")
"""Where a row of the view stands: the path of its part, and the row number there."""
_RECORD = tuple(
    "strftime(time, '%Y-%m-%dT%H:%M:%SZ')" if column == "time" else column for column in RECORD_COLUMNS.values()
)
_RECORD_JSON = {key: column in (*JSON_COLUMNS, "read_only") for key, column in RECORD_COLUMNS.items()}
_NUMBERED = """
SELECT rank, CASE WHEN value IS NULL THEN -1 ELSE dense_rank() OVER (ORDER BY value) END AS number
FROM ({sql}) found(rank, value)
"""
_ALL = "SELECT * FROM {rows}"
_FOLDED = """
SELECT c.* REPLACE (coalesce(f.event, c.id) AS id,
  CASE WHEN f.event IS NULL OR f.event = c.id THEN c.flags ELSE concat_ws(' ', c.flags, 'id_conflict') END AS flags)
FROM {rows} c LEFT JOIN folds f ON f.src_row = c.src_row AND f.src_file = c.src_file
WHERE f.kept IS DISTINCT FROM false
"""
_IN_FOLDS = ("id", "flags", "src_file", "src_row")
"""The columns that making events of copies takes."""

_PLACES = """
SELECT id, src_file, src_row, src_offset, src_length FROM copies WHERE id IN (SELECT unnest(?::VARCHAR[]))
ORDER BY id, src_file, src_row
"""
_FOLDED_PLACES = """
SELECT coalesce(f.event, c.id) AS id, src_file, src_row, src_offset, src_length
FROM copies c LEFT JOIN folds f USING (src_file, src_row)
WHERE coalesce(f.event, c.id) IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL
"""


def folds_file(folder: Path, snapshot: str) -> Path:
    """Where a snapshot keeps which of its rows are copies of one event."""
    return folder / "snapshots" / f"{snapshot}.parquet"


class Engine:
    """One connection; each thread gets its own cursor.

    The views are `copies` (every row of the snapshot) and `events` (each event once).
    """

    def __init__(self, folder: Path, holding: Holding, contents: Sequence[str], folds: Path | None) -> None:
        self._connection = _sandboxed(folder)
        self._lock = Lock()
        self._make_copies(folder / "parts", holding, contents)
        self._make_list("partial_contents", holding.partial)
        for macro in MACROS:
            self._connection.execute(macro)
        self.places_sql = _PLACES if folds is None else _FOLDED_PLACES
        self._events = _ALL if folds is None else _FOLDED
        self.folding = () if folds is None else _IN_FOLDS
        if folds is not None:
            self._connection.execute(f"CREATE TABLE folds AS SELECT * FROM read_parquet({quoted(str(folds))})")
        self._connection.execute("CREATE VIEW events AS " + self._events.format(rows="copies"))
        self._connection.execute("SET lock_configuration = true")

    @classmethod
    def over(cls, folder: Path, holding: Holding, row: SnapshotRow) -> Self:
        """The engine of a pinned snapshot."""
        return cls(folder, holding, row.contents, folds_file(folder, row.id) if row.folded else None)

    def rows(self, sql: str, parameters: Sequence[Parameter] = ()) -> Iterator[Values]:
        """The rows of a query, fetched in batches."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql, list(parameters))
            while batch := cursor.fetchmany(BATCH):
                yield from batch
        finally:
            cursor.close()

    def one(self, sql: str, parameters: Sequence[Parameter] = ()) -> Values:
        """The only row of a query."""
        return next(self.rows(sql, parameters))

    def run(self, sql: str, parameters: Sequence[Parameter] = ()) -> None:
        """A statement without rows; for folding, which makes tables of its own."""
        with self._lock:
            self._connection.execute(sql, list(parameters))

    def insert(self, table: str, rows: object) -> None:
        """Put rows of `copies`, an Arrow table, into a table of events."""
        with self._fetched(rows) as connection:
            connection.execute(f"INSERT INTO {table} BY NAME {self._events.format(rows='fetched')}")

    def fulfilling(self, predicate: str, rows: object) -> Numbers:
        """Of rows of `copies`, an Arrow table with their ranks, the ranks for which a predicate over events holds."""
        with self._fetched(rows) as connection:
            sql = f"SELECT rank FROM ({self._events.format(rows='fetched')}) WHERE {predicate}"
            return _numbers(connection.execute(sql), "rank")[0]

    def numbered(self, sql: str, rows: object) -> tuple[Numbers, Numbers]:
        """Of a query over `fetched`, an Arrow table, the ranks and a number for each distinct value, -1 for null."""
        with self._fetched(rows) as connection:
            ranks, numbers = _numbers(connection.execute(_NUMBERED.format(sql=sql)), "rank", "number")
        return ranks, numbers

    @contextmanager
    def _fetched(self, rows: object) -> Generator["DuckDBPyConnection"]:
        """An Arrow table as `fetched`; for one thread at a time."""
        with self._lock:
            self._connection.register("fetched", rows)
            try:
                yield self._connection
            finally:
                self._connection.unregister("fetched")

    def save(self, sql: str, path: Path) -> None:
        """The rows of a query as a Parquet file in the store's folder."""
        self._connection.execute(f"COPY ({sql}) TO {quoted(str(path))} (FORMAT parquet)")

    def record(self, src_file: str, src_row: int) -> dict[str, JsonValue]:
        """The record of one row out of its columns, for an original that is gone: nulls are not in it."""
        sql = f"SELECT id, {', '.join(_RECORD)}, {EXTRA} FROM copies WHERE src_file = ? AND src_row = ?"
        id_, *values, extra = self.one(sql, [src_file, src_row])
        record: dict[str, JsonValue] = msgspec.json.decode(str(extra or "{}"))
        for key, value in zip(RECORD_COLUMNS, values, strict=True):
            if value is not None:
                record.setdefault(
                    key,
                    msgspec.json.decode(str(value).lower() if key == "readOnly" else str(value))
                    if _RECORD_JSON[key]
                    else str(value),
                )
        return {"eventID": str(id_).removeprefix("ct:"), **record}

    def _make_copies(self, parts: Path, holding: Holding, contents: Sequence[str]) -> None:
        empty = ", ".join(f"NULL::{_TYPES.get(name, 'VARCHAR')} AS {name}" for name in (*PART_COLUMNS, *IN_PART))
        selects = [f"SELECT {empty} WHERE false"]
        if holding.whole:
            selects.append(f"SELECT * FROM {_parquet(parts, holding.whole)}")
        if holding.mixed:
            self._make_list("wanted", contents)
            chosen = "src_file IN (SELECT sha256 FROM wanted)"
            selects.append(f"SELECT * FROM {_parquet(parts, holding.mixed)} WHERE {chosen}")
        self._connection.execute("CREATE VIEW copies AS " + " UNION ALL BY NAME ".join(selects))

    def _make_list(self, name: str, contents: Sequence[str]) -> None:
        self._connection.execute(f"CREATE TABLE {name} AS SELECT unnest($1::VARCHAR[]) AS sha256", [list(contents)])


def _numbers(found: "DuckDBPyConnection", *names: str) -> list[Numbers]:
    """Columns of whole numbers of the rows of a query."""
    columns = found.fetchnumpy()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return [np.asarray(columns[name], np.int64) for name in names]


def _sandboxed(folder: Path) -> "DuckDBPyConnection":
    """No file but those of the store, no extension, no replacement scan, bounded memory."""
    import duckdb  # noqa: PLC0415  (searches for values do without it)

    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "memory_limit": MEMORY,
            "preserve_insertion_order": False,
        },
    )
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET allowed_directories = [{quoted(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    return connection


def _parquet(parts: Path, names: Sequence[str]) -> str:
    files = ", ".join(quoted(str(parts / name)) for name in names)
    found = f"read_parquet([{files}], union_by_name = true, filename = true, file_row_number = true)"
    return f"(SELECT * EXCLUDE (filename, file_row_number), filename AS part, file_row_number AS part_row FROM {found})"


def quoted(text: str) -> str:
    """Text as a DuckDB string literal."""
    return "'" + text.replace("'", "''") + "'"
