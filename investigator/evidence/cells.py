"""What the log files of a snapshot cover: cells of account, Region and kind of events over hours of one state."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.search import Term, equals, search
from investigator.domain.times import Window
from investigator.domain.words import CellState
from investigator.evidence.engine import Engine, Values
from investigator.evidence.queries import query
from investigator.evidence.rows import naive
from investigator.evidence.search_sql import Condition, both, condition

HOUR = timedelta(hours=1)
_LOOKUP_FIELDS: Mapping[str, str] = {
    "EventId": "eventID",
    "EventName": "eventName",
    "ReadOnly": "read_only",
    "EventSource": "source",
    "AccessKeyId": "key",
}
"""LookupEvents attributes that name one field of a record."""
Place = tuple[str, str, str]


def cells_of(engine: Engine) -> tuple[Cell, ...]:
    """One cell for consecutive hours of one state, from the first record's hour to the last one's.

    Files without a verified digest chain are `unverified`; hours with records of a file that was not read whole are
    `partial`.
    """
    rows = engine.rows(query("cells"))
    return tuple(cell for place, hours in groupby(rows, _place) for cell in _cells(place, list(hours)))


def _place(row: Values) -> Place:
    return str(row[0]), str(row[1]), str(row[2])


def _cells(place: Place, hours: Sequence[Values]) -> Iterator[Cell]:
    account, region, kind = place
    runs = [(state, list(run)) for state, run in groupby(hours, _state)]
    starts = [_hour(run[0]) for _, run in runs]
    ends = [*starts[1:], _hour(hours[-1]) + HOUR]
    for (state, run), start, end in zip(runs, starts, ends, strict=True):
        yield Cell(
            source=LOG_FILES,
            account=account,
            region=region,
            events=kind,
            window=Window(start=start, end=end),
            records=sum(int(str(row[4])) for row in run),
            state=state,
        )


def _state(row: Values) -> CellState:
    return CellState.PARTIAL if row[5] else CellState.UNVERIFIED


def _hour(row: Values) -> datetime:
    if not isinstance(row[3], datetime):
        raise TypeError("an hour is a time")
    return row[3].replace(tzinfo=UTC)


def within(cells: Sequence[Cell]) -> Condition:
    """What an event of one of these cells fulfils; everything, when none are given."""
    if not cells:
        return Condition()
    parts = [_inside(cell) for cell in cells]
    sql = " OR ".join(f"({part.sql})" for part in parts)
    return Condition(f"({sql})", [value for part in parts for value in part.parameters])


def _inside(cell: Cell) -> Condition:
    place = Condition(
        "coalesce(account, '') = ? AND coalesce(region, '') = ? AND kind = ? AND time >= ?::TIMESTAMP"
        " AND time < ?::TIMESTAMP",
        [cell.account, cell.region, cell.events, naive(cell.window.start), naive(cell.window.end)],
    )
    return both(place, condition(search(*filtered_by(cell))))


def filtered_by(cell: Cell) -> tuple[Term, ...]:
    """What the filter of a cell lets through."""
    attributes = cell.filter or {}
    return tuple(equals(_LOOKUP_FIELDS[name], value) for name, value in attributes.items() if name in _LOOKUP_FIELDS)
