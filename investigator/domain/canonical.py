"""Canonical JSON: one byte form for one record, so that digests and evidence ids mean the same everywhere.

RFC 8785 key order and escapes; numbers stay as their source text, because a rounded number is another number.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring

from pydantic import JsonValue


class TooDeep(ValueError):
    """A JSON value is nested too deeply to be read or written."""

    def __init__(self) -> None:
        super().__init__("the JSON value is nested too deeply")


class Written(str):
    """The text of a JSON value, which stands as it is."""

    __slots__ = ()


class Number(Written):
    """A JSON number, NaN or Infinity as the text that stood in the source."""

    __slots__ = ()


class Repeated(list[JsonValue]):
    """The values of a key that stands more than once in one object, in their order."""

    __slots__ = ()


def loads(text: str) -> JsonValue:
    """The JSON value of a text: numbers as `Number`, a repeated key as `Repeated`, raw control characters accepted.

    Raises ValueError for text that is not one JSON value, TooDeep for one that is nested too deeply to be read.
    """
    return decode(text, 0, whole=True)[0]


def decode(text: str, start: int, *, whole: bool = False) -> tuple[JsonValue, int]:
    """The JSON value that begins at `start`, and where it ends; raises ValueError as `loads` does."""
    try:
        if whole:
            return _DECODER.decode(text), len(text)
        return _DECODER.raw_decode(text, start)
    except RecursionError:
        raise TooDeep from None


def _object(pairs: Sequence[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    values: dict[str, list[JsonValue]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    return {key: found[0] if len(found) == 1 else Repeated(found) for key, found in values.items()}


_DECODER = json.JSONDecoder(
    parse_int=Number, parse_float=Number, parse_constant=Number, object_pairs_hook=_object, strict=False
)


def canonical(value: JsonValue) -> bytes:
    """The canonical form in UTF-8; a lone surrogate stands as its escape. Raises TooDeep."""
    try:
        return _written(value).encode("utf-8", "backslashreplace")
    except RecursionError:
        raise TooDeep from None


def digest(value: JsonValue) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _written(value: JsonValue) -> str:
    if isinstance(value, str):
        return value if isinstance(value, Written) else encode_basestring(value)
    if isinstance(value, dict):
        return "{" + ",".join([f"{encode_basestring(key)}:{text}" for key, text in _members(value)]) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value)


def _members(members: dict[str, JsonValue]) -> Iterator[tuple[str, str]]:
    for key in sorted(members, key=None if all(map(str.isascii, members)) else _utf16):
        value = members[key]
        if isinstance(value, Repeated):
            yield from ((key, _written(one)) for one in value)
        else:
            yield key, _written(value)


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
