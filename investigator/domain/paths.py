"""Dotted paths into JSON: the one grammar of search expressions, claims and states.

`a.b.c` reads keys; a list on the way means every element of it; `[Key=value]` after a key keeps the elements whose
`Key` has that text (several joined by `,` when `Key` holds a list). A dot inside a key is written `\\.`.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from pydantic import JsonValue

_PART = re.compile(r"((?:\\.|[^.\[\\])+)((?:\[[^\]]*\])*)(?:\.|$)")
_PICK = re.compile(r"\[([^=\]]+)=([^\]]*)\]")


def quote_key(key: str) -> str:
    """A key as it stands in a path."""
    return key.replace("\\", "\\\\").replace(".", "\\.").replace("[", "\\[")


@lru_cache(maxsize=4_096)
def parse_path(path: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The keys of a path, each with its picks; raises ValueError for a path that cannot be read."""
    parts = list(_PART.finditer(path))
    if not parts or "".join(part.group(0) for part in parts) != path:
        raise ValueError(f"not a path: {path!r}")
    return tuple(
        (re.sub(r"\\(.)", r"\1", part.group(1)), tuple((m[1], m[2]) for m in _PICK.finditer(part.group(2))))
        for part in parts
    )


def text_of(value: JsonValue) -> str:
    """A value as comparisons see it: strings as they are, everything else as JSON text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _spread(value: JsonValue) -> Iterator[JsonValue]:
    if isinstance(value, list):
        for element in value:
            yield from _spread(element)
    else:
        yield value


def _picked(value: JsonValue, picks: tuple[tuple[str, str], ...]) -> bool:
    if not isinstance(value, dict):
        return not picks
    return all(_pick_text(value.get(key)) == wanted for key, wanted in picks)


def _pick_text(value: JsonValue) -> str:
    if isinstance(value, list):
        return ",".join(text_of(element) for element in value)
    return text_of(value)


def select(document: JsonValue, path: str) -> tuple[JsonValue, ...]:
    """Every value at the path, in document order; nothing where a key is absent."""
    found: tuple[JsonValue, ...] = (document,)
    for key, picks in parse_path(path):
        found = tuple(
            element
            for value in found
            for holder in _spread(value)
            if isinstance(holder, dict) and key in holder
            for element in (_spread(holder[key]) if picks else (holder[key],))
            if _picked(element, picks)
        )
    return found


def texts(document: JsonValue, path: str) -> tuple[str, ...]:
    """The texts of every scalar at the path; null and absent give nothing."""
    return tuple(
        text_of(leaf)
        for value in select(document, path)
        for leaf in _spread(value)
        if leaf is not None and not isinstance(leaf, dict)
    )


def first_text(document: JsonValue, path: str) -> str:
    """The first text at the path, or ""."""
    return next(iter(texts(document, path)), "")
