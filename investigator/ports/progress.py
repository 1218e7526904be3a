"""Progress out, stop requests in."""

from typing import Protocol

from investigator.domain.progress import Progress


class ProgressSink(Protocol):
    """Where work reports to, and learns that it should stop."""

    def __call__(self, progress: Progress) -> None:
        """Report one line; raises Stopped when the user asked for it."""
        ...


def quiet(progress: Progress) -> None:
    """A sink for work that nobody watches."""
