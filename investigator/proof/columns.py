"""The evidence store held against the original records: a wrong column makes what rests on its record fail."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from investigator.domain.canonical import Number, Repeated
from investigator.domain.columns import EXTRA, JSON_COLUMNS, RECORD_COLUMNS
from investigator.domain.event import Event
from investigator.domain.ids import EvidenceId
from investigator.domain.search import Search
from investigator.proof.matching import matches
from investigator.proof.record import Record
from investigator.proof.records import Records

_PARTS = {key: column for key, column in RECORD_COLUMNS.items() if column in JSON_COLUMNS and column != EXTRA}


@dataclass(frozen=True, slots=True)
class Described:
    """A record as the evidence store describes it, and its columns in record paths."""

    event: Event
    where: Search


def described_otherwise(described: Mapping[EvidenceId, Described], records: Records) -> frozenset[EvidenceId]:
    """The records that are not as they are described; so is one that cannot be read again."""
    raw = records.read(described)
    return frozenset(id_ for id_, one in described.items() if id_ not in raw or not _is_as(one, raw[id_]))


def _is_as(described: Described, record: Record) -> bool:
    event = described.event
    parts = all(_same(getattr(event, column), record.value.get(key)) for key, column in _PARTS.items())
    return parts and matches(record, described.where)


def _same(stored: JsonValue, read: JsonValue) -> bool:
    """Whether two JSON values are one: numbers by value, of a repeated key the last, texts as they can be stored."""
    if isinstance(read, Repeated):
        return _same(stored, read[-1])
    if isinstance(read, dict):
        return isinstance(stored, dict) and _same_members(stored, read)
    if isinstance(read, list):
        return isinstance(stored, list) and len(stored) == len(read) and all(map(_same, stored, read))
    if isinstance(read, Number):
        return isinstance(stored, int | float) and _as_number(read, type(stored)) == repr(stored)
    if isinstance(read, str):
        return isinstance(stored, str) and _storable(read) == _storable(stored)
    return stored is read


def _same_members(stored: dict[str, JsonValue], read: dict[str, JsonValue]) -> bool:
    read = {_storable(key): value for key, value in read.items()}
    stored = {_storable(key): value for key, value in stored.items()}
    return stored.keys() == read.keys() and all(_same(stored[key], value) for key, value in read.items())


def _as_number(text: str, kind: type[int | float]) -> str:
    """The text of a number as one of this kind; a truth is none."""
    try:
        return repr(kind(text)) if kind in (int, float) else ""
    except ValueError:
        return ""


def _storable(text: str) -> str:
    """A text with a lone surrogate's escape in its place."""
    return text.encode("utf-8", "backslashreplace").decode()
