"""What gathering works with: the ports, and what an earlier run of the case left."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from investigator.domain.stage_results import StepReport
from investigator.ports.aws import Accounts
from investigator.ports.progress import ProgressSink, quiet
from investigator.ports.store import Store


def keep_nothing(report: StepReport) -> None:
    """For runs that nobody goes on with."""


def no_store() -> Store | None:
    """For runs without answers to index."""
    return None


@dataclass(frozen=True, slots=True)
class Means:
    """What gathering works with: the ports, and what an earlier run of the case left."""

    store: Store | None = None
    refresh: Callable[[], Store | None] = no_store
    """Indexes the saved answers and gives the store that holds them; None leaves the store as it is."""
    accounts: Accounts | None = None
    sink: ProgressSink = quiet
    kept: Mapping[str, StepReport] = field(default_factory=dict[str, StepReport])
    keep: Callable[[StepReport], None] = keep_nothing
    """Called in the caller's thread as each step ends."""
    seconds: Callable[[], float] = time.monotonic
    again_after: float | None = None
    """Seconds after which the last minutes of the event history are asked for again; None never.

    Saved answers take 0: whether it was asked again is saved with them, and what was not saved changes nothing.
    """
