"""Help of every verb: one line of purpose, the options, one real example that parses."""

import re
import shlex

import pytest

from investigator.cli.program import VERBS
from tests.cli.command import Command

ALL = [*([verb] for verb in VERBS), ["logs", "index"], ["logs", "search"]]


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_has_a_purpose_options_and_an_example(command: Command, words: list[str]) -> None:
    out = command(*words, "--help").out
    lines = [line.strip() for line in out.splitlines() if line.strip()]

    assert lines[0].startswith(f"Usage: investigator {' '.join(words)} ")
    assert lines[1].endswith(".")
    assert "--no-color" in out
    assert re.search(rf"Example: investigator {' '.join(words)}\b", out)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_the_example_has_no_option_that_is_not_there(command: Command, words: list[str]) -> None:
    out = " ".join(command(*words, "--help").out.split())
    example = shlex.split(out.partition("Example: ")[2])

    offered = set(re.findall(r"--[a-z-]+", out.partition("Example: ")[0]))
    assert {word for word in example if word.startswith("--")} <= offered


def test_help_of_the_program_fits_its_lines(command: Command) -> None:
    assert "..." not in command("--help").out.partition("Commands:")[2]
