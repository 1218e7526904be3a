"""Whether JSON is plain: decoding and encoding it again gives the same bytes, and it is not nested too deeply.

Plain JSON has no repeated key, no number or escape that readers take differently, no lone surrogate: appendix 4 of the
reliability specification. White space alone does not make it odd.
"""

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from investigator.evidence.readers.tolerant import DEEPEST

LEVELS = DEEPEST - 1
"""Levels of a value that is plain: with the record that holds it, no more than a record may have."""
_NOTHING = (b"", b"null")
_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]]', re.DOTALL)
_BIG_NUMBER = re.compile(rb"(?:\A|[\[,:])\s*-?\d{19}")
_BEFORE_A_NUMBER = np.isin(np.arange(256), np.frombuffer(b"[,: \t\r\n-", np.uint8))
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
    return (
        same and not holds_nul(raw) and not _BIG_NUMBER.search(raw) and (_may_be_shallow(raw) or _depth(raw) <= LEVELS)
    )


def holds_nul(raw: bytes | bytearray) -> bool:
    """Whether a text of JSON holds a NUL, which databases cut at; every writer of JSON writes it alike."""
    return b"\\" in raw and rb"\u0000" in raw


def odd_ones(values: Sequence[bytes]) -> list[int]:
    """The positions of values that are not plain."""
    return [position for position, value in enumerate(values) if value not in _NOTHING and not is_plain(value)]


def is_all_plain(listed: bytes, longest: int) -> bool:
    """Whether a list of JSON values of at most `longest` bytes holds plain ones only; False may be a mistake."""
    return (
        not holds_nul(listed)
        and _is_same(listed)
        and not _may_hold_big_number(listed)
        and not _may_hold_depth(listed, longest)
    )


def _may_hold_big_number(raw: bytes) -> bool:
    """Whether 19 digits stand in a row where a number may begin: each step finds longer runs out of shorter ones."""
    text = np.frombuffer(raw, np.uint8)
    digits = (text - np.uint8(0x30)) < 10
    for step in (1, 2, 4, 8, 3):
        digits = digits[:-step] & digits[step:]
    return bool(_BEFORE_A_NUMBER[text[np.flatnonzero(digits) - 1]].any())


def _may_hold_depth(raw: bytes, longest: int) -> bool:
    """Whether one value may open so many brackets: they would stand within its length."""
    if longest < 2 * DEEPEST:
        return False
    opened = np.flatnonzero((np.frombuffer(raw, np.uint8) | 0x20) == 0x7B)
    return bool((opened[LEVELS:] - opened[:-LEVELS] < longest).any())


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
