"""Transactions of the case database: one SQLite file, shared by every process of this machine."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.exc import DatabaseError

from investigator.adapters.case_tables import HEAD, leases
from investigator.domain.trouble import CaseLost

READING = "reading"
DISK = ("FULL", "READONLY", "CANTOPEN", "PERM", "BUSY", "LOCKED", "CORRUPT", "NOTADB", "IOERR")
"""SQLite's names for what is no bug (https://sqlite.org/rescode.html)."""


class Transactions:
    """Reads that wait for no writer, and writes that a process which lost its case cannot make."""

    def __init__(self, folder: Path) -> None:
        self._holder: str | None = None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / "cases.sqlite"
        self._engine = _engine(self._path)
        with self._begin() as db:
            migrate(db)

    def held_by(self, owner: str) -> Self:
        """See ports.cases.Shelf."""
        held = copy(self)
        held._holder = owner
        return held

    @contextmanager
    def _begin(self) -> Generator[Connection]:
        with _of_disk(self._path), self._engine.begin() as db:
            yield db

    @contextmanager
    def _write(self, handle: str) -> Generator[Connection]:
        """A transaction that changes one case; raises CaseLost, inside it, to a holder who lost the case."""
        with self._begin() as db:
            if self._holder is not None and _holder(db, handle) != self._holder:
                raise CaseLost(f"case {handle} was taken over by another process; this one wrote no more of it")
            yield db

    @contextmanager
    def _read(self) -> Generator[Connection]:
        """Readers wait for no writer."""
        with _of_disk(self._path), self._engine.connect() as connection:
            db = connection.execution_options(**{READING: True})
            with db.begin():
                yield db


@contextmanager
def _of_disk(path: Path) -> Generator[None]:
    """Raise OSError for a database that is full, locked, read-only or damaged; wrong SQL stays a bug."""
    try:
        yield
    except DatabaseError as error:
        name = str(getattr(error.orig, "sqlite_errorname", "")).removeprefix("SQLITE_").partition("_")[0]
        if name not in DISK:
            raise
        advice = "see that the disk has room, can be written and works, and run the same command again"
        raise OSError(f"{path}: {error.orig}; {advice}") from error


def _holder(db: Connection, handle: str) -> str | None:
    """Whose the case is now; a holder's name is made anew for each tenure, and so fences off all earlier ones."""
    return db.scalar(select(leases.c.owner).where(leases.c.handle == handle))


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _on_begin(db: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        db.exec_driver_sql("BEGIN" if db.get_execution_options().get(READING) else "BEGIN IMMEDIATE")

    return engine


def migrate(db: Connection) -> None:
    """Bring the database to the newest schema; a current one costs one query and no import of Alembic."""
    if "alembic_version" in inspect(db).get_table_names():
        found = db.scalar(text("SELECT version_num FROM alembic_version"))
        if found == HEAD:
            return
        if found is not None and found > HEAD:
            raise ValueError(f"the case database is of a newer version ({found}); update investigator")
    from alembic import command  # noqa: PLC0415  (costs 0.2 s, needed once for each new version)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = db
    command.upgrade(config, "head")
