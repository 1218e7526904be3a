"""Sigma correlations as one SQL statement each, which gives every event of every match.

A window is the timespan that ends with an event that one of the rules matches; it has both its ends. Undated events are
in none, and an event without a value of a group-by field is in no group; one with several is in a group for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from investigator.detections.detection import Detection

NOBODY = "[]::VARCHAR[]"


@dataclass(frozen=True, slots=True)
class Correlation(Detection):
    """A compiled correlation; `rows` is a query for all columns of the events of its matches."""

    rows: str


@dataclass(frozen=True, slots=True)
class Member:
    """One of the rules: its predicate, and SQL of the lists of texts that group its events and that are counted."""

    predicate: str
    groups: tuple[str, ...]
    counted: str | None = None


def windowed(members: Sequence[Member], seconds: int, reached: str) -> str:
    """Events of the windows for which an aggregate condition over `id`, `rule` and `counted` holds.

    In it, OVER before stands behind each aggregate.
    """
    span = f"INTERVAL {seconds} SECOND"
    return f"""
    WITH {_entries(members)},
    ended AS (SELECT id, time, who, {reached} AS reached FROM entries
      WINDOW before AS (PARTITION BY who ORDER BY time RANGE BETWEEN {span} PRECEDING AND CURRENT ROW)),
    told AS (SELECT id, bool_or(reached) OVER (
      PARTITION BY who ORDER BY time RANGE BETWEEN CURRENT ROW AND {span} FOLLOWING) AS told FROM ended)
    SELECT * FROM events WHERE id IN (SELECT id FROM told WHERE told)"""


def ordered(members: Sequence[Member], seconds: int) -> str:
    """Events of chains, one event for each rule in the order of the rules, times not falling, within the timespan.

    `begun` is the latest time at which a chain up to an event can begin, `ended` the earliest at which one from it can
    end: an event is in a chain when the two are near enough.
    """
    last = len(members) - 1
    steps = ["begun AS (SELECT *, CASE WHEN rule = 0 THEN time END AS begun_0 FROM entries)"]
    source = "begun"
    for place in range(1, last + 1):
        earlier = f"max(begun_{place - 1}) OVER (PARTITION BY who ORDER BY time RANGE UNBOUNDED PRECEDING)"
        steps.append(_step(f"begun_{place}", place, earlier, source))
        source = f"with_begun_{place}"
    steps.append(_step(f"ended_{last}", last, "time", source))
    source = f"with_ended_{last}"
    for place in range(last - 1, -1, -1):
        frame = "PARTITION BY who ORDER BY time RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"
        steps.append(_step(f"ended_{place}", place, f"min(ended_{place + 1}) OVER ({frame})", source))
        source = f"with_ended_{place}"
    chained = " OR ".join(
        f"(rule = {place} AND ended_{place} <= begun_{place} + INTERVAL {seconds} SECOND)" for place in range(last + 1)
    )
    return f"""
    WITH {_entries(members)}, {", ".join(steps)}
    SELECT * FROM events WHERE id IN (SELECT id FROM {source} WHERE {chained})"""


def _step(name: str, rule: int, value: str, source: str) -> str:
    return f"with_{name} AS (SELECT *, CASE WHEN rule = {rule} THEN {value} END AS {name} FROM {source})"


def _entries(members: Sequence[Member]) -> str:
    """Each event once for each rule that matches it, each group it is in and each value that is counted."""
    return f"entries AS ({' UNION ALL '.join(_entry(rule, member) for rule, member in enumerate(members))})"


def _entry(rule: int, member: Member) -> str:
    rows = f"SELECT * FROM events WHERE time IS NOT NULL AND ({member.predicate})"
    for place, texts in enumerate(member.groups):
        rows = f"SELECT *, {_each(texts)} AS group_{place} FROM ({rows})"
    if member.counted is not None:
        rows = f"SELECT *, {_each(member.counted)} AS one FROM ({rows})"
    who = f"[{', '.join(f'group_{place}' for place in range(len(member.groups)))}]" if member.groups else NOBODY
    counted = "NULL::VARCHAR" if member.counted is None else "one"
    return f"SELECT id, time, {rule} AS rule, {who} AS who, {counted} AS counted FROM ({rows})"


def _each(texts: str) -> str:
    return f"unnest(list_distinct(list_filter({texts}, lambda v: v IS NOT NULL)))"
