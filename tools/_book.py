"""The folder of saved answers: every page is written before it is served, and served from what was written."""

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ConfigDict, JsonValue

from investigator.domain.answers import SCHEMA, SavedPage, answer_id, answer_path, calls_of
from investigator.domain.times import Instant, to_text
from investigator.domain.value import Value
from investigator.ports.aws import Page

from ._refusals import Request, lost_credentials, refused


class Caller(Value):
    """What sts:GetCallerIdentity says; names as AWS spells them."""

    model_config = ConfigDict(extra="ignore")

    Account: str = ""
    Arn: str = ""
    UserId: str = ""


class Session(Value):
    """`session.json`: whose answers these are, from when, and which Regions of which accounts were in scope."""

    model_config = ConfigDict(extra="ignore")

    schema_name: str = SCHEMA
    as_of: Instant
    caller: Caller = Caller()
    regions: tuple[str, ...] = ()
    cells: Mapping[str, tuple[str, ...]] = {}
    """Regions by account; without it every account of the folder has all `regions`."""


class NoSavedAnswers(ValueError):
    """The folder holds no session.json that can be read."""


class AnswerBook:
    """Saved answers below one folder; safe for threads, and for one process at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._calls: dict[Path, int] = {}

    def session(self) -> Session:
        """Raises NoSavedAnswers."""
        path = self._folder / "session.json"
        try:
            kept: dict[str, JsonValue] = json.loads(path.read_text(encoding="utf-8"))
            return Session.model_validate(kept)
        except (OSError, ValueError) as error:
            raise NoSavedAnswers(f"{path} is not the session file of saved answers: {error}") from error

    def open_session(self, session: Session) -> None:
        """Write session.json, aside and renamed."""
        kept: dict[str, JsonValue] = session.model_dump(mode="json")
        kept = {"schema": kept.pop("schema_name"), **kept}
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = self._folder / "session.json.new"
        aside.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        aside.replace(self._folder / "session.json")

    def accounts(self) -> tuple[str, ...]:
        """The accounts that have a folder here."""
        return tuple(sorted(path.name for path in self._folder.glob("[0-9]" * 12) if path.is_dir()))

    def regions(self, account: str) -> tuple[str, ...]:
        """The Regions that have a folder below an account."""
        return tuple(sorted(path.name for path in (self._folder / account).glob("*-*-*") if path.is_dir()))

    def path(self, request: Request) -> Path:
        name = f"{request.service}.{request.operation}"
        return self._folder / answer_path(name, request.account, request.region, request.parameters)

    def calls(self, request: Request) -> Sequence[tuple[SavedPage, ...]]:
        """The calls kept of a request, in order; none when it was never made."""
        try:
            return calls_of(self.path(request).read_text(encoding="utf-8").splitlines())
        except FileNotFoundError:
            return ()

    def next_call(self, request: Request) -> int:
        """The number of a call that begins now."""
        path = self.path(request)
        with self._lock:
            if path not in self._calls:
                self._calls[path] = max((call[0].call for call in self.calls(request)), default=0)
            self._calls[path] += 1
            return self._calls[path]

    def write(self, request: Request, page: SavedPage) -> SavedPage:
        """Append the page, on a line of its own even after a torn one."""
        path = self.path(request)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, path.open("ab+") as file:
            torn = file.tell() > 0 and _last_byte(path) != b"\n"
            file.write((b"\n" if torn else b"") + str(page).encode("ascii") + b"\n")
        return page


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1)


def served(request: Request, saved: SavedPage, as_of: datetime) -> Page:
    """What a tool sees of a saved page; raises Refused or NoCredentials for a saved error."""
    if saved.error is not None:
        raise lost_credentials(saved.error) or refused(request, saved.error)
    name = f"{request.service}.{request.operation}"
    answer = answer_id(name, request.account, request.region, request.parameters)
    return Page(answer=answer, number=saved.page, body=saved.body, fetched=to_text(as_of))
