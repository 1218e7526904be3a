"""Opening a file that is evidence: regular files only, no link followed, a change while reading noticed."""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from io import BufferedReader

from investigator.evidence.jobs import Status

CHANGED = "changed_during_read"
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRead(Exception):
    """The file was not read, or not as one; says what its row in the index report says."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status: Status = status
        self.reason = reason


@contextmanager
def opened(path: str) -> Generator[BufferedReader]:
    """The file, from its start; raises NotRead, also at the end when it changed meanwhile."""
    try:
        handle = os.open(os.fsencode(path), _FLAGS)
    except OSError:
        raise NotRead("reject", "unreadable") from None
    with os.fdopen(handle, "rb") as file:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise NotRead("skip", "not_a_regular_file")
        yield file
        after = os.fstat(handle)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise NotRead("reject", CHANGED)
