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
from collections.abc import Iterator

from tests.detections.slow_values import ANY, NUL, ONE, fits, folded, parsed, patterns, regex, tests

DATED = re.compile(r"(.+?)(\d{8}(v\d+)?|\d{4}_\d\d_\d\d)")
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
    if set(modifiers) <= {"cased", "neq", "all"} and not any(part in (ANY, ONE) for part in parsed(str(value))):
        value = DATED.fullmatch(str(value))[1] if DATED.fullmatch(str(value)) else value
        written = plain
    return any(test(name) for test in tests(modifiers, value) for name in (*plain, *written))


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
