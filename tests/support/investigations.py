"""Whole investigations in a folder of their own, as the command line runs them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from investigator.domain.case import OpenCase, Sources
from investigator.domain.report import CaseDocument
from investigator.investigation import Investigation
from investigator.ports.audit import Audit
from investigator.ports.model import Model
from investigator.settings import Settings
from investigator.stages.running.equipment import Equipment
from investigator.wiring import equipment


@dataclass
class Room:
    """A data folder with its investigation; other settings, or another model, when a test needs them."""

    folder: Path
    settings: Mapping[str, object] = field(default_factory=dict)
    model: Callable[[str, Audit], Model] | None = None

    def __post_init__(self) -> None:
        built = equipment(Settings(case_dir=self.folder, **self.settings))
        self.equipment: Equipment = replace(built, model=self.model) if self.model else built
        self.investigation = Investigation(self.equipment)

    def run(self, request: OpenCase) -> CaseDocument:
        """The document of a case that is run to its end."""
        return self.investigation.document(self.handle(request))

    def handle(self, request: OpenCase) -> str:
        """The handle of a case that is run to its end."""
        handle = self.investigation.open(request).id
        self.investigation.run(handle)
        return handle


def worry(text: str, logs: Path, **more: object) -> OpenCase:
    """A request that starts at once over a folder of logs."""
    return OpenCase(worry=text, sources=Sources(logs=(logs,)), ask=False, **more)


def content(document: CaseDocument) -> str:
    """The document as JSON, without what differs from run to run."""
    return document.model_dump_json(exclude={"measures"}, indent=1)
