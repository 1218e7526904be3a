"""Twenty told stories, two for each scenario, each with a benign twin: all end as they should, and no twin is accused."""

import os

import pytest

from investigator.domain.report import CaseDocument
from investigator.domain.words import Scenario, Severity
from tests.cases.stories.every import STORIES
from tests.cases.stories.story import HARMLESS, Story
from tests.support.investigations import Room

SEEDS = range(10) if os.environ.get("INVESTIGATOR_SOAK") else (0,)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("told", STORIES, ids=lambda told: told.__name__)
def test_a_story_ends_as_it_should(told, seed, tmp_path):
    story = told(seed)

    document = Room(tmp_path / "room").run(story.request(tmp_path / "logs"))

    assert wrong_ending(story, document) == []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("told", STORIES, ids=lambda told: told.__name__)
def test_the_same_calls_in_a_benign_life_accuse_nobody(told, seed, tmp_path):
    twin = told(seed, twin=True)

    document = Room(tmp_path / "room").run(twin.request(tmp_path / "logs"))

    assert wrong_in_a_twin(twin, document) == []


@pytest.mark.parametrize("told", STORIES, ids=lambda told: told.__name__)
def test_a_few_days_of_logs_are_no_reason_to_accuse(told, tmp_path):
    twin = told(0, twin=True)

    document = Room(tmp_path / "room").run(twin.request(tmp_path / "logs", days=4))

    assert wrong_in_a_twin(twin, document) == []


def wrong_ending(story: Story, document: CaseDocument) -> list[str]:
    """What is not as it should be at the end of a story."""
    ending, accused = story.ending(), _accused(document)
    cited = {id_ for finding in document.findings for id_ in finding.evidence}
    named = " ".join(
        (*(claim.text for claim in document.claims), *(name for f in document.findings for name in f.entities))
    )
    gaps = [f"{gap.what} {gap.why} {gap.effect}" for gap in document.gaps]
    codes = {action.code for action in document.actions}
    wrong = {
        "verdict": [] if document.verdict.value in ending.verdicts else [document.verdict.value],
        "scenario": [] if story.scenario in document.case.scenario else list(document.case.scenario),
        "not reached": [id_ for id_ in story.done if id_ not in cited],
        "not accused": [name for name in ending.accused if name not in accused],
        "accused": [name for name in ending.spared for one in accused if name in one],
        "not found": [name for name in ending.found if name not in named],
        "no gap": [words for words in ending.gaps if not any(words in gap for gap in gaps)],
        "not proposed": [code for code in ending.actions if code not in codes],
        "claims that do not hold": [claim.text for claim in document.claims if not claim.holds],
    }
    return [f"{kind}: {one}" for kind, found in wrong.items() for one in found]


def wrong_in_a_twin(twin: Story, document: CaseDocument) -> list[str]:
    """What is not as it should be at the end of a benign twin."""
    verdict, claims = document.verdict, {claim.id: claim.text for claim in document.claims}
    wrong = {
        "verdict": [] if verdict.value in HARMLESS else [verdict.value],
        "scenario": [] if twin.scenario in document.case.scenario else list(document.case.scenario),
        "accused": sorted(_accused(document)),
        "critical": [claims[f.claims[0]] for f in document.findings if f.severity is Severity.CRITICAL],
        "no reason": []
        if document.summary.overview and verdict.would_change_it and (verdict.against or verdict.unknown)
        else ["no reason"],
        "claims that do not hold": [claim.text for claim in document.claims if not claim.holds],
    }
    return [f"{kind}: {one}" for kind, found in wrong.items() for one in found]


def _accused(document: CaseDocument) -> set[str]:
    return {entity.value for entity in document.entities if entity.role.accused}


def test_there_are_two_stories_for_each_scenario():
    told = [story.scenario for story in STORIES]

    assert {scenario: told.count(scenario) for scenario in Scenario if scenario is not Scenario.GENERAL} == {
        scenario: 2 for scenario in Scenario if scenario is not Scenario.GENERAL
    }
