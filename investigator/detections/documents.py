"""The YAML of a rule file as plain values; what would cost more than a rule can be worth is refused."""
# pyright: reportUnknownMemberType=false

from collections.abc import Iterator
from typing import TypeGuard

import yaml

from investigator.detections.fields import Unsupported

LARGEST = 2**20
"""Bytes of a rule file."""
MOST_VALUES = 20_000
"""Keys and values of a document, each use of an alias counted."""
DEEPEST = 40
"""Maps and lists inside each other."""
LONGEST_CONDITION = 10_000
MOST_PARENTHESES = 100
MOST_WORK = 500_000
"""Values times words of the condition: each word of it may stand for all of them."""

Plain = dict[str, object]
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class Damaged(Unsupported):
    """A file that cannot be read at all."""


def documents(content: bytes) -> list[Plain]:
    """The documents of a file, empty ones left out; raises Unsupported, which says what is wrong."""
    if len(content) > LARGEST:
        raise Unsupported(f"a file of more than {LARGEST:,} bytes")
    try:
        found = list(_loaded(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise Damaged(f"not UTF-8: {error.reason} at byte {error.start}") from None
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise Damaged(f"not YAML: {' '.join(str(error).split())[:300]}") from None
    return [_map(document) for document in found if document is not None]


def check_conditions(document: Plain) -> None:
    """Raises Unsupported for a condition that is too long, or would be once its selections are filled in."""
    detection = document.get("detection")
    if not is_map(detection):
        return
    values = sum(1 for _ in _values(detection, 0))
    for text in _texts(detection.get("condition")):
        if len(text) > LONGEST_CONDITION or text.count("(") > MOST_PARENTHESES or text.count("not") > MOST_PARENTHESES:
            raise Unsupported("a condition that is too long or nested too deeply")
        if len(text.split()) * values > MOST_WORK:
            raise Unsupported("a condition that names too many values")


def is_map(value: object) -> TypeGuard[dict[object, object]]:
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _loaded(text: str) -> Iterator[object]:
    loader = _LOADER(text)
    loader.flatten_mapping = _no_merging
    try:
        while loader.check_data():
            yield loader.get_data()
    finally:
        loader.dispose()


def _no_merging(node: yaml.MappingNode) -> None:
    """Merge keys are refused: maps that they name are copied before anything can count them."""
    if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
        raise yaml.constructor.ConstructorError(None, None, "a merge key (<<) is not read", node.start_mark)


def _map(document: object) -> Plain:
    if not is_map(document):
        raise Unsupported("a document that is no map of keys and values")
    for number, _ in enumerate(_values(document, 0)):
        if number > MOST_VALUES:
            raise Unsupported(f"a document of more than {MOST_VALUES:,} values")
    return {str(key): value for key, value in document.items()}


def _values(value: object, depth: int) -> Iterator[object]:
    """Every key and value inside a value, and the value; raises Unsupported for what no rule is made of."""
    if depth > DEEPEST:
        raise Unsupported(f"maps and lists more than {DEEPEST} deep")
    if is_map(value):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise Unsupported(f"the key {key!r}, which is no text")
            yield key
            yield from _values(inner, depth + 1)
    elif is_list(value):
        for inner in value:
            yield from _values(inner, depth + 1)
    yield value


def _texts(value: object) -> list[str]:
    return [text for text in (value if is_list(value) else [value]) if isinstance(text, str)]
