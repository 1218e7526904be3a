"""Where cases live: their rows, stage results, progress and leases."""

from collections.abc import Callable, Iterator
from typing import Protocol

from pydantic import BaseModel

from investigator.domain.case import Case
from investigator.domain.progress import Progress, ProgressRow
from investigator.domain.words import Stage


class Cases(Protocol):
    """Case rows."""

    def add(self, case: Case) -> Case:
        """Keep a new case; the same idempotency key gives the case that has it, with another body KeyReused.

        The same alert key gives the open case that has it, unless the request is for one `anew`.
        """
        ...

    def get(self, handle: str) -> Case:
        """The case; raises NoSuchCase."""
        ...

    def change(self, handle: str, how: Callable[[Case], Case], line: Progress | None = None) -> Case:
        """Change the case in one transaction, so that no other process's change is lost; raises NoSuchCase.

        A `line` of progress is added with the change, or not at all when `how` leaves the case as it is.
        """
        ...

    def all(self, after: str = "") -> Iterator[Case]:
        """Every case, newest first, read as they are asked for; from the one after a handle on, if it is given."""
        ...


class Results(Protocol):
    """What the stages of a case have handed over so far."""

    def save(self, handle: str, name: str, result: BaseModel) -> None:
        """Keep the result of a stage (by its name) or of opening."""
        ...

    def load(self, handle: str, name: str) -> str | None:
        """The JSON of a finished stage, or None."""
        ...

    def forget_from(self, handle: str, stage: Stage) -> None:
        """Drop the results of this stage and all later ones: they will run again."""
        ...


class Steps(Protocol):
    """Finished steps of a case, kept so that none runs twice."""

    def keep(self, handle: str, step: str, report: str) -> None: ...

    def kept(self, handle: str) -> dict[str, str]:
        """Step id to the JSON of its StepReport."""
        ...


class ProgressLog(Protocol):
    """The progress stream of a case, and its stop request; any process may read and write it."""

    def append(self, handle: str, *told: Progress) -> bool:
        """Add lines; whether somebody asked the run to stop."""
        ...

    def after(self, handle: str, number: int) -> tuple[ProgressRow, ...]: ...

    def ask_to_stop(self, handle: str, stop: bool) -> None: ...


class Leases(Protocol):
    """One process at a time runs a case."""

    def take(self, handle: str, owner: str) -> None:
        """Take the case; waits up to 5 seconds, then raises CaseBusy."""
        ...

    def renew(self, handle: str, owner: str) -> None:
        """Hold it for longer; raises CaseLost when another process took it since, even one that is done with it."""
        ...

    def release(self, handle: str, owner: str) -> None: ...

    def abandoned(self, handle: str, launcher: int | None) -> bool:
        """Whether the process that took the case died with it; if none did, whether `launcher`, which asked for one."""
        ...


class Rate(Protocol):
    """A token bucket shared by all processes of this machine."""

    def wait(self, bucket: str, per_second: float) -> None:
        """Return when the next call of this bucket may be made."""
        ...


class Shelf(Cases, Results, Steps, ProgressLog, Leases, Rate, Protocol):
    """Everything that the case database keeps."""

    def held_by(self, owner: str) -> "Shelf":
        """The same shelf for one holder of leases: what it writes to a case raises CaseLost once it lost that case."""
        ...
