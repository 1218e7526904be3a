"""Groups: how many events match, when, which, and the most frequent values of the hot columns."""

from datetime import UTC, datetime

from investigator.domain.event import EventGroup
from investigator.domain.ids import MAX_IDS
from investigator.evidence.engine import Engine
from investigator.evidence.rows import ORDER
from investigator.evidence.search_sql import Condition

GROUPED = ("key", "principal", "ip", "agent", "region", "name", "source", "error")
MOST_VALUES = 50

_COLUMNS = ", ".join(GROUPED)
_VALUES = f"""
SELECT {_COLUMNS}, count(*) AS records, grouping({_COLUMNS}) AS which FROM events WHERE {{where}}
GROUP BY GROUPING SETS ((), {", ".join(f"({name})" for name in GROUPED)})
"""
_EXTENT = "SELECT count(*), min(time), max(time) FROM events WHERE {where}"
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
