"""The case database: SQLite through SQLAlchemy, shared by every process of this machine."""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import (
    Connection,
    Engine,
    and_,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError

from investigator.adapters.case_tables import HEAD, buckets, cases, leases, lines, results, steps, stops
from investigator.domain.case import Case
from investigator.domain.progress import Progress, ProgressRow
from investigator.domain.words import Stage
from investigator.ports.cases import CaseBusy, CaseLost, KeyReused, NoSuchCase

LEASE_SECONDS = 30.0
BUSY_SECONDS = 5.0
READING = "reading"
PAGE = 200
"""Cases read at a time."""


class CaseDatabase:
    """Cases, results, steps, progress, leases and rates of one data folder (`ports.cases`)."""

    def __init__(self, folder: Path, patience: float = BUSY_SECONDS, lease: float = LEASE_SECONDS) -> None:
        """`patience` is how many seconds a second process waits for a case that is being run.

        `lease` is how many a process may stay silent before it has lost its case.
        """
        self._patience = patience
        self._lease = lease
        self._holder: str | None = None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._engine = _engine(folder / "cases.sqlite")
        with self._begin() as db:
            migrate(db)

    def held_by(self, owner: str) -> "CaseDatabase":
        held = copy(self)
        held._holder = owner
        return held

    @contextmanager
    def _begin(self) -> Generator[Connection]:
        with self._engine.begin() as db:
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
        with self._engine.connect() as connection:
            db = connection.execution_options(**{READING: True})
            with db.begin():
                yield db

    def add(self, case: Case) -> Case:
        key = case.request.idempotency_key
        digest = hashlib.sha256(case.request.model_dump_json().encode("utf-8", "surrogatepass")).hexdigest()
        row = {"handle": case.handle, "opened": case.opened.isoformat(), "idempotency_key": key}
        try:
            with self._begin() as db:
                db.execute(insert(cases).values(**row, request_sha256=digest, body=case.model_dump_json()))
        except IntegrityError:
            return self._same(key, digest)
        return case

    def _same(self, key: str | None, digest: str) -> Case:
        with self._read() as db:
            row = db.execute(select(cases.c.body, cases.c.request_sha256).where(cases.c.idempotency_key == key)).first()
        if row is None:
            raise ValueError("a case with this handle exists already")
        if row.request_sha256 != digest:
            raise KeyReused("this idempotency key was used for another request")
        return Case.model_validate_json(row.body)

    def get(self, handle: str) -> Case:
        with self._read() as db:
            return _case(db, handle)

    def change(self, handle: str, how: Callable[[Case], Case], line: Progress | None = None) -> Case:
        with self._write(handle) as db:
            before = _case(db, handle)
            case = how(before)
            if case is not before:
                db.execute(update(cases).where(cases.c.handle == handle).values(body=case.model_dump_json()))
                if line is not None:
                    _append(db, handle, line)
        return case

    def all(self, after: str = "") -> Iterator[Case]:
        with self._read() as db:
            page = _page(db, _place(db, after) if after else None)
        while page:
            yield from (Case.model_validate_json(body) for _, _, body in page)
            with self._read() as db:
                page = _page(db, page[-1][:2])

    def save(self, handle: str, name: str, result: BaseModel) -> None:
        row = {"handle": handle, "name": name, "body": result.model_dump_json()}
        with self._write(handle) as db:
            db.execute(upsert(results).values(**row).on_conflict_do_update(set_={"body": row["body"]}))

    def load(self, handle: str, name: str) -> str | None:
        with self._read() as db:
            return db.scalar(select(results.c.body).where(results.c.handle == handle, results.c.name == name))

    def forget_from(self, handle: str, stage: Stage) -> None:
        order = list(Stage)
        later = [str(name) for name in order[order.index(stage) :]]
        with self._write(handle) as db:
            db.execute(delete(results).where(results.c.handle == handle, results.c.name.in_(later)))

    def keep(self, handle: str, step: str, report: str) -> None:
        row = {"handle": handle, "step": step, "body": report}
        with self._write(handle) as db:
            db.execute(upsert(steps).values(**row).on_conflict_do_update(set_={"body": report}))

    def kept(self, handle: str) -> dict[str, str]:
        with self._read() as db:
            rows = db.execute(select(steps.c.step, steps.c.body).where(steps.c.handle == handle)).all()
        return {row.step: row.body for row in rows}

    def append(self, handle: str, progress: Progress) -> bool:
        with self._write(handle) as db:
            _append(db, handle, progress)
            return db.scalar(select(stops.c.handle).where(stops.c.handle == handle)) is not None

    def after(self, handle: str, number: int) -> tuple[ProgressRow, ...]:
        wanted = select(lines.c.number, lines.c.body).where(lines.c.handle == handle, lines.c.number > number)
        with self._read() as db:
            rows = db.execute(wanted.order_by(lines.c.number)).all()
        return tuple(ProgressRow(number=row.number, progress=Progress.model_validate_json(row.body)) for row in rows)

    def ask_to_stop(self, handle: str, stop: bool) -> None:
        with self._write(handle) as db:
            db.execute(delete(stops).where(stops.c.handle == handle))
            if stop:
                db.execute(insert(stops).values(handle=handle))

    def take(self, handle: str, owner: str) -> None:
        until = time.monotonic() + self._patience
        while (holder := self._try_take(handle, owner)) is not None:
            if time.monotonic() > until:
                raise CaseBusy(f"case {handle} is being run by process {holder}; wait for it, or stop it")
            time.sleep(0.2)

    def _try_take(self, handle: str, owner: str) -> str | None:
        now = time.time()
        with self._begin() as db:
            row = db.execute(select(leases.c.owner, leases.c.expires).where(leases.c.handle == handle)).first()
            if row is not None and row.owner != owner and row.expires > now and _alive(row.owner):
                return row.owner.partition("/")[0]
            lease = {"owner": owner, "expires": now + self._lease}
            db.execute(upsert(leases).values(handle=handle, **lease).on_conflict_do_update(set_=lease))
        return None

    def renew(self, handle: str, owner: str) -> None:
        with self.held_by(owner)._write(handle) as db:
            db.execute(update(leases).where(leases.c.handle == handle).values(expires=time.time() + self._lease))

    def release(self, handle: str, owner: str) -> None:
        with self._begin() as db:
            db.execute(delete(leases).where(leases.c.handle == handle, leases.c.owner == owner))

    def abandoned(self, handle: str, launcher: int | None) -> bool:
        with self._read() as db:
            row = db.execute(select(leases.c.owner, leases.c.expires).where(leases.c.handle == handle)).first()
        if row is None:
            return launcher is not None and not _alive(str(launcher))
        return row.expires <= time.time() or not _alive(row.owner)

    def wait(self, bucket: str, per_second: float) -> None:
        now = time.time()
        with self._begin() as db:
            row = db.execute(select(buckets.c.next_at).where(buckets.c.name == bucket)).first()
            turn = max(now, row.next_at) if row else now
            taken = {"next_at": turn + 1 / per_second}
            db.execute(upsert(buckets).values(name=bucket, **taken).on_conflict_do_update(set_=taken))
        if turn > now:
            time.sleep(turn - now)


def _case(db: Connection, handle: str) -> Case:
    body = db.scalar(select(cases.c.body).where(cases.c.handle == handle))
    if body is None:
        raise NoSuchCase(f"no case {handle}; `investigator cases` lists them")
    return Case.model_validate_json(body)


def _holder(db: Connection, handle: str) -> str | None:
    """Whose the case is now; a holder's name is made anew for each tenure, and so fences off all earlier ones."""
    return db.scalar(select(leases.c.owner).where(leases.c.handle == handle))


def _append(db: Connection, handle: str, progress: Progress) -> None:
    last = db.scalar(select(func.max(lines.c.number)).where(lines.c.handle == handle)) or 0
    db.execute(insert(lines).values(handle=handle, number=last + 1, body=progress.model_dump_json()))


def _place(db: Connection, handle: str) -> tuple[str, str]:
    """Where a case stands in the list."""
    opened = db.scalar(select(cases.c.opened).where(cases.c.handle == handle))
    if opened is None:
        raise NoSuchCase(f"no case {handle}; `investigator cases` lists them")
    return opened, handle


def _page(db: Connection, after: tuple[str, str] | None) -> list[tuple[str, str, str]]:
    columns = select(cases.c.opened, cases.c.handle, cases.c.body)
    wanted = columns.order_by(cases.c.opened.desc(), cases.c.handle).limit(PAGE)
    if after is not None:
        opened, handle = after
        same_moment = and_(cases.c.opened == opened, cases.c.handle > handle)
        wanted = wanted.where(or_(cases.c.opened < opened, same_moment))
    return [(row.opened, row.handle, row.body) for row in db.execute(wanted).all()]


def _alive(owner: str) -> bool:
    """Whether the process that holds a lease (`pid/…` on this machine) still runs."""
    try:
        os.kill(int(owner.partition("/")[0]), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

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
