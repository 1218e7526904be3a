"""Saved AWS answers, read as the one JSON value that their pages make together."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Protocol

from pydantic import JsonValue

from investigator.domain.answers import calls_of, id_of_file, merged, parse_page
from investigator.domain.ids import EvidenceId


class Answers(Protocol):
    def saved(self, answer: EvidenceId) -> bytes:
        """The saved pages, one JSON object a line; empty when the answer is not there."""
        ...


class SavedAnswers:
    """A folder of saved answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def saved(self, answer: EvidenceId) -> bytes:
        path = self._paths.get(answer)
        return path.read_bytes() if path else b""

    @cached_property
    def _paths(self) -> Mapping[EvidenceId, Path]:
        return {name: path for path in sorted(self._folder.glob("*/*/*/*.jsonl")) if (name := _name(path))}


class NoAnswers:
    """A case without AWS answers."""

    def saved(self, answer: EvidenceId) -> bytes:
        return b""


def _name(path: Path) -> EvidenceId | None:
    with path.open(encoding="utf-8", errors="replace") as file:
        try:
            return id_of_file(PurePosixPath(*path.parts[-4:]), parse_page(file.readline()))
        except ValueError:
            return None


def whole_answer(pages: bytes) -> JsonValue:
    """The body of the last whole call, its pages read as one; None when there is no readable page."""
    calls = calls_of(pages.decode("utf-8", "replace").splitlines())
    return merged([page.body for page in calls[-1] if page.error is None]) if calls else None
