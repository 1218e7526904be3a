"""Sigma correlations over plain lists of events: every window and every chain is looked at, one by one.

Where the specification leaves room: a window is the timespan that ends with an event of one of the rules, both ends
included; what its condition holds for is a match, with all of its events. An event that holds no value of a group-by
field is in no group, one with several is in a group for each. Chains of an ordered correlation may stand in one second.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import NamedTuple

from tests.detections.slow_sigma import matches, texts
from tests.detections.slow_values import ORDER


class Seen(NamedTuple):
    """A record that a rule matches, in one group, with one of the values that are counted."""

    id: str
    time: datetime
    rule: int
    group: tuple[str, ...]
    value: str


def correlated(correlation: dict, rules: dict[str, dict], records: Sequence[dict]) -> set[str]:
    """The ids of all records in a match; `rules` are detections by name."""
    span = timedelta(seconds=seconds(correlation["timespan"]))
    names = correlation["rules"]
    entries = [
        entry
        for number, name in enumerate(names)
        for record in records
        for entry in seen(correlation, number, rules[name], record)
    ]
    if correlation["type"] == "temporal_ordered":
        return chained(entries, len(names), span)
    found: set[str] = set()
    for last in entries:
        window = [one for one in entries if one.group == last.group and last.time - span <= one.time <= last.time]
        if holds(correlation, names, window):
            found |= {one.id for one in window}
    return found


def seconds(timespan: str) -> int:
    return int(timespan[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[timespan[-1]]


def seen(correlation: dict, number: int, detection: dict, record: dict) -> list[Seen]:
    if "eventTime" not in record or not matches(detection, record):
        return []
    name = correlation["rules"][number]
    aliases = correlation.get("aliases", {})
    fields = [aliases.get(field, {}).get(name, field) for field in correlation.get("group-by", [])]
    counted = correlation.get("condition", {}).get("field") if isinstance(correlation.get("condition"), dict) else None
    counted = aliases.get(counted, {}).get(name, counted)
    groups = product(*(sorted(set(texts(field, record))) for field in fields))
    values = texts(counted, record) if counted else [""]
    time = datetime.fromisoformat(record["eventTime"])
    return [Seen(record["eventID"], time, number, group, value) for group in groups for value in values]


def holds(correlation: dict, names: list[str], window: list[Seen]) -> bool:
    condition = correlation.get("condition", {"gte": len(names)})
    if isinstance(condition, str):
        there = {name: "there" for number, name in enumerate(names) if any(one.rule == number for one in window)}
        return matches({**{name: {name: "there"} for name in names}, "condition": condition}, there)
    measure: Callable[[Seen], object] = {
        "event_count": lambda one: one.id,
        "value_count": lambda one: one.value,
        "temporal": lambda one: one.rule,
    }[correlation["type"]]
    [(operator, number)] = [(key, value) for key, value in condition.items() if key != "field"]
    count = len({measure(one) for one in window})
    return count != number if operator == "neq" else ORDER[operator](count, number)


def chained(entries: list[Seen], length: int, span: timedelta) -> set[str]:
    """Records in a chain of one for each rule, times not falling."""
    chains: list[list[Seen]] = [[one] for one in entries if one.rule == 0]
    for rule in range(1, length):
        chains = [
            [*chain, one]
            for chain in chains
            for one in entries
            if one.rule == rule and one.group == chain[0].group and chain[-1].time <= one.time <= chain[0].time + span
        ]
    return {one.id for chain in chains for one in chain}
