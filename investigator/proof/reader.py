"""The independent record reader: original bytes by evidence id, out of untouched files.

It shares nothing with the ingest: standard library JSON, no columns, and every record it returns was recognised by
its own content, never by its position.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from investigator.domain.canonical import digest, loads
from investigator.domain.ids import EvidenceId
from investigator.domain.places import Place
from investigator.proof.long_text import LARGEST_RECORD, WINDOW, NotInPieces, filled, long_records
from investigator.proof.record import Record, is_named
from investigator.proof.tables import PARQUET_MAGIC, csv_records, parquet_records
from investigator.proof.unpack import LARGEST, TooLarge, begun, bytes_of, slices, text_of, texts_of, unpacked
from investigator.proof.wrappings import Piece, records_in

_EVENT_ID = re.compile(r'"eventID"\s*:\s*"([^"\\]*)"')


def originals_in(folder: Path) -> Iterator[Path]:
    """The regular files of a folder, or the file itself, in path order; links are not followed."""
    files = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
    return (path for path in files if path.is_file() and not path.is_symlink())


def file_records(path: Path) -> Iterator[Record]:
    """Every record of one file; what cannot be read gives none. Raises TooLarge."""
    for piece in _pieces(path):
        yield from _record(piece)


def find(path: Path, wanted: Mapping[EvidenceId, Sequence[Place]]) -> Iterator[tuple[EvidenceId, Record]]:
    """The records of one file that carry these ids, each copy; where a place misleads, the file is read through."""
    found: set[EvidenceId] = set()
    for evidence, original in _at(path, wanted):
        for piece in records_in(text_of(original)):
            for record in _record(piece):
                if is_named(record, evidence):
                    found.add(evidence)
                    yield evidence, record
    missing = [evidence for evidence in wanted if evidence not in found]
    if missing:
        with suppress(TooLarge):
            yield from _scan(path, missing)


def _at(path: Path, wanted: Mapping[EvidenceId, Sequence[Place]]) -> Iterator[tuple[EvidenceId, bytes]]:
    """What stands at the places of these ids, in the order of the file."""
    spans = sorted(
        (place.offset, place.length, evidence)
        for evidence, places in wanted.items()
        for place in places
        if place.offset is not None and place.length is not None and place.length <= LARGEST_RECORD
    )
    if not spans:
        return
    with suppress(OSError, TooLarge), path.open("rb") as file:
        contents = slices(unpacked(file), ((offset, length) for offset, length, _ in spans))
        yield from ((evidence, content) for (_, _, evidence), content in zip(spans, contents, strict=True))


def _pieces(path: Path) -> Iterator[Piece]:
    """The records of a whole file, be it a table or JSON. Raises TooLarge."""
    with suppress(OSError), path.open("rb") as file:
        if file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC:
            yield from map(Piece, parquet_records(file))
            return
        first, content = begun(unpacked(file))
        if first.startswith(PARQUET_MAGIC):
            yield from map(Piece, parquet_records(io.BytesIO(_whole(file))))
        else:
            yield from _text_pieces(texts_of(content), file)


def _text_pieces(texts: Iterator[str], file: BinaryIO) -> Iterator[Piece]:
    window = filled("", texts)
    rows = csv_records(window, texts)
    if rows is not None:
        return (piece for row in rows for piece in records_in(row))
    if len(window) < WINDOW:
        return records_in(window)
    try:
        return long_records(window, texts)
    except NotInPieces:
        del window
        return records_in(text_of(_whole(file)))


def _whole(file: BinaryIO) -> bytes:
    """The content of a file; how long it is is seen before it is held."""
    if sum(map(len, unpacked(file))) > LARGEST:
        raise TooLarge(f"it is one document of more than {LARGEST // 2**20} MiB")
    return b"".join(unpacked(file))


def _scan(path: Path, wanted: Sequence[EvidenceId]) -> Iterator[tuple[EvidenceId, Record]]:
    by_name: dict[str, list[EvidenceId]] = {}
    for evidence in wanted:
        by_name.setdefault(evidence.partition(":")[2].partition("@")[0], []).append(evidence)
    some_by_digest = any(evidence.startswith("sha256:") for evidence in wanted)
    for piece in _pieces(path):
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
