"""Whole investigations in a folder of their own, as the command line runs them."""

from dataclasses import dataclass
from pathlib import Path

from investigator.domain.case import OpenCase, Sources
from investigator.domain.report import CaseDocument
from investigator.investigation import Investigation
from investigator.settings import Settings
from investigator.wiring import build


@dataclass
class Room:
    """A data folder with its investigation."""

    folder: Path

    def __post_init__(self) -> None:
        self.investigation: Investigation = build(Settings(case_dir=self.folder))

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
