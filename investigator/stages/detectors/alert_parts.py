"""What readers of alerts share: times, counts and entities out of JSON that may be wrong in any field."""

from collections.abc import Iterator
from datetime import UTC, datetime

from pydantic import JsonValue

from investigator.domain.entity import EntityRef
from investigator.domain.facts import SLOTS
from investigator.domain.paths import first_text
from investigator.domain.times import parse_instant
from investigator.domain.words import EntityKind
from investigator.stages.words.entities_in_text import address_entity, arn_entities

_SLOT_OF = {EntityKind.ACCESS_KEY: "key", EntityKind.INSTANCE: "instance", EntityKind.BUCKET: "bucket"}
_MILLISECONDS = 10_000_000_000
"""Epoch numbers from here on count milliseconds, as OCSF writes them."""


def moment_of(document: JsonValue, *paths: str) -> datetime | None:
    """The first path that holds a time: ISO 8601 text, or epoch seconds or milliseconds."""
    return next((moment for path in paths if (moment := _moment(first_text(document, path)))), None)


def _moment(text: str) -> datetime | None:
    try:
        if text.replace(".", "", 1).isdigit():
            number = float(text)
            return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, UTC)
        return parse_instant(text)
    except (ValueError, OverflowError, OSError):
        return None


def count_of(document: JsonValue, path: str) -> int:
    """The positive number at a path, else 1."""
    text = first_text(document, path)
    return max(int(text), 1) if text.isdecimal() and len(text) < 16 else 1


def entity(kind: EntityKind, value: str) -> Iterator[EntityRef]:
    """The entity, if the value has the form of its kind; samples carry words in place of ids."""
    value = value.strip()
    if kind is EntityKind.IP:
        found = address_entity(value)
        yield from [found] if found else []
    elif value and _fits(kind, value):
        yield EntityRef(kind=kind, value=value)


def _fits(kind: EntityKind, value: str) -> bool:
    try:
        return kind not in _SLOT_OF or bool(SLOTS[_SLOT_OF[kind]].check(value))
    except ValueError:
        return False


def entity_of_arn(arn: str) -> Iterator[EntityRef]:
    """What an ARN names; nothing for text that is no ARN."""
    if arn.startswith("arn:") and arn.count(":") >= 5:
        yield from (found for found in arn_entities(arn) if found.kind is not EntityKind.ACCOUNT)


def principal_arn(account: str, kind: str, name: str, partition: str = "aws") -> str:
    """The ARN of a user, role or root, or "" when a part is not known."""
    if not account or not kind or (not name and kind != "root"):
        return ""
    return f"arn:{partition}:iam::{account}:{'root' if kind == 'root' else f'{kind}/{name}'}"
