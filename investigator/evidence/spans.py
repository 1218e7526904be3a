"""Time cut into spans that hold about as many events each, so that many events are sorted a few at a time."""

from collections.abc import Iterator
from datetime import datetime

from investigator.evidence.engine import Engine
from investigator.evidence.queries import query
from investigator.evidence.rows import naive
from investigator.evidence.search_sql import Condition


def spans(engine: Engine, chosen: Condition, most: int) -> Iterator[Condition]:
    """Consecutive spans of whole hours with about `most` of the chosen events each; the undated last."""
    start: datetime | None = None
    last: datetime | None = None
    held = 0
    undated = False
    for hour, records in hours_of(engine, chosen):
        if hour is None:
            undated = True
        elif held and held + records > most:
            yield _span(start, hour)
            start, last, held = hour, hour, records
        else:
            start, last, held = start or hour, hour, held + records
    if last is not None:
        yield _span(start, None)
    if undated:
        yield Condition("time IS NULL")


def hours_of(engine: Engine, chosen: Condition) -> Iterator[tuple[datetime | None, int]]:
    """The chosen events by hour, in order; the undated under None."""
    for hour, records in engine.rows(query("hours", chosen.sql), chosen.parameters):
        yield hour if isinstance(hour, datetime) else None, int(str(records))


def _span(start: datetime | None, end: datetime | None) -> Condition:
    bounds = [(op, bound) for op, bound in ((">=", start), ("<", end)) if bound is not None]
    tests = " AND ".join(f"time {op} ?::TIMESTAMP" for op, _ in bounds)
    return Condition(tests or "time IS NOT NULL", [naive(bound) for _, bound in bounds])
