"""The case API in this process: an empty one that starts no worker, and one with a finished case."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from investigator.domain.case import OpenCase, Sources
from investigator.domain.words import ClosureCode
from investigator.http.access import Access
from investigator.http.routes import api as application
from investigator.http.sources import NamedSources
from investigator.investigation import Investigation
from tests.support.small_case import WORRY, Launches, small_logs, without_workers

HOST = "http://127.0.0.1:8420"


@dataclass
class Api:
    """A client, and what stands behind it."""

    folder: Path
    named: NamedSources = field(default_factory=NamedSources)
    tokens: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.launches = Launches()
        self.investigation: Investigation = without_workers(self.folder, self.launches)
        app = application(self.investigation, self.named, Access(self.tokens, set()))
        self.client = TestClient(app, base_url=HOST, raise_server_exceptions=False)

    def opened(self, **body: object) -> str:
        """The id of a new case."""
        return self.client.post("/api/cases", json={"worry": WORRY, **body}).json()["id"]


@dataclass
class Solved(Api):
    """An API with one case, finished and closed, so that nothing changes it any more."""

    handle: str = ""


@pytest.fixture
def api(tmp_path: Path) -> Api:
    return Api(tmp_path / "data", NamedSources(logs={"prod": tmp_path / "logs"}))


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    folder = tmp_path_factory.mktemp("solved")
    solved = Solved(folder / "data")
    sources = Sources(logs=(small_logs(folder / "logs"),))
    request = OpenCase(worry=WORRY, sources=sources, answers={"known_ips": "203.0.113.0/24"}, ask=False)
    solved.handle = solved.investigation.open(request).id
    solved.investigation.run(solved.handle)
    solved.investigation.close(solved.handle, ClosureCode.COMPLETED)
    return solved
