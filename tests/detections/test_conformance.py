"""Every modifier and every form of condition of Sigma, on a store of odd records: as the slow evaluator says, and by hand."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from investigator.detections.parsing import parse_rule
from investigator.detections.rule import Rule
from investigator.domain.expression import Sought
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet
from investigator.ports.store import Snapshot
from tests.detections.records import plain_name
from tests.detections.sigma_cases import BY_HAND, Detection, cases
from tests.detections.sigma_records import made
from tests.detections.slow_sigma import matches
from tests.evidence.trails import trail, write
from tests.support.crowds import sought_sql

CASES = cases()
RECORDS = made()
TOGETHER = 20
"""Cases that one query asks."""


def compiled(detection: Detection) -> Rule:
    rule = {"title": "t", "logsource": {"product": "aws"}, "detection": detection, "investigator": {"services": True}}
    return parse_rule(yaml.safe_dump(rule, allow_unicode=True), Path("rule.yml"))


RULES = [compiled(case.detection) for case in CASES]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    home = tmp_path_factory.mktemp("conformance")
    write(home / "logs" / "all.json.gz", trail(*RECORDS.values()))
    library = EvidenceLibrary(home / "store")
    library.index([home / "logs"], quiet)
    return library.open(library.pin([home / "logs"]))


@pytest.fixture(scope="module")
def outcomes(store: Snapshot) -> list[dict[str, str]]:
    """What each case gives for each record, as text: true or false; many cases go into one question."""
    return asked(store, [rule.predicate for rule in RULES])


def asked(store: Snapshot, predicates: Sequence[str]) -> list[dict[str, str]]:
    """What predicates give for each record."""
    found: list[dict[str, str]] = [{} for _ in predicates]
    for start in range(0, len(predicates), TOGETHER):
        for tally in store.tallies("SELECT * FROM events", predicates[start : start + TOGETHER]):
            for place, value in enumerate(tally.values, start):
                found[place].update(dict.fromkeys((name.removeprefix("ct:") for name in tally.ids), value))
    return found


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 300


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{n}-{case.name}"[:80] for n, case in enumerate(CASES)])
def test_a_rule_finds_what_sigma_says(outcomes: list[dict[str, str]], number: int) -> None:
    expected = {name: str(matches(CASES[number].detection, record)).lower() for name, record in RECORDS.items()}

    assert outcomes[number] == expected


def test_what_few_values_and_traces_tell_leaves_out_no_event_that_a_rule_finds(
    store: Snapshot, outcomes: list[dict[str, str]]
) -> None:
    sought = [Sought(None, rule.clauses, rule.sketch, rule.predicate, rule.traces) for rule in RULES]

    found = [
        {id_.removeprefix("ct:") for tally in tallies for id_ in tally.ids} for tallies in store.matches(sought, ())
    ]

    assert sum(rule.traces is not None for rule in RULES) > 100
    assert found == [{name for name, holds in told.items() if holds == "true"} for told in outcomes]


@pytest.mark.parametrize(("asked", "names"), BY_HAND.items(), ids=list(BY_HAND))
def test_the_tricky_ones_are_as_a_person_says(store: Snapshot, asked: str, names: str) -> None:
    detection = yaml.safe_load(asked)

    rule = compiled(detection if "condition" in detection else {"s": detection, "condition": "s"})

    found = {event.id.removeprefix("ct:") for event in store.matching(rule.predicate)}
    assert found & set(named(names)) == {name for name, fits in named(names).items() if fits}


def named(names: str) -> Mapping[str, bool]:
    """`alpha !beta`: the first fits, the second does not."""
    given = {word.removeprefix("!"): not word.startswith("!") for word in names.split()}
    assert given.keys() <= RECORDS.keys()
    return given


def test_what_columns_of_few_values_tell_of_a_rule_is_true_of_it(store: Snapshot) -> None:
    telling = [rule for rule in RULES if rule.clauses or not rule.sketch or rule.sketch.columns]
    told = [f"coalesce(({of_few_values(rule)}) <> ({rule.predicate}), false)" for rule in telling]

    wrong = [
        rule.predicate
        for rule, found in zip(telling, asked(store, told), strict=True)
        if set(found.values()) != {"false"}
    ]

    assert len(telling) > 100
    assert wrong == []


def of_few_values(rule: Rule) -> str:
    """The clauses and the sketch of a rule: null where other columns decide."""
    return sought_sql(Sought(None, rule.clauses, predicate=rule.sketch.sql if rule.sketch else "true"))


def test_no_event_that_a_rule_finds_has_another_name_than_the_rule_seeks(outcomes: list[dict[str, str]]) -> None:
    for rule, found in zip(RULES, outcomes, strict=True):
        pattern = re.compile("|".join(rule.names), re.IGNORECASE | re.DOTALL)
        plain = {plain_name(RECORDS[name]) for name, value in found.items() if value == "true"}
        assert all(pattern.fullmatch(name) for name in plain if rule.names), rule.names
