"""Groups: how many events match, when, which, and the most frequent values of the hot columns."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeGuard

from investigator.domain.event import EventGroup, Tally
from investigator.domain.ids import MAX_IDS
from investigator.evidence.engine import Engine, Values
from investigator.evidence.rows import ORDER
from investigator.evidence.search_sql import Condition, column_or_path

GROUPED = ("key", "principal", "ip", "agent", "region", "name", "source", "error")
MOST_VALUES = 50

_COLUMNS = ", ".join(GROUPED)
_VALUES = f"""
SELECT {_COLUMNS}, count(*) AS records, grouping({_COLUMNS}) AS which FROM events WHERE {{where}}
GROUP BY GROUPING SETS ((), {", ".join(f"({name})" for name in GROUPED)})
"""
_EXTENT = "SELECT count(*), min(time), max(time) FROM events WHERE {where}"
_FIRST = (
    "min({{'undated': time IS NULL, 'time': time, 'account': coalesce(account, ''), 'region': coalesce(region, ''),"
    " 'id': id, 'rank': {rank}}})"
)
"""The first event by ORDER."""
_IDS = f"SELECT id FROM events WHERE {{where}} ORDER BY {ORDER} LIMIT {MAX_IDS}"


def group_of(engine: Engine, text: str, chosen: Condition) -> EventGroup:
    """The group of the events that fulfil a condition; `text` is the search that finds them again."""
    count, first, last = engine.one(_EXTENT.format(where=chosen.sql), chosen.parameters)
    total = int(str(count))
    ids = tuple(str(id_) for (id_,) in engine.rows(_IDS.format(where=chosen.sql), chosen.parameters)) if total else ()
    return EventGroup(
        where=text,
        count=total,
        first=_aware(first),
        last=_aware(last),
        ids=ids,
        more=total - len(ids),
        values=_values(engine, chosen) if total else {},
    )


def tally_sql(rows: str, by: Sequence[str]) -> str:
    """A query for the groups of some rows: values, first, last, ids in order."""
    values = ", ".join(f"coalesce(({value})::VARCHAR, '') AS value_{place}" for place, value in enumerate(by))
    return (
        f"SELECT {values}, min(time), max(time), list(id ORDER BY {ORDER}) FROM ({rows})"
        f" GROUP BY {', '.join(f'value_{place}' for place in range(len(by)))} ORDER BY ALL"
    )


def tally(row: Values) -> Tally:
    """A row of `tally_sql`."""
    *values, first, last, ids = row
    return Tally(tuple(map(str, values)), _aware(first), _aware(last), tuple(map(str, ids if _is_list(ids) else ())))


def first_of_each(chosen: Condition, fields: Sequence[str]) -> Condition:
    """What the first event of each combination of some fields fulfils, out of those that are chosen."""
    rows, names = _valued("id, time, account, region, ", chosen, fields)
    return Condition(f"id IN (SELECT {_FIRST.format(rank=0)}.id FROM {rows} GROUP BY {names})", chosen.parameters)


def first_ranks_sql(chosen: Condition, fields: Sequence[str]) -> str:
    """A query for the ranks of the first held event of each combination of some fields."""
    rows, names = _valued("rank, id, time, account, region, ", chosen, fields, "held")
    return f"SELECT DISTINCT rank FROM (SELECT {_FIRST.format(rank='rank')}.rank AS rank FROM {rows} GROUP BY {names})"


def distinct_sql(chosen: Condition, fields: Sequence[str], table: str = "events") -> str:
    """A query for the distinct combinations of some fields, out of the events that are chosen."""
    rows, names = _valued("", chosen, fields, table)
    return f"SELECT DISTINCT {names} FROM {rows} ORDER BY ALL"


def count_sql(chosen: Condition, over: str, table: str = "events") -> str:
    """A query for the number of events, or of distinct values of a record path, that are chosen."""
    value = "id" if over == "events" else _each(over)
    return f"SELECT count(DISTINCT value) FROM (SELECT {value} AS value FROM {table} WHERE {chosen.sql})"


def _valued(also: str, chosen: Condition, fields: Sequence[str], table: str = "events") -> tuple[str, str]:
    """Rows in which each of the fields holds something, and the names of those columns."""
    values = ", ".join(f"{_each(field)} AS value_{place}" for place, field in enumerate(fields))
    names = [f"value_{place}" for place in range(len(fields))]
    present = " AND ".join(f"{name} <> ''" for name in names)
    return f"(SELECT * FROM (SELECT {also}{values} FROM {table} WHERE {chosen.sql}) WHERE {present})", ", ".join(names)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _each(field: str) -> str:
    """SQL of the texts of a column or record path, one a row."""
    texts = column_or_path(field)
    return f"unnest({texts.sql})" if texts.many else texts.sql


def _aware(moment: object) -> datetime | None:
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else None


def _values(engine: Engine, chosen: Condition) -> dict[str, dict[str, int]]:
    """Each column's most frequent values, ties by the value; rows without a value are not counted."""
    counts: dict[str, list[tuple[int, str]]] = {name: [] for name in GROUPED}
    for *values, records, which in engine.rows(_VALUES.format(where=chosen.sql), chosen.parameters):
        for position, name in enumerate(GROUPED):
            is_grouped = not int(str(which)) >> (len(GROUPED) - 1 - position) & 1
            if is_grouped and values[position]:
                counts[name].append((-int(str(records)), str(values[position])))
    return {name: {value: -records for records, value in sorted(found)[:MOST_VALUES]} for name, found in counts.items()}
