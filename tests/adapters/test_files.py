"""Playbooks and prompts as they ship."""

import pytest

from investigator.adapters.files import load_playbooks, prompt
from investigator.domain.words import Scenario


def test_playbooks_come_in_name_order_each_with_the_core_steps_once():
    books = load_playbooks()

    assert list(books) == sorted(books)
    for book in books.values():
        asked = [(step.tool, tuple(sorted(step.inputs.items()))) for step in book.steps]
        assert len(set(asked)) == len(asked)


def test_a_playbook_puts_its_own_questions_before_those_of_the_core():
    book = load_playbooks()[Scenario.COST_SPIKE]

    assert [step.tool for step in book.steps][:2] == ["cost_by_service", "cost_by_region_and_usage"]
    assert book.steps[-1].tool == "calls_by_name"


def test_a_prompt_says_which_stage_it_serves_and_what_it_expects():
    understand = prompt("understand")

    assert (understand.stage, understand.reply) == ("intake", "Facts")
    assert "---" not in understand.text


def test_a_prompt_that_is_not_there_is_named():
    with pytest.raises(LookupError, match="no prompt sing"):
        prompt("sing")
