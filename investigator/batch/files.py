"""What stands in a batch file, whatever its form: defaults, and a list of cases."""

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, Field, JsonValue, ValidationError

from investigator.domain.plain_json import plain_json

LARGEST_ALERT = 16 << 20


class NotABatch(ValueError):
    """A batch cannot be run as it is written; the message names the file, the case and what is expected."""


class Content(BaseModel):
    """A batch file as it is written."""

    defaults: dict[str, JsonValue] = Field(default={})
    cases: list[dict[str, JsonValue]]


def read_content(path: Path) -> Content:
    """The content of a file, or of a folder of alerts; raises NotABatch, OSError."""
    if path.is_dir():
        return _alerts(path)
    try:
        return _READERS.get(path.suffix.lower(), _yaml)(path)
    except NotABatch:
        raise
    except ValidationError as fault:
        error = fault.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, error["loc"]))
        raise NotABatch(f"{path}: takes `defaults` and a list of `cases`: {where}: {error['msg']}") from None
    except (ValueError, RecursionError, yaml.YAMLError, csv.Error) as fault:
        first = next(iter(str(fault).splitlines()), type(fault).__name__)
        raise NotABatch(f"{path}: cannot be read: {first}") from None


def read_alert(path: Path) -> JsonValue:
    """The alert of a file; raises NotABatch, OSError."""
    if path.is_file() and path.stat().st_size > LARGEST_ALERT:
        raise NotABatch(f"{path}: an alert takes at most {LARGEST_ALERT >> 20} MiB")
    try:
        return plain_json(path.read_bytes())
    except ValueError as fault:
        raise NotABatch(f"{path}: not JSON: {fault}") from None


def _alerts(folder: Path) -> Content:
    files = sorted(file for file in folder.glob("*.json") if file.is_file())
    if not files:
        raise NotABatch(f"{folder}: holds no alert; takes a folder of .json files")
    return Content(cases=[{"name": folder_name(file.stem), "alert": file.name} for file in files])


def folder_name(text: str) -> str:
    """A text as the name of a folder."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:100] or "case"


class _Words(yaml.SafeLoader):
    """Everything that stands in place of a text is a text: no account loses a zero, no date becomes another form."""


_KEPT = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")
_Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in _KEPT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Numbers(yaml.SafeLoader):
    """Numbers are numbers, as an alert has them; times stay texts."""


_Numbers.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _yaml(path: Path) -> Content:
    text = path.read_text(encoding="utf-8-sig")
    written = Content.model_validate(_loaded(text, _Words))
    typed = Content.model_validate(_loaded(text, _Numbers))
    cases = [_with_alert(case, typed.cases[place]) for place, case in enumerate(written.cases)]
    return Content(defaults=_with_alert(written.defaults, typed.defaults), cases=cases)


def _loaded(text: str, loader: type[yaml.SafeLoader]) -> object:
    return yaml.load(text, loader)


def _with_alert(words: dict[str, JsonValue], typed: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {**words, "alert": typed["alert"]} if "alert" in typed else words


def _json(path: Path) -> Content:
    """A batch, or one alert."""
    read = plain_json(path.read_bytes())
    if isinstance(read, dict) and "cases" not in read:
        return Content(cases=[{"name": folder_name(path.stem), "alert": path.name}])
    return Content.model_validate(read)


class _Line(BaseModel, extra="allow"):
    """One line of a JSON lines file: the defaults, or a case."""

    defaults: dict[str, JsonValue] = Field(default={})
    __pydantic_extra__: dict[str, JsonValue] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def case(self) -> dict[str, JsonValue]:
        return self.__pydantic_extra__


def _json_lines(path: Path) -> Content:
    texts = path.read_text(encoding="utf-8-sig").splitlines()
    lines = [_Line.model_validate(plain_json(text.encode())) for text in texts if text.strip()]
    defaults = {key: value for line in lines for key, value in line.defaults.items()}
    return Content(defaults=defaults, cases=[line.case for line in lines if line.case])


def _csv(path: Path) -> Content:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return Content(cases=[_row(row) for row in csv.DictReader(file, strict=True)])


def _row(row: Mapping[str | None, str | list[str] | None]) -> dict[str, JsonValue]:
    """Empty cells are left out; `answer.SLOT` columns are the answers."""
    if row.get(None):
        raise NotABatch("a row has more cells than there are columns")
    filled = {key: value for key, value in row.items() if key and isinstance(value, str) and value.strip()}
    answers: dict[str, JsonValue] = {k.removeprefix("answer."): v for k, v in filled.items() if k.startswith("answer.")}
    plain: dict[str, JsonValue] = {k: v for k, v in filled.items() if not k.startswith("answer.")}
    return {**plain, "answers": answers}


_READERS: Mapping[str, Callable[[Path], Content]] = {
    ".csv": _csv,
    ".json": _json,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
}
