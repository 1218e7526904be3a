"""A store in a fresh folder, and what most tests ask of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.event import Event
from investigator.domain.index_report import FileReport, IndexReport
from investigator.domain.search import Search
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet
from investigator.ports.store import Snapshot


@pytest.fixture
def library(tmp_path: Path) -> EvidenceLibrary:
    return EvidenceLibrary(tmp_path / "stores")


@pytest.fixture
def index(library: EvidenceLibrary) -> Callable[[Path], IndexReport]:
    return lambda path: library.index([path], quiet)


@pytest.fixture
def opened(library: EvidenceLibrary) -> Callable[..., Snapshot]:
    return lambda *paths: library.open(library.pin(paths))


@pytest.fixture
def read(opened: Callable[..., Snapshot]) -> Callable[..., list[Event]]:
    """Every event of some files."""
    return lambda *paths: list(opened(*paths).events(Search()))


@pytest.fixture
def report_of(index: Callable[[Path], IndexReport]) -> Callable[[Path], FileReport]:
    """What became of one file that lies in a folder with others."""

    def of(path: Path) -> FileReport:
        [row] = [row for row in index(path.parent).files if row.path == path.name]
        return row

    return of
