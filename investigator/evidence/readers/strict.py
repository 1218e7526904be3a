"""Whether JSON is plain: decoding and encoding it again gives the same bytes, and it is not nested too deeply.

Plain JSON has no repeated key, no number or escape that readers take differently, no lone surrogate: appendix 4 of the
reliability specification. White space alone does not make it odd.
"""

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from investigator.evidence.readers.tolerant import DEEPEST

NUL = b"\\u0000"
"""How JSON writes a NUL, which databases cut at; every writer of JSON writes it so."""
_NOTHING = (b"", b"null")
_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]', re.DOTALL)
_BIG_NUMBER = re.compile(rb"[\[,:]\s*-?\d{19}")
_DECODE = msgspec.json.Decoder().decode
_ENCODE = msgspec.json.Encoder().encode


def is_plain(raw: bytes) -> bool:
    """Whether every reader of JSON takes these bytes alike."""
    try:
        value: object = _DECODE(raw)
        again = _ENCODE(value)
        same = again == raw or again == msgspec.json.format(raw, indent=-1)
    except (ValueError, OverflowError, RecursionError):
        return False
    return same and NUL not in raw and not _BIG_NUMBER.search(raw) and (_may_be_shallow(raw) or _depth(raw) <= DEEPEST)


def odd_ones(values: Sequence[bytes]) -> list[int]:
    """The positions of values that are not plain; one look when all are."""
    present = [value for value in values if value not in _NOTHING]
    deep = [value for value in present if len(value) >= 2 * DEEPEST and not _may_be_shallow(value)]
    joined = b"[" + b",".join(present) + b"]"
    if not deep and _is_same(joined) and not _holds_big_number(joined):
        return []
    return [position for position, value in enumerate(values) if value not in _NOTHING and not is_plain(value)]


def _holds_big_number(raw: bytes) -> bool:
    """Whether 19 digits may stand in a row: every sixth byte is looked at, of which three in a row would be digits."""
    digits = (np.frombuffer(raw, np.uint8)[::6] - np.uint8(0x30)) < 10
    starts = np.flatnonzero(digits[:-2] & digits[1:-1] & digits[2:]) * 6
    return any(raw[start : start + 13].isdigit() for start in starts.tolist()) and bool(_BIG_NUMBER.search(raw))


def _is_same(raw: bytes) -> bool:
    try:
        return _ENCODE(_DECODE(raw)) == raw
    except (ValueError, OverflowError, RecursionError):
        return False


def _may_be_shallow(raw: bytes) -> bool:
    return len(raw) < 2 * DEEPEST or raw.count(b"{") + raw.count(b"[") < DEEPEST


def _depth(raw: bytes) -> int:
    """The levels of a valid JSON value."""
    depth = deepest = 0
    for token in _BRACKET.finditer(raw):
        if token[0] in (b"{", b"["):
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in (b"}", b"]"):
            depth -= 1
    return deepest
