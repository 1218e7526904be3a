"""CSV: rows of a text table, each with the bytes that it takes in the file, one damaged row costing only itself.

A row ends at a line's end outside quotes (RFC 4180); quotes inside are doubled or escaped by a backslash. A quote that
is never closed spoils its own line and no other.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from investigator.domain.table_row import may_hold_records
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.record import LARGEST_RECORD

DELIMITERS = (",", "\t", ";", "|")
LONGEST_HEADER = 65_536
"""Bytes in which the line of the column names must end."""
_BLANK = b" \t\r\n"
_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?\s*")
_HEADERS = (re.compile(rb"[^\r\n]*+"), re.compile(rb'(?:[^"\r\n]++|"[^"]*+")*+'))
"""The names, to the end of the line, or of one that goes on in quotes; old tables end lines by a return alone."""
_INNER = (r'(?:[^"]++|"")*+', r'(?:[^"\\]++|\\.|"")*+')
"""What may stand between quotes: quotes doubled, or also escaped."""
_QUOTED = {
    delimiter: tuple(re.compile(rf'"({inner})"(?={re.escape(delimiter)}|\Z)', re.DOTALL) for inner in _INNER)
    for delimiter in DELIMITERS
}
_ESCAPED = re.compile(r'["\\](["\\])')
"""What is written for a character that has a meaning there, where backslashes escape."""
Line = tuple[bytes, int]
"""A line without its end, and its offset."""


class Row(NamedTuple):
    """The cells of a row by column, its bytes, and where these stand."""

    cells: dict[str, str]
    raw: bytes
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is written: the names of its columns, and what stands between two cells."""

    columns: tuple[str, ...]
    delimiter: str
    begins: int
    """The byte at which the line of the names ends."""

    def row(self, line: bytes) -> dict[str, str] | None:
        """The cells by column; None when these are not as many cells as there are columns."""
        cells = cells_of(line.decode("utf-8", "replace"), self.delimiter)
        return dict(zip(self.columns, cells, strict=True)) if cells and len(cells) == len(self.columns) else None


def table_of(text: bytes) -> Table | None:
    """The table that begins here, when its columns can be those of records."""
    blank = _LEADING.match(text)
    start = blank.end() if blank else 0
    if text[start : start + 1] in (b"", b"{", b"[", b"<"):
        return None
    for header in _HEADERS:
        found = header.match(text[start : start + LONGEST_HEADER])
        line = found[0] if found else b""
        if len(line) in (0, LONGEST_HEADER):
            return None
        if table := _table(line, start + len(line)):
            return table
    return None


def _table(header: bytes, begins: int) -> Table | None:
    for delimiter in DELIMITERS:
        columns = cells_of(header.decode("utf-8", "replace"), delimiter)
        if columns and may_hold_records(columns) and len(set(columns)) == len(columns):
            return Table(tuple(columns), delimiter, begins)
    return None


def cells_of(text: str, delimiter: str) -> list[str] | None:
    """The cells of one row; None when a quoted cell is not closed."""
    doubled, escaped = _QUOTED[delimiter]
    return _cells(text, delimiter, doubled, _halved) or _cells(text, delimiter, escaped, _unescaped)


def _halved(cell: str) -> str:
    return cell.replace('""', '"')


def _unescaped(cell: str) -> str:
    return _ESCAPED.sub(r"\1", cell)


def _cells(text: str, delimiter: str, quoted: re.Pattern[str], plain: Callable[[str], str]) -> list[str] | None:
    cells: list[str] = []
    at = 0
    while True:
        if text.startswith('"', at):
            cell = quoted.match(text, at)
            if cell is None:
                return None
            cells.append(plain(cell[1]))
            end = cell.end()
        else:
            found = text.find(delimiter, at)
            end = len(text) if found < 0 else found
            cells.append(text[at:end])
        if end == len(text):
            return cells
        at = end + 1


def rows_in(pieces: Iterator[bytes], table: Table, finding: Finding) -> Iterator[Row]:
    """The rows after the column names; what is none is refused where it stands."""
    lines = _Lines(pieces, finding)
    for line, offset in lines:
        if offset + len(line) >= table.begins:
            lines.give_back(_after_returns(line[table.begins - offset :], table.begins))
            break
    for line, offset in lines:
        row = _whole_row(line, offset, lines, table)
        if row is not None:
            if tuple(row.cells.values()) != table.columns:
                yield row
        elif line.strip(_BLANK):
            finding.refuse("damaged", offset)
            finding.partial = finding.partial or ("truncated" if offset == lines.cut_at else None)


def _whole_row(line: bytes, offset: int, lines: "_Lines", table: Table) -> Row | None:
    """The row that begins with this line, over as many lines as its quotes stay open; others go back."""
    cells = table.row(line)
    if cells is not None:
        return Row(cells, line, offset, len(line))
    if b"\r" in line and (cells := table.row(head := line.partition(b"\r")[0])) is not None:
        lines.give_back(_after_returns(line, offset))
        return Row(cells, head, offset, len(head))
    taken: list[Line] = [(line, offset)]
    size, is_open = len(line), line.count(b'"') % 2 == 1
    while is_open and size <= LARGEST_RECORD and (following := lines.next()) is not None:
        taken.append(following)
        size += len(following[0]) + 1
        is_open = following[0].count(b'"') % 2 == 0
    raw = b"\n".join(one for one, _ in taken)
    cells = None if is_open or len(taken) == 1 else table.row(raw)
    if cells is None:
        lines.give_back(taken[1:])
        return None
    last, start = taken[-1]
    return Row(cells, raw, offset, start + len(last) - offset)


def _after_returns(line: bytes, offset: int) -> list[Line]:
    """What stands after carriage returns in a line, each as a line."""
    first, *rest = line.split(b"\r")
    starts = accumulate(map(len, rest[:-1]), lambda start, length: start + length + 1, initial=offset + len(first) + 1)
    return list(zip(rest, starts, strict=False))


class _Lines:
    """The lines of a text that comes in pieces; one that is longer than a record may be is refused and left out."""

    def __init__(self, pieces: Iterator[bytes], finding: Finding) -> None:
        self._found = _lines(pieces, finding)
        self._returned: deque[Line] = deque()
        self.cut_at: int | None = None
        """The offset of a last line without an end: what is wrong with it is that it is cut."""

    def __iter__(self) -> Iterator[Line]:
        while (line := self.next()) is not None:
            yield line

    def next(self) -> Line | None:
        if self._returned:
            return self._returned.popleft()
        line, offset, is_whole = next(self._found, (None, 0, True))
        self.cut_at = self.cut_at if is_whole else offset
        return None if line is None else (line, offset)

    def give_back(self, lines: list[Line]) -> None:
        self._returned.extendleft(reversed(lines))


def _lines(pieces: Iterator[bytes], finding: Finding) -> Iterator[tuple[bytes, int, bool]]:
    held, start, is_refused = b"", 0, False
    for piece in pieces:
        held += piece
        *whole, rest = held.split(b"\n")
        for line in whole:
            if not is_refused:
                yield line.removesuffix(b"\r"), start, True
            start, is_refused = start + len(line) + 1, False
        held = rest
        if len(held) > LARGEST_RECORD:
            if not is_refused:
                finding.refuse("oversize", start)
            start, held, is_refused = start + len(held), b"", True
    if held and not is_refused:
        yield held, start, False
