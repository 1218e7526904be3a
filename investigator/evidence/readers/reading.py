"""Reading one file: whole when it is small, in windows when it is large; and what it turned out to be."""

import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import BinaryIO

from investigator.evidence.jobs import Status
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.kinds import HEAD, kind_of
from investigator.evidence.readers.other_forms import of_parquet, of_table
from investigator.evidence.readers.parquet_rows import MAGIC, Unreadable
from investigator.evidence.readers.rows import Rows, chunks, rows_of, rows_of_others
from investigator.evidence.readers.stream import Refused, pieces_of, streamed
from investigator.evidence.readers.tables import table_of
from investigator.evidence.readers.unpack import LARGEST, is_archive, unpack

SMALL = 64 * 2**20
"""Bytes of text that are read whole."""
_BLANK = b"\xef\xbb\xbf \t\r\n\0"


class Reading:
    """A file being read: first its `rows`, then the `verdict`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._head = b""
        self._refused: str | None = None
        self.finding = Finding()

    def rows(self) -> Iterator[Rows]:
        """The records of the file; what is refused gives none, and the verdict says why."""
        self._file.seek(0)
        packed = self._file.read(SMALL + 1)
        self._head = packed[:HEAD]
        if is_archive(packed):
            self._refused = "archive"
        elif packed.startswith(MAGIC):
            del packed
            yield from self._parquet(self._file)
        elif len(packed) > SMALL or (found := self._whole(packed, SMALL)) is None:
            del packed
            yield from self._windows()
        else:
            yield from found

    def verdict(self, records: int) -> tuple[Status, str | None]:
        """Status and reason, given how many records the file gave."""
        if self._refused and not records:
            return ("skip" if self._refused == "archive" else "reject"), self._refused
        finding = self.finding
        if not records and (not finding.container or finding.only_strangers):
            if not self._head.strip(_BLANK):
                return "reject", finding.partial or "empty"
            return "skip", finding.kind or kind_of(self._head) or "not_cloudtrail"
        if self._refused or finding.partial:
            return "partial", self._refused or finding.partial
        return ("partial", "quarantined") if finding.quarantined + finding.strangers else ("ok", None)

    def _whole(self, packed: bytes, largest: int) -> Iterator[Rows] | None:
        """The rows of a text of at most so many bytes; None when it is larger."""
        unpacked = unpack(packed, largest=largest)
        if unpacked.refused == "oversize":
            return None
        self._refused = unpacked.refused
        self._head = bytes(unpacked.text[:HEAD])
        self.finding = Finding(unpacked.flags, unpacked.partial)
        if unpacked.partial:
            self.finding.note(len(unpacked.text))
        if unpacked.text.startswith(MAGIC):
            return self._parquet(io.BytesIO(unpacked.text))
        return iter(()) if unpacked.refused else chunks(unpacked.text, self.finding)

    def _parquet(self, file: BinaryIO) -> Iterator[Rows]:
        try:
            yield from rows_of_others(of_parquet(file, self.finding), self.finding)
        except Unreadable as why:
            self._refused = str(why)

    def _windows(self) -> Iterator[Rows]:
        self._file.seek(0)
        given = False
        try:
            for rows in self._streamed(pieces_of(self._file, self.finding)):
                given = True
                yield rows
        except Refused as why:
            self._refused = str(why)
        if self._refused == "oversize" and not given:
            with suppress(Refused):
                yield from self._one_document()

    def _streamed(self, pieces: Iterator[bytes]) -> Iterator[Rows]:
        first = next(pieces, b"")
        self._head = first[:HEAD]
        pieces = chain([first], pieces)
        if is_archive(first):
            raise Refused("archive")
        if table := table_of(first):
            return rows_of_others(of_table(pieces, table, self.finding), self.finding)
        return rows_of(streamed(pieces, self.finding), self.finding)

    def _one_document(self) -> Iterator[Rows]:
        """A text that cannot be cut is read whole up to LARGEST bytes; how long it is is seen before it is held."""
        self._file.seek(0)
        size = 0
        for piece in pieces_of(self._file, Finding()):
            size += len(piece)
            if size > LARGEST:
                return
        self._file.seek(0)
        yield from self._whole(self._file.read(), LARGEST) or ()
