"""Where an alert's own words stand in its finding, so that a sentence says only what can be read again."""

from collections.abc import Iterator

from pydantic import JsonValue

from investigator.domain.alert import Alert
from investigator.domain.alerts.parts import moment_of
from investigator.domain.paths import quote_key, text_of, texts

Said = tuple[tuple[str, str], ...]


def said_at(finding: JsonValue, read: Alert) -> Said:
    """The first place of each entity, of the time and of the count: path and text there; what was derived has none."""
    entities = {entity.value for entity in read.entities}
    found: dict[str, tuple[str, str]] = {}
    for path, key, text in _leaves(finding, ""):
        if text in entities:
            found.setdefault(text, (path, text))
        elif key.lower() == "count" and text == str(read.count):
            found.setdefault("count", (path, text))
        elif text[:4].isdecimal() and moment_of({"at": text}, "at") == (read.first or read.last):
            found.setdefault("time", (path, text))
    return tuple((path, text) for path, text in found.values() if text in texts(finding, path))


def _leaves(value: JsonValue, path: str, key: str = "") -> Iterator[tuple[str, str, str]]:
    """Every scalar with its path, its key and its text; an empty key can stand in no path."""
    if isinstance(value, list):
        for element in value:
            yield from _leaves(element, path, key)
    elif isinstance(value, dict):
        for name, below in value.items():
            if name and name.isprintable() and "]" not in name:
                quoted = quote_key(name)
                yield from _leaves(below, f"{path}.{quoted}" if path else quoted, name)
    elif value is not None and path:
        yield path, key, text_of(value)
