"""A JSON value as lines to read, the cited ones marked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pydantic import JsonValue

from investigator.domain.paths import text_of
from investigator.domain.safe_text import visible
from investigator.tui.cited import Marks

MAX_DEPTH = 40
MAX_LINES = 20_000

Path = tuple[str | None, ...]
"""Keys from the top; None stands for a place in a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what stands before the value, the value, and whether a claim speaks of it."""

    indent: int
    key: str
    value: str
    cited: bool = False


def json_lines(value: JsonValue, marks: Marks) -> tuple[Line, ...]:
    """The value pretty-printed, at most 20,000 lines and 40 levels deep; what is cut is said."""
    lines = tuple(islice(_lines(value, marks, ()), MAX_LINES + 1))
    if len(lines) <= MAX_LINES:
        return lines
    return (*lines[:MAX_LINES], Line(0, "", "… the rest is too long for a screen; export the bundle to read it"))


def _lines(value: JsonValue, marks: Marks, path: Path, key: str = "", tail: str = "") -> Iterator[Line]:
    depth = len(path)
    cited = bool(key) and marks.cover(_keys(path))
    if not isinstance(value, (dict, list)) or not value:
        yield Line(depth, key, _scalar(value) + tail, cited or text_of(value) in marks.values)
        return
    if depth >= MAX_DEPTH:
        yield Line(depth, key, "… deeper levels are not shown", cited)
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    yield Line(depth, key, opening, cited)
    members: list[tuple[str | None, JsonValue]] = (
        list(value.items()) if isinstance(value, dict) else [(None, v) for v in value]
    )
    for nth, (name, inner) in enumerate(members, 1):
        label = "" if name is None else _quoted(name) + ": "
        yield from _lines(inner, marks, (*path, name), label, "," if nth < len(members) else "")
    yield Line(depth, "", closing + tail)


def _keys(path: Path) -> tuple[str, ...]:
    return tuple(key for key in path if key is not None)


def _scalar(value: JsonValue) -> str:
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """A JSON string whose control and hidden characters are visible escapes."""
    return '"' + visible(text).replace('"', '\\"') + '"'
