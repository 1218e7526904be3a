"""The case database: SQLite through SQLAlchemy, shared by every process of this machine."""

from collections.abc import Callable, Iterator

from pydantic import BaseModel
from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError

from investigator.adapters.case_keys import digest_of, held_by_alert, held_by_key, remember_alert, remember_key
from investigator.adapters.case_tables import cases, lines, results, steps, stops
from investigator.adapters.case_turns import Turns
from investigator.domain.case import Case
from investigator.domain.progress import Progress, ProgressRow
from investigator.domain.trouble import NoSuchCase
from investigator.domain.words import Stage

PAGE = 200
"""Cases read at a time."""


class CaseDatabase(Turns):
    """Cases, results, steps, progress, leases and rates of one data folder (`ports.cases`)."""

    def add(self, case: Case) -> Case:
        with self._begin() as db:
            if held := held_by_key(db, case.request):
                return held
            if held := held_by_alert(db, case):
                remember_key(db, case.request, held.handle)
                return held
            _insert(db, case)
            remember_alert(db, case)
        return case

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

    def append(self, handle: str, *told: Progress) -> bool:
        with self._write(handle) as db:
            _append(db, handle, *told)
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


def _insert(db: Connection, case: Case) -> None:
    row = {"handle": case.handle, "opened": case.opened.isoformat(), "idempotency_key": case.request.idempotency_key}
    try:
        db.execute(insert(cases).values(**row, request_sha256=digest_of(case.request), body=case.model_dump_json()))
    except IntegrityError:
        raise ValueError("a case with this handle exists already") from None


def _case(db: Connection, handle: str) -> Case:
    body = db.scalar(select(cases.c.body).where(cases.c.handle == handle))
    if body is None:
        raise NoSuchCase(f"no case {handle}; `investigator cases` lists them")
    return Case.model_validate_json(body)


def _append(db: Connection, handle: str, *told: Progress) -> None:
    last = db.scalar(select(func.max(lines.c.number)).where(lines.c.handle == handle)) or 0
    numbered = enumerate(told, last + 1)
    rows = [{"handle": handle, "number": number, "body": line.model_dump_json()} for number, line in numbered]
    db.execute(insert(lines), rows)


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
