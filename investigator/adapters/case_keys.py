"""Which case a request leads to: by its idempotency key, or by the alert that it is about."""

import hashlib

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from investigator.adapters.case_tables import cases, keys
from investigator.domain.case import Case, OpenCase
from investigator.domain.trouble import KeyReused


def digest_of(request: OpenCase) -> str:
    """SHA-256 of the request, in hex; the same as before there were cases `anew`."""
    body = request.model_dump_json(exclude=None if request.anew else {"anew"})
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def held_by_key(db: Connection, request: OpenCase) -> Case | None:
    """The case that has its idempotency key; raises KeyReused when that came with another request."""
    key = request.idempotency_key
    if key is None:
        return None
    opened = select(cases.c.body, cases.c.request_sha256).where(cases.c.idempotency_key == key)
    led = select(cases.c.body, keys.c.request_sha256).join_from(keys, cases, keys.c.handle == cases.c.handle)
    row = db.execute(opened).first() or db.execute(led.where(keys.c.key == _key(key))).first()
    if row is None:
        return None
    if row.request_sha256 != digest_of(request):
        raise KeyReused("this idempotency key was used for another request")
    return Case.model_validate_json(row.body)


def held_by_alert(db: Connection, case: Case) -> Case | None:
    """The open case that its alert has; none when it is to be opened anew."""
    if case.alert_key is None or case.request.anew:
        return None
    led = select(cases.c.body).join_from(keys, cases, keys.c.handle == cases.c.handle)
    body = db.scalar(led.where(keys.c.key == _alert(case.alert_key)))
    held = None if body is None else Case.model_validate_json(body)
    return held if held is not None and held.closure is None else None


def remember_alert(db: Connection, case: Case) -> None:
    """From now on its alert leads to this case."""
    if case.alert_key is not None:
        _put(db, _alert(case.alert_key), case.handle, "")


def remember_key(db: Connection, request: OpenCase, handle: str) -> None:
    """From now on the idempotency key of the request leads to a case that another one opened."""
    if request.idempotency_key is not None:
        _put(db, _key(request.idempotency_key), handle, digest_of(request))


def _put(db: Connection, key: str, handle: str, digest: str) -> None:
    row = {"handle": handle, "request_sha256": digest}
    db.execute(upsert(keys).values(key=key, **row).on_conflict_do_update(set_=row))


def _key(text: str) -> str:
    return f"key {text}"


def _alert(text: str) -> str:
    return f"alert {text}"
