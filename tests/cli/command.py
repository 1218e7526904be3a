"""Runs a command line in this process, over an Investigation that the test scripts."""

from pathlib import Path
from typing import NamedTuple

import pytest

from investigator.__main__ import main
from investigator.domain.case import CaseView
from investigator.domain.index_report import FileReport, IndexReport
from investigator.domain.report import CaseDocument
from investigator.domain.words import RunState
from investigator.ports.progress import ProgressSink, quiet
from tests.doubles.fake_investigation import COURSE, PREPARATION, FakeInvestigation


class Ran(NamedTuple):
    code: int
    out: str
    err: str


class Told(FakeInvestigation):
    """Runs in this process too; `trouble` is raised in the middle of the run."""

    def __init__(self, *views: CaseView, document: CaseDocument | None = None, files: tuple[FileReport, ...] = (),
                 trouble: Exception | None = None) -> None:  # fmt: skip
        super().__init__(*views, document=document)
        self._files = files
        self._trouble = trouble
        self.ran: list[str] = []

    def prepare(self, handle: str, sink: ProgressSink = quiet) -> CaseView:
        for progress in PREPARATION:
            sink(progress)
        self._put(handle, run=RunState.READY)
        return self.view(handle)

    def run(self, handle: str, sink: ProgressSink = quiet) -> CaseView:
        for progress in COURSE:
            sink(progress)
            if self._trouble is not None:
                raise self._trouble
        self.ran.append(handle)
        self._put(handle, run=RunState.FINISHED, verdict=self._made().verdict.value)
        return self.view(handle)

    def index_report(self, handle: str) -> IndexReport | None:
        return IndexReport(files=self._files, records=0, distinct=0, quarantined=0, seconds=0)


class Command:
    """`command("cases", "--json")` gives what the program wrote and its exit code."""

    def __init__(self, capture: pytest.CaptureFixture[str], home: Path) -> None:
        self._capture = capture
        self._home = home
        self.investigation = Told()

    def __call__(self, *words: str) -> Ran:
        self._capture.readouterr()
        code = main([*words, "--case-dir", str(self._home)], build=lambda settings: self.investigation)
        out, err = self._capture.readouterr()
        return Ran(code, out, err)


class Program:
    """The program as it ships, with a data folder of its own."""

    def __init__(self, capture: pytest.CaptureFixture[str], home: Path) -> None:
        self._capture = capture
        self._home = home

    def __call__(self, *words: str) -> Ran:
        self._capture.readouterr()
        code = main([*words, "--case-dir", str(self._home)])
        return Ran(code, *self._capture.readouterr())
