"""Progress on standard error: one line that changes on a terminal, plain lines elsewhere."""

import shutil
import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from investigator.cli.output import colourful, tell
from investigator.domain.progress import Progress
from investigator.domain.safe_text import visible
from investigator.domain.trouble import Stopped
from investigator.ports.progress import ProgressSink

PLAIN_SECONDS = 5.0
"""Counts are written at most this often where lines stay."""
LIVE_SECONDS = 0.1


class Live:
    """A sink that draws; it raises Stopped once Ctrl-C was pressed."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._moving = stream.isatty() and colourful(stream)
        self._drawn = float("-inf")
        self.stop_asked = False

    def __call__(self, progress: Progress) -> None:
        if progress.kind in ("stage", "gap", "finished"):
            self._keep(progress)
        elif self._due():
            self._draw(progress)
        if self.stop_asked:
            raise Stopped("stopped")

    def clear(self) -> None:
        """Takes the moving line away."""
        if self._moving:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _due(self) -> bool:
        return self._clock() - self._drawn >= (LIVE_SECONDS if self._moving else PLAIN_SECONDS)

    def _keep(self, progress: Progress) -> None:
        self.clear()
        tell(line(progress))

    def _draw(self, progress: Progress) -> None:
        self._drawn = self._clock()
        if not self._moving:
            tell(line(progress))
            return
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r\x1b[K{line(progress)[:width]}")
        self._stream.flush()


def line(progress: Progress) -> str:
    """`gathering: reading iam, 12/40 calls, 3 a second, 9 s left`."""
    what = progress.kind if progress.kind in ("finished", "gap") else progress.stage or ""
    head = ": ".join(dict.fromkeys(part for part in (what, visible(progress.text)) if part))
    return ", ".join(part for part in (head, _count(progress), _pace(progress), _left(progress)) if part)


def _count(progress: Progress) -> str:
    if not progress.done and progress.total is None:
        return ""
    of = "" if progress.total is None else f" of {progress.total:,}"
    return f"{progress.done:,}{of} {progress.unit}".rstrip()


def _pace(progress: Progress) -> str:
    return "" if progress.rate is None else f"{progress.rate:,.0f} a second"


def _left(progress: Progress) -> str:
    if progress.seconds_left is None:
        return ""
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return f"{minutes} min {seconds:02d} s left" if minutes else f"{seconds} s left"


@contextmanager
def live() -> Generator[ProgressSink]:
    """A drawing sink; the first Ctrl-C stops the work between two steps, a second one at once."""
    sink = Live(sys.stderr)

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        if sink.stop_asked:
            raise KeyboardInterrupt
        sink.stop_asked = True
        sink.clear()
        tell("stopping after the step at hand; Ctrl-C again stops at once")

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield sink
    finally:
        signal.signal(signal.SIGINT, before)
        sink.clear()
