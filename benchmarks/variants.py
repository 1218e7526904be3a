"""Rules like those of the pack with other names and values: many more of them, and hardly any two the same.

An event name that the store holds becomes another of about as many events, so that such a rule has as much to look at;
any other text gets a word behind it, any number becomes another. Conditions, fields and modifiers stay.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from investigator.detections.documents import Plain, is_list, is_map
from investigator.detections.loader import own_rules

WORDS = ("Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
Call = tuple[str, str]
"""Service and event name."""


class Change:
    """One way to change rules; `calls` are those that the store holds, the most frequent first."""

    def __init__(self, number: int, calls: Sequence[Call]) -> None:
        self._number, self._word, self._calls = number, WORDS[number], calls
        self._places = {name: place for place, (_, name) in reversed(list(enumerate(calls)))}

    def rule(self, said: Plain) -> Plain:
        """The rule changed; it counts as one of our own."""
        detection = said["detection"]
        services = sorted({self._other(name)[0] for name in _names(detection)} - {""})
        changed = self._changed(detection, "", services)
        kept = {key: value for key, value in said.items() if key not in ("id", "name")}
        return {"investigator": {}, **kept, "title": f"{said['title']} {self._word}", "detection": changed}

    def _other(self, name: str) -> Call:
        """Of the names that are about as frequent the one with this number; a new one for a name of no event."""
        place = self._places.get(name)
        if place is None:
            return "", name + self._word
        nearest = sorted(range(len(self._calls)), key=lambda other: (abs(other - place), other))
        return self._calls[nearest[self._number + 1]]

    def _changed(self, value: object, field: str, services: Sequence[str]) -> object:
        """A part of a detection; the services of the new names stand beside those that a rule names."""
        if is_map(value):
            return {key: self._changed(one, str(key), services) for key, one in value.items()}
        if is_list(value):
            changed = [self._changed(one, field, services) for one in value]
            return [one for some in changed for one in (some if is_list(some) else [some])]
        if field == "eventSource":
            return [value, *services]
        if field == "eventName" and isinstance(value, str) and "*" not in value:
            return self._other(value)[1]
        return value if _is_kept(field, value) else self._put(value)

    def _put(self, value: object) -> object:
        return f"{value}{self._word}" if isinstance(value, str) else int(str(value)) + self._number + 1


def _is_kept(field: str, value: object) -> bool:
    """Conditions, references, parts of names and what we derive ourselves, of which there are few values, stay."""
    head = field.partition(".")[0].partition("|")[0]
    fixed = head in ("condition", "eventName", "investigator") or "fieldref" in field
    return fixed or isinstance(value, bool) or not isinstance(value, str | int)


def _names(value: object, field: str = "") -> Iterator[str]:
    """The event names that a detection asks for."""
    if is_map(value):
        for key, one in value.items():
            yield from _names(one, str(key))
    elif is_list(value):
        for one in value:
            yield from _names(one, field)
    elif field == "eventName" and isinstance(value, str):
        yield value


def write(folder: Path, calls: Sequence[Call], times: int = len(WORDS)) -> int:
    """Write so many variants of each of our own rules; how many rules that makes."""
    changes = [Change(number, calls) for number in range(times)]
    written = 0
    for path in sorted(own_rules().rglob("*.yml")):
        said = yaml.safe_load(path.read_bytes())
        for number, change in enumerate(changes):
            place = folder / path.parent.name / f"{path.stem}-{WORDS[number].lower()}.yml"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(yaml.safe_dump(change.rule(said), sort_keys=False))
            written += 1
    return written
