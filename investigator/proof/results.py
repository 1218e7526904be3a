"""The records among the rows of a query's result, as Athena and CloudTrail Lake give them."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from pydantic import JsonValue

from investigator.domain.canonical import TooDeep
from investigator.domain.converted import QUERY_RESULT, of_row
from investigator.domain.paths import texts


def result_records(answer: Mapping[str, JsonValue]) -> Iterator[str]:
    """The JSON of each record in a GetQueryResults answer; nothing for any other object."""
    for row in (*_of_athena(answer.get("ResultSet")), *_of_lake(answer.get("QueryResultRows"))):
        with suppress(TooDeep):
            if found := of_row(row, QUERY_RESULT):
                yield found[0].decode("utf-8", "replace")


def _of_athena(results: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """The first row of the first page repeats the names of the columns."""
    rows = results.get("Rows") if isinstance(results, dict) else None
    names: list[JsonValue] = list(texts(results, "ResultSetMetadata.ColumnInfo.Name"))
    for row in rows if isinstance(rows, list) else []:
        cells = row.get("Data") if isinstance(row, dict) else None
        values = [cell.get("VarCharValue") if isinstance(cell, dict) else None for cell in _listed(cells)]
        if not names:
            names = values
        elif values != names:
            yield dict(zip(map(str, names), values, strict=False))


def _of_lake(rows: JsonValue) -> Iterator[dict[str, JsonValue]]:
    for row in _listed(rows):
        cells = [cell for cell in _listed(row) if isinstance(cell, dict)]
        yield {name: value for cell in cells for name, value in cell.items()}


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
