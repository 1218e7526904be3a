"""Tenure: the right of one process to run a case, renewed for as long as it works on it."""

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from investigator.domain.trouble import CaseBusy, CaseLost
from investigator.ports.cases import Leases

RENEWAL = 5.0
"""Seconds between two renewals; a lease that is not renewed runs out after half a minute."""


class Tenure:
    """Held by this process until it ends, or until another one took the case from a process that slept too long."""

    def __init__(self, leases: Leases, handle: str) -> None:
        self._leases = leases
        self._handle = handle
        self.owner = f"{os.getpid()}/{secrets.token_hex(4)}"
        """The name under which the case is held; no other tenure ever has it."""
        self._ended = Event()
        self._lost: CaseLost | None = None

    def check(self) -> None:
        """Raises CaseLost when the case was lost to another process."""
        if self._lost is not None:
            raise self._lost

    def begin(self, patience: float) -> None:
        """Take the case; raises CaseBusy when another process still holds it after `patience` seconds."""
        until = monotonic() + patience
        while not self._taken(last=monotonic() >= until):
            pass

    def _taken(self, *, last: bool) -> bool:
        try:
            self._leases.take(self._handle, self.owner)
        except CaseBusy:
            if last:
                raise
            return False
        return True

    def keep(self, renewal: float) -> None:
        """Renew the lease until the tenure ends."""
        try:
            while not self._ended.wait(renewal):
                self._leases.renew(self._handle, self.owner)
        except CaseLost as lost:
            self._lost = lost

    def end(self) -> None:
        self._ended.set()
        self._leases.release(self._handle, self.owner)


@contextmanager
def tenure(leases: Leases, handle: str, patience: float = 0, renewal: float = RENEWAL) -> Generator[Tenure]:
    """Hold the case while inside; raises CaseBusy when another process does not let go of it."""
    held = Tenure(leases, handle)
    held.begin(patience)
    renewing = Thread(target=held.keep, args=(renewal,), daemon=True)
    renewing.start()
    try:
        yield held
    finally:
        held.end()
        renewing.join()
