"""Opening a file that is evidence: regular files only, no link followed, a change while reading noticed."""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from io import BufferedReader

from investigator.evidence.jobs import Status

CHANGED = "changed_during_read"
SMALL = 2**20
"""Bytes of a file that is read at once."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRead(Exception):
    """The file was not read, or not as one; says what its row in the index report says."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status: Status = status
        self.reason = reason


def small_content(path: str) -> bytes | None:
    """All of a small file in one piece; None for a larger one. Raises NotRead."""
    handle = _handle(path)
    try:
        before = _status(handle)
        if before.st_size > SMALL:
            return None
        content = os.read(handle, before.st_size + 1)
        if len(content) != before.st_size:
            raise NotRead("reject", CHANGED)
        _check_unchanged(handle, before)
    finally:
        os.close(handle)
    return content


@contextmanager
def opened(path: str) -> Generator[BufferedReader]:
    """The file, from its start; raises NotRead, also at the end when it changed meanwhile."""
    with os.fdopen(_handle(path), "rb") as file:
        before = _status(file.fileno())
        yield file
        _check_unchanged(file.fileno(), before)


def _handle(path: str) -> int:
    try:
        return os.open(os.fsencode(path), _FLAGS)
    except OSError:
        raise NotRead("reject", "unreadable") from None


def _status(handle: int) -> os.stat_result:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise NotRead("skip", "not_a_regular_file")
    return status


def _check_unchanged(handle: int, before: os.stat_result) -> None:
    after = os.fstat(handle)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise NotRead("reject", CHANGED)
