"""Sigma detections over plain dictionaries: slow and obvious, after the Sigma specification 2.1, nothing of the product.

Where the specification leaves room:

- A field that is absent or null fits `null` and nothing else; a negation of anything else holds for it. An empty text is
  a value, not null; an empty list, and a list of nulls, hold no value. (pySigma: null is "field is null".)
- `exists` asks for the key alone; a key that is null exists. Of the record's own columns a null one counts as absent.
- A list fits when one of its elements does (`all` asks of each value of the rule, not of each element); lists directly
  in lists are opened twice. An object is its JSON text. Field names keep their case.
- Texts compare without case, character by character; numbers and booleans by their JSON text, a number of the rule also
  with every text that is the same number in JSON. `gt` and its kin ask nothing of other texts.
- `*` is any characters, none and line breaks too, `?` exactly one. A backslash escapes `*`, `?` and itself, and is itself
  before anything else (pySigma's parser).
- `re` looks for the expression anywhere, with case (pySigma passes it on as it is); the values of `contains`,
  `startswith` and `endswith` keep their escapes. Without `m`, `^` and `$` are the ends of the text.
- `fieldref` compares without case, any element with any element; with `contains` and its kin likewise.
- `neq` negates the whole item, so that it holds for an absent field (pySigma's SigmaNegateModifier).
- Keywords stand anywhere in a value of the record's top level: in the text, or in the JSON of anything else. (Whether
  the keys of the top level are looked through is left open; no case asks it.)
- `base64`, `wide` and their kin encode before anything is compared, and what they give compares without case as well.
- A NUL is the four characters `\\x00`, in records and in rules: the evidence store keeps it so.
- Parts of times (`hour`, `week` …) are those that are written; weeks are of ISO 8601.
- An event name is compared without its date suffix; patterns also with the name as it was written.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from ipaddress import ip_address, ip_network

ANY, ONE = object(), object()
DATED = re.compile(r"(.+?)(\d{8}(v\d+)?|\d{4}_\d\d_\d\d)")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
NUL = "\\x00"
DASHES = "-/\u2013\u2014\u2015"
COLUMNS = frozenset({
    "eventName", "eventSource", "errorCode", "errorMessage", "sourceIPAddress", "userAgent", "requestParameters",
    "responseElements", "readOnly", "resources", "additionalEventData", "userIdentity", "awsRegion", "eventTime",
})  # fmt: skip


def matches(detection: dict, record: dict) -> bool:
    """Whether the detection holds for the record; several conditions are alternatives."""
    conditions = detection["condition"]
    named = {name: item for name, item in detection.items() if name != "condition"}
    return any(
        Reader(one, named, record).whole() for one in (conditions if isinstance(conditions, list) else [conditions])
    )


class Reader:
    """One condition, read from left to right: or, and, not, x of pattern, parentheses."""

    def __init__(self, text: str, named: dict, record: dict) -> None:
        self.words = re.findall(r"[()]|[^\s()]+", text)
        self.named, self.record = named, record

    def whole(self) -> bool:
        holds = self.either()
        assert not self.words, self.words
        return holds

    def either(self) -> bool:
        parts = [self.both()]
        while self.words[:1] == ["or"]:
            self.words.pop(0)
            parts.append(self.both())
        return any(parts)

    def both(self) -> bool:
        parts = [self.one()]
        while self.words[:1] == ["and"]:
            self.words.pop(0)
            parts.append(self.one())
        return all(parts)

    def one(self) -> bool:
        word = self.words.pop(0)
        if word == "not":
            return not self.one()
        if word == "(":
            holds = self.either()
            assert self.words.pop(0) == ")"
            return holds
        if self.words[:1] == ["of"]:
            self.words.pop(0)
            return self.several(word, self.words.pop(0))
        return selected(self.named[word], self.record)

    def several(self, how_many: str, pattern: str) -> bool:
        wanted = re.compile(".*" if pattern == "them" else pattern.replace("*", ".*"))
        names = [name for name in self.named if wanted.fullmatch(name) and not name.startswith("_")]
        fits = [selected(self.named[name], self.record) for name in names]
        return all(fits) if how_many == "all" else any(fits)


def selected(selection: object, record: dict) -> bool:
    """A map asks all of its items, a list one of its elements; a plain value is a keyword."""
    if isinstance(selection, dict):
        return all(item(key, value, record) for key, value in selection.items())
    if isinstance(selection, list):
        return any(selected(element, record) for element in selection)
    return item("", selection, record)


def item(key: str, value: object, record: dict) -> bool:
    """`field|modifier|…: value or values`."""
    field, *modifiers = key.split("|")
    values = value if isinstance(value, list) else [value]
    fits = [fit(field, modifiers, one, record) for one in values or [None]]
    holds = all(fits) if "all" in modifiers else any(fits)
    return not holds if "neq" in modifiers else holds


def fit(field: str, modifiers: list[str], value: object, record: dict) -> bool:
    """One value of an item against what the field holds."""
    if "exists" in modifiers:
        return exists(field, record) is value
    if not field:
        return keyword(modifiers, value, record)
    if value is None:
        return not texts(field, record)
    if "fieldref" in modifiers:
        return any(refers(modifiers, one, other) for one in texts(field, record) for other in texts(str(value), record))
    if field == "eventName":
        return event_name(modifiers, value, record)
    return any(test(text) for test in tests(modifiers, value) for text in texts(field, record))


def keyword(modifiers: list[str], value: object, record: dict) -> bool:
    """Anywhere in a value of the top level; where that is JSON, the value of the rule is written as JSON writes it."""
    if "re" in modifiers:
        return any(regex(modifiers, str(value))(text_of(one)) for one in record.values() if one is not None)
    folds = (lambda one: one) if "cased" in modifiers else folded
    text = value if isinstance(value, str) else json.dumps(value)
    for pattern in patterns([*modifiers, "contains"], parsed(text)):
        quoted = [
            one
            for part in pattern
            for one in (json.dumps(part)[1:-1] if isinstance(part, str) and part.isascii() else [part])
        ]
        if any(
            fits(pattern if isinstance(one, str) else quoted, text_of(one), folds)
            for one in record.values()
            if one is not None
        ):
            return True
    return False


def event_name(modifiers: list[str], value: object, record: dict) -> bool:
    written = texts("eventName", record)
    plain = [DATED.fullmatch(name)[1] if DATED.fullmatch(name) else name for name in written]
    if not modifiers and not any(part in (ANY, ONE) for part in parsed(str(value))):
        value = DATED.fullmatch(str(value))[1] if DATED.fullmatch(str(value)) else value
        written = plain
    return any(test(name) for test in tests(modifiers, value) for name in (*plain, *written))


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
    reached = {0}
    for part in pattern:
        if part is ANY:
            reached = set(range(min(reached), len(text) + 1)) if reached else reached
        else:
            reached = {
                place + 1
                for place in reached
                if place < len(text) and (part is ONE or folds(text[place]) == folds(part))
            }
    return len(text) in reached


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


def refers(modifiers: list[str], one: str, other: str) -> bool:
    one, other = "".join(map(folded, one)), "".join(map(folded, other))
    if "contains" in modifiers:
        return other in one
    if "startswith" in modifiers:
        return one.startswith(other)
    return one.endswith(other) if "endswith" in modifiers else one == other


def texts(field: str, record: dict) -> list[str]:
    """The texts of a field: elements of lists, JSON of all that is no text, nothing for null."""
    return [text_of(one) for value in at(field, record) for one in opened(value) if one is not None]


def exists(field: str, record: dict) -> bool:
    found = list(at(field, record))
    return any(value is not None for value in found) if field in COLUMNS else bool(found)


def at(field: str, record: dict) -> Iterator[object]:
    found: list[object] = [record]
    for key in field.split("."):
        found = [one[key] for value in found for one in opened(value) if isinstance(one, dict) and key in one]
    yield from found


def opened(value: object) -> list:
    """The elements of a list, and of lists in it."""
    if not isinstance(value, list):
        return [value]
    return [one for element in value for one in (element if isinstance(element, list) else [element])
            if not isinstance(one, list)]  # fmt: skip


def text_of(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\0", NUL)
