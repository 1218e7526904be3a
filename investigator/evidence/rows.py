"""From a row of the view `events` to an Event."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from pydantic import JsonValue

from investigator.domain.columns import EXTRA, JSON_COLUMNS
from investigator.domain.event import Event
from investigator.domain.ids import EvidenceId
from investigator.domain.search import COLUMNS
from investigator.domain.times import to_utc
from investigator.domain.words import Actor, Outcome
from investigator.evidence.engine import Values

_JSON_PARTS = tuple(name for name in JSON_COLUMNS if name != EXTRA)
EVENT_COLUMNS = (*COLUMNS, *_JSON_PARTS)
"""The columns of an Event."""
ORDER = "time ASC NULLS LAST, coalesce(account, ''), coalesce(region, ''), id"
"""The one order of events; undated ones last."""
_UNDATED = datetime.min.replace(tzinfo=UTC)
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_ACTORS = {actor.value: actor for actor in Actor}


def event(row: Values) -> Event:
    """The Event of a row of EVENT_COLUMNS; text that is not there becomes ""."""
    fields: dict[str, Any] = dict(zip(EVENT_COLUMNS, ["" if value is None else value for value in row], strict=True))
    for name in _JSON_PARTS:
        fields[name] = _parsed(fields[name]) if fields[name] else None
    fields["time"] = fields["time"].replace(tzinfo=UTC) if isinstance(fields["time"], datetime) else None
    fields["read_only"] = None if fields["read_only"] == "" else fields["read_only"]
    fields["outcome"] = _OUTCOMES[fields["outcome"]]
    fields["actor"] = _ACTORS[fields["actor"]]
    fields["flags"] = tuple(fields["flags"].split())
    return Event(**fields)


def place_in_order(event: Event) -> tuple[bool, datetime, str, str, EvidenceId]:
    """The place of an event by ORDER."""
    return (event.time is None, event.time or _UNDATED, event.account, event.region, event.id)


def naive(moment: datetime) -> str:
    """A moment as text of DuckDB's TIMESTAMP, in UTC."""
    return to_utc(moment).replace(tzinfo=None).isoformat(sep=" ")


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> JsonValue:
    value: JsonValue = msgspec.json.decode(text)
    return value
