"""Trouble of the disk under a store: told with the path and with what to do, instead of as a bug."""

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

FULL = "no space is left; make room, then run the same command again: it goes on where it stopped"
READ_ONLY = "it cannot be written; make it writable, or name another folder with --store"
BUSY = "another process is writing into it; run the same command again when that one is done"
DAMAGED = "the store is damaged; move its folder away and read the log files again"
FAILING = "the disk is full or broken; make room, then run the same command again: it goes on where it stopped"
_OF_SYSTEM = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
}
_OF_SQLITE = {
    "FULL": FULL,
    "READONLY": READ_ONLY,
    "CANTOPEN": READ_ONLY,
    "PERM": READ_ONLY,
    "BUSY": BUSY,
    "LOCKED": BUSY,
    "CORRUPT": DAMAGED,
    "NOTADB": DAMAGED,
    "IOERR": FAILING,
}
"""By the first word of SQLite's own name of an error (https://sqlite.org/rescode.html)."""


class StoreFault(OSError):
    """The store cannot be used now; what was finished is kept."""


@contextmanager
def on_disk(path: Path) -> Generator[None]:
    """Raise StoreFault for trouble that the disk gives inside; wrong SQL stays a bug."""
    try:
        yield
    except StoreFault:
        raise
    except OSError as error:
        words = _OF_SYSTEM.get(error.errno or 0, f"{error.strerror or error}; {FAILING}")
        raise StoreFault(f"{path}: {words}") from error
    except sqlite3.DatabaseError as error:
        words = _OF_SQLITE.get(_name(error))
        if words is None:
            raise
        raise StoreFault(f"{path}: {words}") from error


def _name(error: sqlite3.Error) -> str:
    """`FULL` of SQLITE_FULL, `IOERR` of SQLITE_IOERR_WRITE; empty for trouble that SQLite itself did not raise."""
    return str(getattr(error, "sqlite_errorname", "")).removeprefix("SQLITE_").partition("_")[0]
