"""What an investigation works with: ports, and factories of ports that a case chooses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from investigator.domain.case import Case
from investigator.domain.report import CaseDocument
from investigator.domain.site import Site
from investigator.ports.audit import Audit
from investigator.ports.aws import Accounts
from investigator.ports.cases import Shelf
from investigator.ports.catalog import Catalog
from investigator.ports.clock import Clock
from investigator.ports.exports import CitedEvidence
from investigator.ports.model import Model
from investigator.ports.store import Library, Snapshot


@dataclass(frozen=True, slots=True)
class Equipment:
    """Built once a process by `wiring`; nothing here knows a screen or a network."""

    shelf: Shelf
    catalog: Catalog
    clock: Clock
    library: Callable[[Path | None], Library]
    """The evidence store at a folder, or the default one."""
    accounts: Callable[[Case, Path, Audit], Accounts | None]
    """The AWS accounts of a case, answering through the folder of saved answers; None without any."""
    audit: Callable[[Path], Audit]
    model: Callable[[str, Audit], Model]
    """The model that `PROVIDER:NAME` means."""
    export: Callable[[str, CaseDocument, CitedEvidence], Iterator[bytes]]
    launch: Callable[[str, bool], Callable[[], int | None]]
    """Run (or only prepare) a case in a worker process; what it gives back says the exit code once there is one."""
    expect: Callable[[], None]
    """Start a worker process before there is a case for it."""
    cases_folder: Path
    version: str
    responders: tuple[str, ...] = ()
    """Names or ARNs of responders that the operator configured."""
    site: Site = field(default_factory=Site)
    """Deploy roles, and what becomes of hits, as the operator configured."""
    known_networks: tuple[str, ...] = ()
    default_model: str | None = None

    def folder(self, case: Case) -> Path:
        """Where the case keeps its saved answers and audit log."""
        return self.cases_folder / case.handle

    def answers_folder(self, case: Case) -> Path:
        """The saved answers: those given, the place the user chose, or the case's own folder."""
        sources = case.request.sources
        return sources.responses or sources.save_responses or self.folder(case) / "answers"

    def opened(self, case: Case) -> Snapshot:
        """The evidence that the case pinned; raises LookupError when it has none yet."""
        if case.snapshot is None:
            raise LookupError(f"case {case.handle} has read no evidence yet")
        return self.library(case.request.sources.store).open(case.snapshot)
