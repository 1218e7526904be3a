"""Rows of a query's result as its API gives them: Athena GetQueryResults and CloudTrail Lake GetQueryResults."""

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Raw, Struct
from pydantic import JsonValue

from investigator.domain.canonical import TooDeep
from investigator.domain.converted import QUERY_RESULT, of_row
from investigator.evidence.readers.document import placed

ResultRow = tuple[bytes, int, int, str]
"""The JSON of a record, where its row stands, how long that is, and the word for the form; "" for no record."""


class _Cell(Struct, gc=False):
    VarCharValue: str | None = None


class _Cells(Struct, gc=False):
    Data: list[_Cell] = []


class _Column(Struct, gc=False):
    Name: str = ""


class _Metadata(Struct, gc=False, frozen=True):
    ColumnInfo: tuple[_Column, ...] = ()


class _Results(Struct, gc=False):
    Rows: list[Raw] = []
    ResultSetMetadata: _Metadata = _Metadata()


_RESULTS = msgspec.json.Decoder(_Results)
_CELLS = msgspec.json.Decoder(_Cells)
_LIST = msgspec.json.Decoder(list[Raw])
_PAIRS = msgspec.json.Decoder(list[dict[str, str | None]])


def result_rows(raw: bytes, members: Mapping[str, Raw]) -> list[ResultRow]:
    """The rows of a result that holds records; nothing for any other object. Raises one of tolerant.NOT_JSON."""
    try:
        if "ResultSet" in members:
            rows = list(_of_athena(raw, bytes(members["ResultSet"])))
        else:
            rows = list(_of_lake(raw, bytes(members["QueryResultRows"]))) if "QueryResultRows" in members else []
    except msgspec.ValidationError:
        return []
    return rows if any(form for *_, form in rows) else []


def _of_athena(raw: bytes, inner: bytes) -> Iterator[ResultRow]:
    """The first row of the first page repeats the names of the columns."""
    results = _RESULTS.decode(inner)
    names = [column.Name for column in results.ResultSetMetadata.ColumnInfo]
    for element, start in placed(raw, results.Rows, _start(raw, results.Rows)):
        cells = [cell.VarCharValue for cell in _CELLS.decode(element).Data]
        names = names or [cell or "" for cell in cells]
        if cells != names:
            yield _row(dict(zip(names, cells, strict=False)), element, start)


def _of_lake(raw: bytes, inner: bytes) -> Iterator[ResultRow]:
    """A row is a list of objects of one column each; one that holds a column twice is no row."""
    rows = _LIST.decode(inner)
    for element, start in placed(raw, rows, _start(raw, rows)):
        cells = [pair for cell in _PAIRS.decode(element) for pair in cell.items()]
        row = dict(cells)
        yield _row(row if len(row) == len(cells) else {}, element, start)


def _start(raw: bytes, rows: list[Raw]) -> int:
    return raw.find(bytes(rows[0])) if rows else 0


def _row(cells: Mapping[str, str | None], element: bytes, start: int) -> ResultRow:
    """The record of a row; the row itself where it is none, or cannot be read."""
    row: dict[str, JsonValue] = {**cells}
    try:
        found = of_row(row, QUERY_RESULT)
    except TooDeep:
        found = None
    text, form = (found[0], QUERY_RESULT) if found else (element, "")
    return text, start, len(element), form
