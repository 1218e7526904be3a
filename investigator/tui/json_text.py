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


def _lines(value: JsonValue, marks: Marks, path: tuple[str, ...], key: str = "", depth: int = 0) -> Iterator[Line]:
    cited = bool(path) and bool(key) and marks.cover(path)
    if not isinstance(value, (dict, list)) or not value:
        yield Line(depth, key, _scalar(value), cited or text_of(value) in marks.values)
        return
    if depth >= MAX_DEPTH:
        yield Line(depth, key, "… deeper levels are not shown", cited)
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    yield Line(depth, key, opening, cited)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _lines(inner, marks, (*path, name), _quoted(name) + ": ", depth + 1)
    else:
        for inner in value:
            yield from _lines(inner, marks, path, "", depth + 1)
    yield Line(depth, "", closing)


def _scalar(value: JsonValue) -> str:
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """In quotes, with every control character visible; a reader sees the characters, not their JSON escapes."""
    return '"' + visible(text) + '"'
