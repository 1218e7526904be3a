"""The ordinary life of every rule: what comes close to it is no hit, and legitimate uses hit at the level that is said."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache

import pytest

from investigator.detections.bursts import BURSTS
from investigator.detections.detect import detect, many_event_hits
from investigator.detections.loader import Rules, load_rules
from investigator.detections.matches import BY
from investigator.detections.sequences import SEQUENCES
from investigator.domain.words import Severity
from tests.detections.ordinary.every import EVERY, MANY, SINGLE
from tests.detections.ordinary.life import Ground, Habit, Record, Template
from tests.detections.records import Records

PACK = {rule.name: rule for rule in load_rules()}
OF_MANY = {one.name: one for one in (*BURSTS, *SEQUENCES)}
SEED = 20250303
NEAR_MISSES, USES = 20, 5
Occasion = tuple[Record, ...]


def templates(habits: Iterable[Habit]) -> tuple[Template, ...]:
    return tuple(template for habit in habits for template in habit.templates)


def drawn(of: tuple[Template, ...], most: int, name: str) -> Iterator[Occasion]:
    """So many occasions of the templates in turn, each with names of its own; the same for the same name."""
    for number in range(most):
        yield of[number % len(of)](Ground(random.Random(f"{SEED} {name} {number}")))


def near_misses(name: str) -> list[Occasion]:
    return list(drawn(templates(EVERY[name].near), NEAR_MISSES, f"near {name}"))


def uses(name: str) -> list[tuple[Severity | None, Occasion]]:
    """Legitimate uses, five in all at least and each template once, with the level that is said of each."""
    habits = EVERY[name].uses
    each = -(-USES // len(habits))
    return [
        (habit.level, records)
        for place, habit in enumerate(habits)
        for records in drawn(habit.templates, max(each, len(habit.templates)), f"use {place} {name}")
    ]


def apart(occasions: Iterable[Occasion]) -> Iterator[Record]:
    """The records of all occasions, each with callers and days of its own; the ids begin with the occasion's number."""
    for number, records in enumerate(occasions):
        for place, record in enumerate(records):
            by = {**record["userIdentity"], "arn": f"{record['userIdentity'].get('arn', '')}x{number}"}
            when = datetime.fromisoformat(record["eventTime"]) + timedelta(days=3 * number)
            moment = f"{when:%Y-%m-%dT%H:%M:%SZ}"
            asked = about_itself(record, by)
            yield {**record, "userIdentity": by, "eventTime": moment, "eventID": f"{number}-{place}", **asked}


def about_itself(record: Record, by: Record) -> Record:
    """What an instance asks about itself, under the name that it has now."""
    before, now = (str(one.get("arn", "")).rpartition("/")[2] for one in (record["userIdentity"], by))
    named = record["requestParameters"] == {"instanceId": before}
    return {"requestParameters": {"instanceId": now}} if named else {}


def found(name: str, records: Records) -> Iterator[tuple[str, Severity]]:
    """The ids of the records that the rule hits, with the level of the hit."""
    if name in PACK:
        for hit in detect(records, Rules((PACK[name],), (), "")):
            yield from ((id_, hit.level) for id_ in hit.event_ids)
        return
    one = OF_MANY[name]
    tallies = records.crowded(one.crowd, BY) if hasattr(one, "crowd") else ()
    tallies = one.found(records, BY) if hasattr(one, "found") else tallies
    events = one.find(records) if hasattr(one, "find") else ()
    yield from ((id_, one.level) for id_ in (*(id_ for tally in tallies for id_ in tally.ids), *(e.id for e in events)))


@cache
def levels(name: str) -> list[set[Severity]]:
    """The levels at which each occasion hits: first those of the near misses, then those of the uses."""
    occasions = [*near_misses(name), *(records for _, records in uses(name))]
    hits: list[set[Severity]] = [set() for _ in occasions]
    for id_, level in found(name, Records(*apart(occasions))):
        hits[int(id_.removeprefix("ct:").partition("-")[0])].add(level)
    return hits


def test_every_rule_burst_and_sequence_has_an_ordinary_life():
    assert sorted(SINGLE) == sorted(PACK)
    assert sorted(MANY) == sorted(OF_MANY)


@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_life_has_near_misses_and_uses_and_rates(name):
    life = EVERY[name]

    assert 1 <= len(templates(life.near)) <= 3
    assert templates(life.uses)
    assert all(habit.rate > 0 for habit in (*life.near, *life.uses))
    assert len(uses(name)) >= USES


@pytest.mark.parametrize("name", sorted(EVERY))
def test_the_same_seed_tells_the_same_and_names_vary(name):
    told = near_misses(name)

    assert told == near_misses(name)
    assert len({str(records) for records in told}) == NEAR_MISSES


@pytest.mark.parametrize("name", sorted(EVERY))
def test_no_near_miss_of_a_rule_hits_it(name):
    hits = levels(name)[:NEAR_MISSES]

    assert [records for records, hit in zip(near_misses(name), hits, strict=True) if hit] == []


@pytest.mark.parametrize("name", sorted(EVERY))
def test_legitimate_uses_hit_at_the_level_that_is_said_and_no_higher(name):
    said = [{level} if level else set() for level, _ in uses(name)]

    assert levels(name)[NEAR_MISSES:] == said


def test_bursts_and_sequences_are_found_as_detection_finds_them():
    level, records = uses("buckets-deleted")[0]

    assert ("buckets-deleted", level) in {(hit.name, hit.level) for hit in many_event_hits(Records(*records))}
