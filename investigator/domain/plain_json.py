"""JSON out of a log as any program may read it: nothing that a JSON writer refuses, and nothing rounded."""

import json
from decimal import Decimal, InvalidOperation
from math import isfinite

from pydantic import JsonValue

from investigator.domain.answers import storable
from investigator.domain.canonical import Number, loads

_WIDEST = 2**63


def plain_json(raw: bytes) -> JsonValue:
    """The value of a record, or of one document: a number that 64 bits would change stays text.

    A repeated key has its values in a list, a lone surrogate is a visible escape. Raises ValueError for anything else.
    """
    return _plain(storable(loads(raw.decode(json.detect_encoding(raw), "replace"))))


def _plain(value: JsonValue) -> JsonValue:
    if isinstance(value, Number):
        return _number(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _number(text: Number) -> JsonValue:
    if text.lstrip("-").isdecimal():
        return int(text) if len(text) < 20 and -_WIDEST <= int(text) < _WIDEST else str(text)
    try:
        exact = Decimal(repr(float(text))) == Decimal(text)
    except (ValueError, InvalidOperation):
        return str(text)
    return float(text) if exact and isfinite(float(text)) else str(text)
