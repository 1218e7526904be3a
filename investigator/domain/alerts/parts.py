"""What the readers of alerts share: ids, times, counts and entities out of JSON that may be wrong in any field."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import JsonValue

from investigator.domain.arns import arn_entities
from investigator.domain.entities_in_text import address_entity, entities_in
from investigator.domain.entity import EntityRef
from investigator.domain.facts import SLOTS
from investigator.domain.ids import EvidenceId, digest16
from investigator.domain.paths import first_text, texts
from investigator.domain.times import parse_instant, to_utc
from investigator.domain.words import EntityKind

Places = tuple[tuple[str, EntityKind], ...]
"""Paths into a finding, each with the kind of entity that stands there."""

_SLOT_OF = {EntityKind.ACCESS_KEY: "key", EntityKind.INSTANCE: "instance", EntityKind.BUCKET: "bucket"}
_MILLISECONDS = 10_000_000_000
"""Epoch numbers from here on count milliseconds, as OCSF writes them."""
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
_LONGEST_ID = 1_000


def alert_id(finding: JsonValue, *paths: str) -> EvidenceId:
    """The id at the first path that has one; a digest of the whole finding where none can be cited."""
    given = first_of(finding, *paths)
    usable = given.isprintable() and 0 < len(given) <= _LONGEST_ID
    return f"alert:{given if usable else digest16(json.dumps(finding, sort_keys=True))}"


def first_of(document: JsonValue, *paths: str) -> str:
    """The text at the first path that has one, or ""."""
    return next((text for path in paths if (text := first_text(document, path))), "")


def type_at(document: JsonValue, *paths: str) -> tuple[tuple[str, str], ...]:
    """The first path that holds a text, with that text."""
    return next((((path, text),) for path in paths if (text := first_text(document, path))), ())


def moment_of(document: JsonValue, *paths: str) -> datetime | None:
    """The first path that holds a time: ISO 8601 text, an HTTP date, or epoch seconds or milliseconds."""
    return next((moment for path in paths if (moment := _moment(first_text(document, path)))), None)


def _moment(text: str) -> datetime | None:
    try:
        if text.replace(".", "", 1).isdigit():
            number = float(text)
            return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, UTC)
        return to_utc(parsedate_to_datetime(text)) if _HTTP_DATE.fullmatch(text) else parse_instant(text)
    except (ValueError, OverflowError, OSError):
        return None


def count_of(document: JsonValue, path: str) -> int:
    """The positive number at a path, else 1."""
    text = first_text(document, path)
    return max(int(text), 1) if text.isdecimal() and len(text) < 16 else 1


def entities_at(document: JsonValue, places: Places) -> Iterator[EntityRef]:
    """The entities at these places."""
    for path, kind in places:
        for value in texts(document, path):
            yield from entity(kind, value)


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


def named(values: Iterable[str]) -> Iterator[EntityRef]:
    """What ids of resources name: ARNs, and bare ids of a form that tells its kind; accounts are told elsewhere."""
    for value in values:
        whole = value.startswith("arn:") and value.count(":") >= 5
        found = arn_entities(value) if whole else entities_in(value)
        yield from (ref for ref in found if ref.kind is not EntityKind.ACCOUNT)
