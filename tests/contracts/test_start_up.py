"""A verb imports what it needs when it runs: looking at cases loads no graph, model, AWS library or screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("langgraph", "langchain", "langchain_core", "boto3", "botocore", "textual", "duckdb", "pyarrow")
WORK = ("pydantic_settings", "platformdirs", "asyncio", "sqlalchemy", "yaml")
"""What only a verb that runs has a use for: settings, a database."""
TYPES = ("pydantic", "pydantic_core", "email")
"""The domain's types, and the metadata of packages; Typer itself takes pydantic to read the options of a verb."""


def imported(home: Path, *words: str) -> set[str]:
    """The top-level packages that a command line imports."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "investigator", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "INVESTIGATOR_CASE_DIR": str(home)},
    )
    assert ran.returncode in (0, 2), ran.stderr
    lines = (line for line in ran.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize(
    "words",
    [("--help",), ("cases", "--json"), ("show", "000000000000"), ("export", "000000000000", "--format", "json"),
     ("schema",)],
    ids=lambda words: words[0],
)  # fmt: skip
def test_looking_at_cases_imports_nothing_heavy(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert not imported(tmp_path, *words) & set(HEAVY)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_needs_no_type_of_the_domain_and_nothing_that_works(tmp_path: Path, option: str) -> None:
    loaded = imported(tmp_path, option)

    assert "typer" in loaded
    assert not loaded & {*HEAVY, *WORK, *TYPES}


@pytest.mark.parametrize("words", [("investigate", "--help"), ("cases", "--no-such-option")], ids=" ".join)
def test_help_for_a_verb_and_usage_errors_need_nothing_that_works(tmp_path: Path, words: tuple[str, ...]) -> None:
    loaded = imported(tmp_path, *words)

    assert "typer" in loaded
    assert not loaded & {*HEAVY, *WORK}
