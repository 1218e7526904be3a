"""What the memory allocators keep of what is freed: little by default, much where the same is needed again at once."""

import ctypes
import os
from contextlib import suppress

REUSED = 32 * 2**20
"""Bytes up to which a freed block is kept for the next one."""
HEAPS = 2
"""Heaps of the process; each keeps what its threads freed, and by default every thread gets one of its own."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


def return_memory() -> None:
    """Let Arrow and the threads of this process give back what they freed, or let others of them reuse it.

    Counts before Arrow is imported and threads are started, and for the processes that this one starts.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    _glibc((_M_ARENA_MAX, HEAPS))


def reuse_memory() -> None:
    """Let glibc keep freed blocks of the size of a file's text: the system hands out the same pages again and again."""
    _glibc((_M_MMAP_THRESHOLD, REUSED), (_M_TRIM_THRESHOLD, 2 * REUSED))


def _glibc(*options: tuple[int, int]) -> None:
    with suppress(AttributeError, OSError, TypeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        for option, value in options:
            mallopt(option, value)
