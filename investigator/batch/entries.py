"""The cases of a batch: each with a name of its own, its paths, its answers, and the request that opens it."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import Field, JsonValue, ValidationError, field_validator

from investigator.batch.files import NotABatch, folder_name, read_alert, read_content
from investigator.domain.case import OpenCase, Sources
from investigator.domain.ids import digest16
from investigator.domain.playbook import Playbook
from investigator.domain.value import Value

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_OURS = frozenset({"batch.json", "summary.csv", "summary.html"})


class Entry(Value):
    """One case of a batch; paths are absolute."""

    name: str
    worry: str = ""
    alert: JsonValue = None
    logs: tuple[Path, ...] = ()
    responses: Path | None = None
    aws: str | None = None
    """The profile of a live account."""
    answers: Mapping[str, str] = Field(default={})
    playbook: str | None = None

    @field_validator("logs", mode="before")
    @classmethod
    def _one_or_many(cls, given: JsonValue) -> JsonValue:
        return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given

    @field_validator("answers", mode="before")
    @classmethod
    def _texts(cls, given: JsonValue) -> JsonValue:
        return {slot: _text(value) for slot, value in given.items()} if isinstance(given, dict) else given

    @property
    def digest(self) -> str:
        """The same as long as nothing about the case is changed."""
        return digest16(self.model_dump_json())


def _text(value: JsonValue) -> str:
    """An answer as it is typed: several values are separated by commas."""
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value)


def entries(paths: Sequence[Path]) -> tuple[Entry, ...]:
    """Every case of these files and folders, each with its own name; raises NotABatch or OSError."""
    found = tuple(entry for path in paths for entry in _of(path.resolve()))
    counts = Counter(entry.name.casefold() for entry in found)
    for name in (entry.name for entry in found):
        if not _NAME.fullmatch(name) or name.casefold() in _OURS:
            raise NotABatch(f"case name {name!r}: takes letters, digits, '.', '_' and '-' (it names a folder)")
        if counts[name.casefold()] > 1:
            raise NotABatch(f"case name {name!r} occurs {counts[name.casefold()]} times")
    return found


def _of(path: Path) -> Iterator[Entry]:
    content = read_content(path)
    folder = path if path.is_dir() else path.parent
    for number, row in enumerate(content.cases, 1):
        try:
            yield _beside(_entry(path, content.defaults, row, number), folder)
        except ValidationError as fault:
            error = fault.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, error["loc"]))
            raise NotABatch(f"{path}, case {number}: {where}: {error['msg']}") from None
        except NotABatch as fault:
            raise NotABatch(f"{path}, case {number}: {fault}") from None


def _entry(path: Path, defaults: Mapping[str, JsonValue], row: Mapping[str, JsonValue], number: int) -> Entry:
    name = row.get("name") or folder_name(f"{path.stem}-{number:03}")
    answers = [given for given in (defaults.get("answers"), row.get("answers")) if isinstance(given, dict)]
    merged = {slot: value for given in answers for slot, value in given.items()}
    entry = Entry.model_validate({**defaults, **row, "name": name, "answers": merged})
    if not entry.worry.strip() and entry.alert is None:
        raise NotABatch("takes a worry or an alert")
    return entry


def _beside(entry: Entry, folder: Path) -> Entry:
    """The entry with its paths found, and its alert read."""
    alert = read_alert(folder / entry.alert) if isinstance(entry.alert, str) else entry.alert
    logs = tuple(folder / path for path in entry.logs)
    responses = folder / entry.responses if entry.responses is not None else None
    missing = next((path for path in (*logs, *((responses,) if responses else ())) if not path.exists()), None)
    if missing is not None:
        raise NotABatch(f"{missing} is not there")
    return entry.model_copy(update={"alert": alert, "logs": logs, "responses": responses})


def request(entry: Entry, name: str | None, playbook: Playbook | None) -> OpenCase:
    """The request that opens the case under the playbook of this name, with its answers, and defaults for the rest."""
    sources = Sources(logs=entry.logs, responses=entry.responses, aws=entry.aws is not None, profile=entry.aws or None)
    return OpenCase(
        worry=entry.worry,
        alert=entry.alert,
        sources=sources,
        answers={**(playbook.answers if playbook else {}), **entry.answers},
        playbook=entry.playbook or name,
        ask=False,
    )
