"""What the text of a table's cell holds: JSON, a Python value, the `{key=value}` text of a query engine, or plain text.

Athena (Trino) prints a row as `{type=IAMUser, sessioncontext={…}}`, with nothing to mark a comma inside a value: where
such a text has two readings it stays text.
"""

import ast
import json
import re
from contextlib import suppress

from pydantic import JsonValue, TypeAdapter

from investigator.domain.canonical import TooDeep, loads

NOTHING = frozenset({"", "null", "NULL", "None"})
"""Texts that stand for no value."""
LONGEST = 2**20
"""Characters of a value that is not JSON."""
DEEPEST = 20
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
_USUAL = json.JSONDecoder()
_KEY = re.compile(r"\s*([\w.:/@-]{1,128})=")
_TEXT = re.compile(r"(?:(?!, [\w.:/@-]{1,128}=)[^{}\[\]])*")
_ELEMENT = re.compile(r"[^,{}\[\]]*")


def is_usual_json(text: str) -> bool:
    """Whether a cell holds an object or a list in JSON, without raw control characters."""
    try:
        return text.lstrip().startswith(("{", "[")) and _USUAL.decode(text) is not None
    except (ValueError, RecursionError):
        return False


def nested(text: str) -> JsonValue:
    """The value that a cell's text writes down; the text itself where it writes none, None for none; raises TooDeep."""
    text = text.strip()
    if text in NOTHING:
        return None
    if not text.startswith(("{", "[")):
        return text
    try:
        return loads(text)
    except TooDeep:
        raise
    except ValueError:
        return _not_json(text) if len(text) <= LONGEST else text


def _not_json(text: str) -> JsonValue:
    if "'" in text or "None" in text:
        with suppress(ValueError, SyntaxError, RecursionError, MemoryError):
            return _JSON.validate_python(ast.literal_eval(text))
    try:
        value, end = _value(text, 0, 0)
    except ValueError:
        return text
    return value if end == len(text) else text


def _value(text: str, at: int, depth: int) -> tuple[JsonValue, int]:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if text.startswith("{", at):
        return _struct(text, at + 1, depth + 1)
    if text.startswith("[", at):
        return _list(text, at + 1, depth + 1)
    return _matched(_TEXT, text, at)


def _matched(pattern: re.Pattern[str], text: str, at: int) -> tuple[JsonValue, int]:
    found = pattern.match(text, at)
    end = found.end() if found else at
    return (None if text[at:end] in NOTHING else text[at:end]), end


def _struct(text: str, at: int, depth: int) -> tuple[JsonValue, int]:
    members: dict[str, JsonValue] = {}
    while not text.startswith("}", at):
        key = _KEY.match(text, at)
        if key is None:
            raise ValueError("a key is expected")
        value, at = _value(text, key.end(), depth)
        if value is not None:
            members[key[1]] = value
        at = _next(text, at, "}")
    return members, at + 1


def _list(text: str, at: int, depth: int) -> tuple[JsonValue, int]:
    elements: list[JsonValue] = []
    while not text.startswith("]", at):
        inner = text.startswith(("{", "["), at)
        value, at = _value(text, at, depth) if inner else _matched(_ELEMENT, text, at)
        elements.append(value)
        at = _next(text, at, "]")
    return elements, at + 1


def _next(text: str, at: int, closing: str) -> int:
    """Past the comma; raises ValueError where neither a comma nor the closing bracket stands."""
    if text.startswith(", ", at):
        return at + 2
    if not text.startswith(closing, at):
        raise ValueError("a comma or a closing bracket is expected")
    return at
