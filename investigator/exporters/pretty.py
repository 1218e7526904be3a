"""Evidence as readable JSON in HTML: keys and redactions marked, everything else inert text."""

import json
from collections.abc import Iterator

from markupsafe import Markup, escape
from pydantic import JsonValue

from investigator.domain.canonical import Number, Repeated
from investigator.domain.safe_text import redact, visible

LONGEST = 12_000
"""Characters of one exhibit; the whole stands in the bundle."""
_KEY = Markup('<b class="k">{}</b>')
_HIDDEN = Markup('<mark class="hidden">{}</mark>')


def pretty(value: JsonValue) -> Markup:
    """Indented JSON, one member a line, cut after `LONGEST` characters."""
    lines: list[str] = []
    length = 0
    for line in _lines(value, "", Markup(""), ""):
        length += len(line)
        if length > LONGEST:
            lines.append(Markup('<i class="cut">… the rest stands in the bundle</i>'))
            break
        lines.append(line)
    return Markup("\n").join(lines)


def _lines(value: JsonValue, indent: str, head: Markup, tail: str) -> Iterator[Markup]:
    if isinstance(value, dict) and value:
        yield escape(indent) + head + "{"
        members = [
            (key, one) for key, inner in value.items() for one in (inner if isinstance(inner, Repeated) else [inner])
        ]
        for number, (key, inner) in enumerate(members, start=1):
            label = _KEY.format(_text(key)) + ": "
            yield from _lines(inner, indent + "  ", label, "," if number < len(members) else "")
        yield escape(indent) + "}" + tail
    elif isinstance(value, list) and value:
        yield escape(indent) + head + "["
        for number, inner in enumerate(value, start=1):
            yield from _lines(inner, indent + "  ", Markup(""), "," if number < len(value) else "")
        yield escape(indent) + "]" + tail
    else:
        yield escape(indent) + head + _scalar(value) + tail


def _scalar(value: JsonValue) -> Markup:
    if isinstance(value, Number):
        return escape(value)
    if isinstance(value, str):
        marked = _HIDDEN if value.startswith("[redacted: ") else Markup("{}")
        return marked.format(_text(value))
    return escape(json.dumps(value))


def _text(text: str) -> str:
    """A JSON string in which no character is left that a screen would interpret."""
    return '"' + visible(redact(text)).replace('"', '\\"') + '"'
