"""The tolerant reader of one record: standard library only, nothing rounded, nothing dropped, oddities flagged.

What each oddity becomes: repeated keys become a list of all values (the last one is the column's); NaN, infinities and
integers beyond 64 bits become text; lone surrogates and NUL become visible escapes.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field

import msgspec
from pydantic import JsonValue

from investigator.domain.canonical import Number, Repeated, digest, loads

DEEPEST = 64
"""Levels of objects and lists in one record."""
NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What the strict decoder raises for bytes that it does not take."""
_LONE = re.compile("[\ud800-\udfff\x00]")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f]")
_BIGGEST = 2**63
_TIDY = re.compile(r"-?\d{1,19}(\.\d{1,16})?")


class BadRecord(ValueError):
    """These bytes hold no record; the message is the reason, a word of the bad-input table."""


@dataclass(slots=True)
class Mended:
    """A record as columns can take it: texts, truths and nested JSON by key, and the words for its oddities."""

    texts: dict[str, str | None] = field(default_factory=dict[str, str | None])
    truths: dict[str, bool | None] = field(default_factory=dict[str, bool | None])
    nested: dict[str, bytes] = field(default_factory=dict[str, bytes])
    repeated: dict[str, bytes] = field(default_factory=dict[str, bytes])
    flags: set[str] = field(default_factory=set[str])
    digest: str | None = None

    def rest(self, known: Collection[str]) -> bytes:
        """The JSON object of the keys outside the dictionary and of all values of repeated keys."""
        others = {key: value for key, value in self.nested.items() if key not in known} | self.repeated
        return b"{" + b",".join(_json(key) + b":" + value for key, value in others.items()) + b"}" if others else b""


def mend(raw: bytes, texts: Collection[str], truths: Collection[str], *, with_digest: bool) -> Mended:
    """Read one record; raises BadRecord."""
    mended = Mended()
    value = _parsed(raw, mended)
    if not isinstance(value, dict):
        raise BadRecord("not_a_record")
    if _depth(value) > DEEPEST:
        raise BadRecord("too_deep")
    if with_digest:
        mended.digest = digest(value)
    for key, member in value.items():
        _place(mended, _clean_text(key, mended), member, texts, truths)
    return mended


def _parsed(raw: bytes, mended: Mended) -> JsonValue:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode(errors="replace")
        mended.flags.add("encoding_replaced")
    if _CONTROL.search(text):
        mended.flags.add("control_character")
    try:
        return loads(text)
    except ValueError as error:
        raise BadRecord("too_deep" if "deep" in str(error) else "not_json") from None


def _place(mended: Mended, key: str, member: JsonValue, texts: Collection[str], truths: Collection[str]) -> None:
    if isinstance(member, Repeated):
        mended.flags.add("duplicate_key")
        mended.repeated[key] = _json(_clean(member, mended))
        member = member[-1]
    if key in texts:
        mended.texts[key] = _text(_clean(member, mended))
        if key == "recipientAccountId" and isinstance(member, Number):
            mended.texts[key] = member.zfill(12)
            mended.flags.add("account_number")
    elif key in truths:
        truth = {"true": True, "false": False}.get(member.lower()) if isinstance(member, str) else member
        mended.truths[key] = truth if isinstance(truth, bool) else None
    else:
        mended.nested[key] = _json(_clean(member, mended))


def _text(value: JsonValue) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _clean(value: JsonValue, mended: Mended) -> JsonValue:
    if isinstance(value, Number):
        return _clean_number(value, mended)
    if isinstance(value, str):
        return _clean_text(value, mended)
    if isinstance(value, Repeated):
        mended.flags.add("duplicate_key")
    if isinstance(value, list):
        return [_clean(element, mended) for element in value]
    if isinstance(value, dict):
        return {_clean_text(key, mended): _clean(member, mended) for key, member in value.items()}
    return value


def _clean_number(number: Number, mended: Mended) -> JsonValue:
    if _TIDY.fullmatch(number) and ("." in number or -_BIGGEST <= int(number) < 2 * _BIGGEST):
        return float(number) if "." in number else int(number)
    if not (number.lstrip("-").isdigit() or number.lstrip("-") in {"NaN", "Infinity"}) and _is_finite(number):
        return float(number)
    mended.flags.add("number")
    return str(number)


def _is_finite(number: str) -> bool:
    return abs(float(number)) < float("inf")


def _clean_text(text: str, mended: Mended) -> str:
    if not _LONE.search(text):
        return text
    mended.flags.update("nul" if found == "\0" else "surrogate" for found in _LONE.findall(text))
    return _LONE.sub(lambda match: "\\x00" if match[0] == "\0" else f"\\u{ord(match[0]):04x}", text)


def _depth(value: JsonValue) -> int:
    level: list[JsonValue] = [value]
    depth = 0
    while level:
        depth += 1
        inner: list[JsonValue] = []
        for holder in level:
            members = holder.values() if isinstance(holder, dict) else holder if isinstance(holder, list) else ()
            inner.extend(member for member in members if isinstance(member, dict | list))
        level = inner
    return depth


def _json(value: JsonValue) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
