"""What a value of a Sigma rule asks of one text, character by character; see `slow_sigma` for what it follows."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address, ip_network

ANY, ONE = object(), object()
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
NUL = "\\x00"
DASHES = "-/\u2013\u2014\u2015"

Test = Callable[[str], bool]


def tests(modifiers: list[str], value: object) -> list[Test]:
    """What the value asks of a text; several stand for any of them."""
    if "re" in modifiers:
        return [regex(modifiers, str(value))]
    if "cidr" in modifiers:
        return [lambda text: within(text, str(value))]
    part = next((name for name in modifiers if name in PARTS), None)
    compared = next((name for name in modifiers if name in ORDER), None)
    if part:
        return [lambda text: (found := PARTS[part](text)) is not None and ORDER[compared or "eq"](found, value)]
    if compared:
        return [lambda text: NUMBER.fullmatch(text) is not None and ORDER[compared](float(text), float(value))]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [lambda text: text == json.dumps(value) or (NUMBER.fullmatch(text) is not None and float(text) == value)]
    text = value if isinstance(value, str) else json.dumps(value)
    folds = (lambda one: one) if "cased" in modifiers else folded
    return [lambda seen, pattern=pattern: fits(pattern, seen, folds) for pattern in patterns(modifiers, parsed(text))]


def patterns(modifiers: list[str], pattern: list) -> list[list]:
    """The patterns that the modifiers make of one, in their order."""
    made = [pattern]
    for modifier in modifiers:
        made = [new for old in made for new in CHANGES.get(modifier, lambda same: [same])(old)]
    return [[new for part in one for new in (NUL if part == "\0" else [part])] for one in made]


def parsed(text: str) -> list:
    """Characters and wildcards."""
    found: list = []
    position = 0
    while position < len(text):
        one, following = text[position], text[position + 1 : position + 2]
        if one == "\\" and following and following in "*?\\":
            found.append(following)
            position += 1
        else:
            found.append({"*": ANY, "?": ONE}.get(one, one))
        position += 1
    return found


def fits(pattern: list, text: str, folds: Callable[[str], str]) -> bool:
    """Whether the whole text follows the pattern: every prefix of it that the pattern so far can be."""
    seen = [folds(one) for one in text]
    reached = {0}
    for part in pattern:
        if part is ANY:
            reached = set(range(min(reached), len(seen) + 1))
        else:
            wanted = part if part is ONE else folds(part)
            reached = {place + 1 for place in reached if place < len(seen) and wanted in (ONE, seen[place])}
        if not reached:
            return False
    return len(seen) in reached


def folded(character: str) -> str:
    """One character in lower case: the first where Unicode has several."""
    return character.lower()[:1]


def encoded(pattern: list) -> bytes:
    """The bytes of a text; the mark that `utf16` puts before it is of its own encoding."""
    text = "".join(pattern)
    return b"\xff\xfe" + text[1:].encode() if text.startswith("\ufeff") else text.encode()


def base64(pattern: list) -> list[list]:
    return [list(b64encode(encoded(pattern)).decode())]


def base64offset(pattern: list) -> list[list]:
    """What stays the same of the encoded value, whatever stands before and after it."""
    found = []
    for shift, start in enumerate((0, 2, 3)):
        end = {0: None, 1: -3, 2: -2}[(len(encoded(pattern)) + shift) % 3]
        found.append(list(b64encode(b" " * shift + encoded(pattern)).decode()[start:end]))
    return found


def windash(pattern: list) -> list[list]:
    """A dash or slash before a word, after none, is any dash."""
    made: list[list] = [[]]
    for place, part in enumerate(pattern):
        before, after = (
            (pattern[place - 1] if place else " "),
            (pattern[place + 1] if place + 1 < len(pattern) else " "),
        )
        swaps = part in ("-", "/") and not is_word(before) and is_word(after)
        made = [[*old, new] for old in made for new in (DASHES if swaps else [part])]
    return made


def is_word(part: object) -> bool:
    return isinstance(part, str) and (part.isalnum() or part == "_")


CHANGES: dict[str, Callable[[list], list[list]]] = {
    "contains": lambda pattern: [[ANY, *pattern, ANY]],
    "startswith": lambda pattern: [[*pattern, ANY]],
    "endswith": lambda pattern: [[ANY, *pattern]],
    "base64": base64,
    "base64offset": base64offset,
    "windash": windash,
    "wide": lambda pattern: [[new for part in pattern for new in ([part, "\0"] if isinstance(part, str) else [part])]],
    "utf16be": lambda pattern: [
        [new for part in pattern for new in (["\0", part] if isinstance(part, str) else [part])]
    ],
    "utf16": lambda pattern: [["\ufeff", *(new for part in pattern for new in (part, "\0"))]],
}
ORDER: dict[str, Callable[[float, float], bool]] = {
    "gt": lambda one, other: one > other,
    "gte": lambda one, other: one >= other,
    "lt": lambda one, other: one < other,
    "lte": lambda one, other: one <= other,
    "eq": lambda one, other: one == other,
}


def moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if re.match(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def part_of(name: str) -> Callable[[str], int | None]:
    return lambda text: getattr(moment(text), name, None)


PARTS: dict[str, Callable[[str], int | None]] = {
    **{name: part_of(name) for name in ("minute", "hour", "day", "month", "year")},
    "week": lambda text: found.isocalendar().week if (found := moment(text)) else None,
}


def regex(modifiers: list[str], text: str) -> Test:
    flags = {"i": re.I, "ignorecase": re.I, "m": re.M, "multiline": re.M, "s": re.S, "dotall": re.S}
    set_ = sum({flags[name] for name in modifiers if name in flags})
    return lambda seen: re.search(text, seen, set_) is not None


def within(text: str, network: str) -> bool:
    try:
        return "%" not in text and ip_address(text) in ip_network(network)
    except ValueError:
        return False
