"""Batch files: many cases from YAML, JSON lines, CSV, or a folder of alert files."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, Field, JsonValue, ValidationError, field_validator

from investigator.domain.case import OpenCase, Sources
from investigator.domain.value import Value

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class NotABatch(ValueError):
    """A batch file cannot be read; the message names the file, the case and what is expected."""


class Entry(Value):
    """One case of a batch; paths are relative to the file."""

    name: str = ""
    worry: str = ""
    alert: JsonValue = None
    """An alert itself, or the path of its file."""
    logs: tuple[Path, ...] = ()
    responses: Path | None = None
    aws: str | None = None
    """The profile of a live account."""
    answers: Mapping[str, str] = Field(default={})
    playbook: str | None = None

    @field_validator("logs", mode="before")
    @classmethod
    def _one_or_many(cls, given: JsonValue) -> JsonValue:
        return [part for part in given.split(",") if part] if isinstance(given, str) else given


def entries(paths: list[Path]) -> tuple[Entry, ...]:
    """Every case of these files and folders, each with its own name; raises NotABatch or OSError."""
    found = tuple(entry for path in paths for entry in _of(path))
    names = [entry.name for entry in found]
    for name in names:
        if not _NAME.fullmatch(name):
            raise NotABatch(f"case name {name!r}: takes letters, digits, '.', '_' and '-' (it names a folder)")
        if names.count(name) > 1:
            raise NotABatch(f"case name {name!r} occurs twice")
    return found


class _Content(BaseModel):
    """A batch file as it is written."""

    defaults: dict[str, JsonValue] = Field(default={})
    cases: list[dict[str, JsonValue]]


class _Line(BaseModel, extra="allow"):
    """One line of a JSON lines file: the defaults, or a case."""

    defaults: dict[str, JsonValue] = Field(default={})
    __pydantic_extra__: dict[str, JsonValue] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def case(self) -> dict[str, JsonValue]:
        return self.__pydantic_extra__


def _of(path: Path) -> Iterator[Entry]:
    if path.is_dir():
        return (Entry(name=file.stem, alert=_json(file)) for file in sorted(path.glob("*.json")))
    try:
        content = _READERS.get(path.suffix, _yaml)(path)
    except (ValidationError, ValueError, yaml.YAMLError) as fault:
        raise NotABatch(f"{path}: takes `defaults` and a list of `cases`: {str(fault).splitlines()[0]}") from None
    return (_entry(path, content, number) for number in range(1, len(content.cases) + 1))


def _yaml(path: Path) -> _Content:
    return _Content.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def _json_lines(path: Path) -> _Content:
    lines = [_Line.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    defaults = next((line.defaults for line in lines if line.defaults), dict[str, JsonValue]())
    return _Content(defaults=defaults, cases=[line.case for line in lines if not line.defaults])


def _csv(path: Path) -> _Content:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return _Content(cases=[_row(row) for row in csv.DictReader(file)])


def _row(row: Mapping[str, str]) -> dict[str, JsonValue]:
    filled = {key: value for key, value in row.items() if key and value}
    answers: dict[str, JsonValue] = {k.removeprefix("answer."): v for k, v in filled.items() if k.startswith("answer.")}
    plain: dict[str, JsonValue] = {k: v for k, v in filled.items() if not k.startswith("answer.")}
    return {**plain, "answers": answers}


_READERS = {".csv": _csv, ".jsonl": _json_lines, ".ndjson": _json_lines}


def _entry(path: Path, content: _Content, number: int) -> Entry:
    row = content.cases[number - 1]
    answers = {**_texts(content.defaults.get("answers")), **_texts(row.get("answers"))}
    try:
        entry = Entry.model_validate({"name": f"case-{number:03}", **content.defaults, **row, "answers": answers})
    except ValidationError as fault:
        where = ".".join(map(str, fault.errors()[0]["loc"]))
        raise NotABatch(f"{path}, case {number}: {where}: {fault.errors()[0]['msg']}") from None
    if not entry.worry.strip() and entry.alert is None:
        raise NotABatch(f"{path}, case {number}: takes a worry or an alert")
    return _beside(entry, path.parent)


def _texts(answers: JsonValue) -> dict[str, str]:
    return {slot: str(value) for slot, value in answers.items()} if isinstance(answers, dict) else {}


def _beside(entry: Entry, folder: Path) -> Entry:
    alert = _json(folder / entry.alert) if isinstance(entry.alert, str) else entry.alert
    update: dict[str, object] = {"alert": alert, "logs": tuple(folder / path for path in entry.logs)}
    if entry.responses is not None:
        update["responses"] = folder / entry.responses
    return entry.model_copy(update=update)


def _json(path: Path) -> JsonValue:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise NotABatch(f"{path}: not JSON: {fault}") from None


def request(entry: Entry, playbook: str | None) -> OpenCase:
    """The request that opens the case, with defaults for every question."""
    sources = Sources(logs=entry.logs, responses=entry.responses, aws=entry.aws is not None, profile=entry.aws or None)
    return OpenCase(
        worry=entry.worry,
        alert=entry.alert,
        sources=sources,
        answers=entry.answers,
        playbook=entry.playbook or playbook,
        ask=False,
    )
