"""Lines of progress on their way to the case: many that come within a moment are written together."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from investigator.domain.progress import Progress
from investigator.ports.cases import Shelf

MOMENT = 0.1
"""Seconds that a line about a step may wait for the next ones."""
_PATIENT = frozenset({"step", "progress"})
"""Kinds that come by the hundred; all others are written at once."""


@dataclass(slots=True)
class Lines:
    """The lines of one run, in order; `add` and `flush` say whether somebody asked to stop."""

    shelf: Shelf
    handle: str
    seconds: Callable[[], float] = time.monotonic
    _waiting: list[Progress] = field(default_factory=list[Progress])
    _written: float = float("-inf")

    def add(self, line: Progress) -> bool:
        self._waiting.append(line)
        waits = line.kind in _PATIENT and self.seconds() - self._written < MOMENT
        return False if waits else self.flush()

    def flush(self) -> bool:
        waiting, self._waiting = self._waiting, []
        self._written = self.seconds()
        return bool(waiting) and self.shelf.append(self.handle, *waiting)
