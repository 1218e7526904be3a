"""Parsed replies as JSON: times as ISO 8601 text in UTC, bytes as base64, lone surrogates made visible."""

import base64
from datetime import datetime

from pydantic import JsonValue, TypeAdapter

from investigator.domain.answers import storable
from investigator.domain.times import to_text

_OBJECT = TypeAdapter(dict[str, object])
_LIST = TypeAdapter(list[object])


def to_json(value: object) -> JsonValue:
    """Raises ValueError for what no AWS reply holds."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: to_json(inner) for key, inner in _OBJECT.validate_python(value).items()}
    return [to_json(inner) for inner in _LIST.validate_python(value)]
