"""Who runs a case, and whose turn it is to call AWS: leases and rates that processes share."""

import os
import time
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from investigator.adapters.case_tables import buckets, leases
from investigator.adapters.case_transactions import Transactions
from investigator.domain.trouble import CaseBusy

LEASE_SECONDS = 30.0
BUSY_SECONDS = 5.0


class Turns(Transactions):
    """Leases of cases and rates of calls (`ports.cases`)."""

    def __init__(self, folder: Path, patience: float = BUSY_SECONDS, lease: float = LEASE_SECONDS) -> None:
        """`patience` is how many seconds a second process waits for a case that is being run.

        `lease` is how many a process may stay silent before it has lost its case.
        """
        self._patience = patience
        self._lease = lease
        super().__init__(folder)

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


def _alive(owner: str) -> bool:
    """Whether the process that holds a lease (`pid/…` on this machine) still runs."""
    try:
        os.kill(int(owner.partition("/")[0]), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True
