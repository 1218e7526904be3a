"""Correlations over rules of a folder: every event of every match, as the slow evaluator says, and as stories tell."""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
import yaml

from investigator.detections.detect import detect
from investigator.detections.loader import Rules, load_rules
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet
from investigator.ports.store import Snapshot
from tests.detections.slow_correlation import correlated
from tests.evidence.trails import Json, record, trail, write

BASE: dict[str, Json] = {
    "reads": {"s": {"eventName|startswith": "Get"}, "condition": "s"},
    "writes": {"s": {"eventName|startswith": "Put"}, "condition": "s"},
    "denied": {"s": {"errorCode|contains": "denied"}, "condition": "s"},
    "late": {"s": {"requestParameters.n|gte": 5}, "condition": "s"},
}
WHO, IP = "userIdentity.userName", "sourceIPAddress"
ASKED: tuple[Json, ...] = (
    *({"type": "event_count", "rules": ["reads"], "group-by": [WHO], "timespan": span, "condition": condition}
      for span in ("5s", "1m", "10m") for condition in ({"gte": 3}, {"gt": 3}, {"eq": 2}, {"lt": 2}, {"lte": 1}, {"neq": 1})),
    {"type": "event_count", "rules": ["reads"], "timespan": "30s", "condition": {"gte": 6}},
    {"type": "event_count", "rules": ["reads", "writes"], "group-by": [WHO, IP], "timespan": "1m", "condition": {"gte": 3}},
    {"type": "event_count", "rules": ["denied", "reads"], "group-by": [IP], "timespan": "1m", "condition": {"gte": 4}},
    {"type": "event_count", "rules": ["reads"], "group-by": ["requestParameters.names"], "timespan": "2m", "condition": {"gte": 3}},
    {"type": "event_count", "rules": ["late"], "group-by": ["errorCode"], "timespan": "1h", "condition": {"gte": 1}},
    {"type": "event_count", "rules": ["denied"], "group-by": ["requestParameters.absent"], "timespan": "1h", "condition": {"gte": 1}},
    *({"type": "value_count", "rules": ["reads"], "group-by": [WHO], "timespan": "2m", "condition": {"field": field, "gte": least}}
      for field in ("eventName", "requestParameters.n", "requestParameters.names", "errorCode") for least in (2, 3)),
    {"type": "value_count", "rules": ["reads", "writes"], "timespan": "20s", "condition": {"field": IP, "gte": 3}},
    {"type": "value_count", "rules": ["reads"], "group-by": [IP], "timespan": "1m", "condition": {"field": "requestParameters.absent", "gte": 1}},
    *({"type": "temporal", "rules": ["reads", "writes", "denied"], "group-by": group, "timespan": span}
      for group in ([WHO], [WHO, IP], []) for span in ("5s", "30s", "5m")),
    {"type": "temporal", "rules": ["reads", "writes", "denied"], "group-by": [WHO], "timespan": "10s", "condition": {"gte": 2}},
    {"type": "temporal", "rules": ["reads", "writes"], "group-by": [WHO], "timespan": "10s", "condition": {"eq": 1}},
    *({"type": "temporal", "rules": ["reads", "writes", "denied"], "group-by": [WHO], "timespan": "20s", "condition": condition}
      for condition in ("reads and writes and denied", "reads and (writes or denied)", "writes and not (reads or denied)", "reads or writes or not denied")),
    *({"type": "temporal_ordered", "rules": rules, "group-by": [WHO], "timespan": span}
      for rules in (["reads", "writes"], ["writes", "reads"], ["denied", "reads", "writes"], ["reads", "late"]) for span in ("5s", "1m")),
    {"type": "temporal_ordered", "rules": ["writes", "denied"], "timespan": "8s", "group-by": []},
    {"type": "temporal_ordered", "rules": ["reads", "writes"], "group-by": ["who", IP], "timespan": "1m",
     "aliases": {"who": {"reads": WHO, "writes": "requestParameters.names"}}},
    {"type": "event_count", "rules": ["reads", "writes"], "group-by": ["who"], "timespan": "1m", "condition": {"gte": 4},
     "aliases": {"who": {"reads": "requestParameters.names", "writes": WHO}}},
    {"type": "value_count", "rules": ["reads", "writes"], "group-by": [IP], "timespan": "1m", "condition": {"field": "what", "gte": 4},
     "aliases": {"what": {"reads": "eventName", "writes": "requestParameters.names"}}},
)  # fmt: skip


def generated() -> list[Json]:
    """A few minutes of three users, some events of one second, some without a time."""
    chance = random.Random(7)
    found: list[Json] = []
    for number in range(150):
        who = chance.choice(["ana", "ben", "cem"])
        request = {"n": chance.randrange(8), "names": chance.sample(["ana", "ben", "x"], chance.randrange(3))}
        changes: Json = {
            "eventTime": f"2025-03-01T10:{number // 25:02d}:{chance.randrange(60):02d}Z" if number % 30 else ...,
            "eventName": chance.choice(["GetOne", "GetTwo", "GetThree", "PutOne", "PutTwo", "ListAll"]),
            "errorCode": chance.choice([None, None, None, "AccessDenied", ""]),
            "userIdentity": {"type": "IAMUser", "userName": who, "arn": f"arn:aws:iam::111122223333:user/{who}"},
            "sourceIPAddress": chance.choice(["192.0.2.1", "192.0.2.2", "192.0.2.3"]),
            "requestParameters": request if number % 7 else None,
        }
        found.append(record(number, eventID=f"e{number:03d}", **changes))
    return found


EVENTS = generated()


@cache
def expected(number: int) -> set[str]:
    return correlated(ASKED[number], BASE, EVENTS)


def indexed(home: Path, events: Sequence[Json]) -> Snapshot:
    write(home / "logs" / "all.json.gz", trail(*events))
    library = EvidenceLibrary(home / "store")
    library.index([home / "logs"], quiet)
    return library.open(library.pin([home / "logs"]))


def base(name: str) -> str:
    return yaml.safe_dump({"title": name, "name": name, "logsource": {"product": "aws"}, "detection": BASE[name]})


def correlation(asked: Json) -> str:
    return yaml.safe_dump({"title": "Correlated", "name": "correlated", "level": "high", "correlation": asked})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return indexed(tmp_path_factory.mktemp("correlations"), EVENTS)


def folder(home: Path, *files: str) -> Rules:
    for number, text in enumerate(files):
        (home / f"{number}.yml").write_text(text)
    return load_rules(home)


def ids(store: Snapshot, rules: Rules) -> set[str]:
    return {event.removeprefix("ct:") for hit in detect(store, rules) for event in hit.event_ids}


@pytest.mark.parametrize("asked", ASKED, ids=[f"{number}-{asked['type']}" for number, asked in enumerate(ASKED)])
def test_a_correlation_finds_what_sigma_says(store: Snapshot, tmp_path: Path, asked: Json) -> None:
    rules = folder(tmp_path, *map(base, asked["rules"]), correlation(asked))

    assert [*rules.refused, *rules.rules] == []
    assert ids(store, rules) == expected(ASKED.index(asked))


def test_most_of_what_is_asked_finds_some_and_leaves_some() -> None:
    found = [len(expected(number)) for number in range(len(ASKED))]

    assert sum(0 < count < len(EVENTS) for count in found) >= 40


def at(second: int, name: str, **changes: object) -> Json:
    return record(second, eventID=f"{name}-{second}", eventName=name, **changes)


FAILED = {"type": "event_count", "rules": ["denied"], "group-by": [WHO], "timespan": "10s", "condition": {"gte": 3}}
THEN = {"type": "temporal_ordered", "rules": ["denied", "writes"], "group-by": [WHO], "timespan": "10s"}


@pytest.mark.parametrize(
    ("asked", "seconds", "expected"),
    [
        (FAILED, {"Get": (0, 5, 10)}, "Get-0 Get-10 Get-5"),  # both ends are in the window
        (FAILED, {"Get": (0, 5, 11)}, ""),
        (FAILED, {"Get": (0, 5, 10, 40)}, "Get-0 Get-10 Get-5"),  # what lies outside is not cited
        (THEN, {"Get": (3,), "Put": (13,)}, "Get-3 Put-13"),
        (THEN, {"Get": (3,), "Put": (14,)}, ""),
        (THEN, {"Get": (3,), "Put": (2,)}, ""),
        (THEN, {"Get": (3,), "Put": (3,)}, "Get-3 Put-3"),  # times of one second are in any order
        (THEN, {"Get": (1, 4, 30), "Put": (12,)}, "Get-4 Put-12"),
    ],
)
def test_windows_and_order_are_told_to_the_second(
    tmp_path: Path, asked: Json, seconds: dict[str, tuple[int, ...]], expected: str
) -> None:
    events = [
        at(second, name, errorCode="AccessDenied" if name == "Get" else None)
        for name, times in seconds.items()
        for second in times
    ]
    rules = folder(tmp_path, *map(base, asked["rules"]), correlation(asked))

    assert sorted(ids(indexed(tmp_path, events), rules)) == expected.split()


def test_one_file_may_hold_the_rules_and_the_correlation(store: Snapshot, tmp_path: Path) -> None:
    rules = folder(tmp_path, "---\n".join([base("denied"), base("writes"), correlation(THEN)]))

    hits = detect(store, rules)
    assert {(hit.rule_id, hit.title, hit.level, hit.name) for hit in hits} == {
        ("correlated", "Correlated", "high", "0-3")
    }
    assert rules.rules == ()


def test_rules_run_on_their_own_as_well_when_the_correlation_says_so(tmp_path: Path) -> None:
    rules = folder(tmp_path, base("denied"), base("writes"), base("reads"), correlation({**THEN, "generate": True}))

    assert [rule.name for rule in rules] == ["0", "1", "2"]


def test_a_rule_is_named_by_its_id_as_well(tmp_path: Path) -> None:
    number = "5f0e4a3e-0000-4000-8000-00000000000A"
    named = yaml.safe_dump({"title": "x", "id": number, "logsource": {"product": "aws"}, "detection": BASE["denied"]})

    rules = folder(tmp_path, named, correlation({**FAILED, "rules": [number]}))
    assert (len(rules.correlations), rules.refused, rules.rules) == (1, (), ())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rules": ["nobody"]}, "it builds on nobody, a name or id of no rule"),
        ({"rules": ["windows"]}, "it builds on windows, a rule that is not run"),
        ({"rules": ["other"]}, "it builds on other, a correlation"),
        ({"rules": ["twice"]}, "of more than one rule"),
        ({"rules": []}, "without rules"),
        ({"rules": ["denied"] * 21}, "more than 20"),
        ({"timespan": "20y"}, "longer than ten years"),
        ({"timespan": "soon"}, "Timespan 'soon' is invalid"),
        ({"type": "value_sum", "condition": {"field": "a", "gte": 3}}, "a correlation of the type value_sum"),
        ({"type": "value_count"}, "without field reference"),
        ({"type": "value_count", "condition": {"field": ["a", "b"], "gte": 3}}, "value_count over several fields"),
        ({"type": "sometimes"}, "no valid Sigma correlation type"),
        ({"condition": {"gte": "many"}}, "no valid Sigma correlation condition count"),
        ({"condition": {"gt": 3, "lt": 5}}, "exactly one condition item"),
        ({"group-by": ["investigator.unheard"]}, "the field investigator.unheard"),
        ({"group-by": ["who"], "aliases": {"who": {"reads": "eventName"}}}, "the alias who"),
        ({"group-by": {"a": 1}}, "group-by"),
        ({"aliases": ["a"]}, "aliases"),
        ({"type": 5}, "not valid Sigma"),
        ({"rules": {"a": 1}}, "not valid Sigma"),
        ({"type": "temporal_ordered", "condition": {"gte": 5}}, "other than all its rules"),
        ({"type": "temporal_ordered", "rules": ["denied", "writes"], "condition": "denied or writes"}, "other than all its rules"),
        ({"type": "temporal", "condition": "denied and and"}, "condition"),
    ],
)  # fmt: skip
def test_a_correlation_that_cannot_run_is_refused_with_its_reason(tmp_path: Path, changes: Json, reason: str) -> None:
    windows = base("reads").replace("aws", "windows").replace("name: reads", "name: windows")
    other = correlation(FAILED).replace("name: correlated", "name: other")
    twice = base("reads").replace("name: reads", "name: twice")

    rules = folder(
        tmp_path, base("denied"), base("writes"), windows, other, twice, twice, correlation({**FAILED, **changes})
    )

    assert len(rules.correlations) == 1
    assert [refusal.reason for refusal in rules.refused if refusal.path == "6.yml" and reason in refusal.reason]
