"""The independent record reader: original bytes by evidence id, out of untouched files.

It shares nothing with the ingest: standard library JSON, no columns, and every record it returns was recognised by
its own content, never by its position.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from investigator.domain.canonical import digest, loads
from investigator.domain.ids import EvidenceId
from investigator.domain.places import Place
from investigator.proof.record import Record, is_named
from investigator.proof.tables import PARQUET_MAGIC, csv_records, parquet_records
from investigator.proof.unpack import bytes_of, text_of, unpacked
from investigator.proof.wrappings import Piece, records_in

_EVENT_ID = re.compile(r'"eventID"\s*:\s*"([^"\\]*)"')


def all_records(folder: Path) -> Iterator[Record]:
    """Every record of a file or folder, in path order; what is not a readable regular file gives none."""
    files = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
    for path in files:
        if path.is_file() and not path.is_symlink():
            yield from file_records(path)


def file_records(path: Path) -> Iterator[Record]:
    """Every record of one file."""
    for piece in _pieces(_content(path)):
        yield from _record(piece)


def find(path: Path, wanted: Mapping[EvidenceId, Sequence[Place]]) -> Iterator[tuple[EvidenceId, Record]]:
    """The records of one file that carry these ids, each copy; the file is read once."""
    content = _content(path)
    missing: list[EvidenceId] = []
    for evidence, places in wanted.items():
        copies = [record for place in places for record in _at(content, place) if is_named(record, evidence)]
        yield from ((evidence, record) for record in copies)
        if not copies:
            missing.append(evidence)
    if missing:
        yield from _scan(content, missing)


def _content(path: Path) -> bytes:
    try:
        return unpacked(path)
    except OSError:
        return b""


def _at(content: bytes, place: Place) -> Iterator[Record]:
    if place.offset is not None and place.length is not None:
        for piece in records_in(text_of(content[place.offset : place.offset + place.length])):
            yield from _record(piece)


def _pieces(content: bytes) -> Iterator[Piece]:
    """The records of a whole content, be it a table or JSON."""
    if content.startswith(PARQUET_MAGIC):
        return map(Piece, parquet_records(content))
    text = text_of(content)
    rows = csv_records(text)
    return records_in(text) if rows is None else (piece for row in rows for piece in records_in(row))


def _scan(content: bytes, wanted: Sequence[EvidenceId]) -> Iterator[tuple[EvidenceId, Record]]:
    by_name: dict[str, list[EvidenceId]] = {}
    for evidence in wanted:
        by_name.setdefault(evidence.partition(":")[2].partition("@")[0], []).append(evidence)
    some_by_digest = any(evidence.startswith("sha256:") for evidence in wanted)
    for piece in _pieces(content):
        spelled = _EVENT_ID.findall(piece.text)
        if spelled and by_name.keys().isdisjoint(spelled):
            continue
        for record in _record(piece):
            names = (record.text("eventID"), *((digest(record.document),) if some_by_digest else ()))
            likely = (evidence for name in names for evidence in by_name.get(name, ()))
            yield from ((evidence, record) for evidence in likely if is_named(record, evidence))


def _record(piece: Piece) -> Iterator[Record]:
    original = bytes_of(piece.text)
    try:
        value = loads(original.decode("utf-8", "replace"))
    except ValueError:
        return
    if isinstance(value, dict):
        yield Record(original, value, piece.time)
