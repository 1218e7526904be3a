"""OPTIONS: how a case is opened, and how its outcome is told."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from investigator.cli.mistakes import Mistake
from investigator.cli.verbs import Common
from investigator.domain.exits import REACHABLE
from investigator.domain.words import Verdict


@dataclass(frozen=True, kw_only=True)
class Telling(Common):
    """How a run asks, and how its outcome is told."""

    no_questions: Annotated[bool, typer.Option("--no-questions", help="Ask nothing; start with defaults.")] = False
    json: Annotated[bool, typer.Option("--json", help="Print the case document, and nothing else.")] = False
    format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="Print the report so; `export --help` has them.")
    ] = None
    out: Annotated[Path | None, typer.Option("--out", metavar="PATH", help="Write the report there instead.")] = None
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", metavar="VERDICT", help="Exit with 10 for confirmed, likely, inconclusive or worse."),
    ] = None

    def bar(self) -> Verdict | None:
        """The verdict of `--fail-on`; raises Mistake for options that do not go together."""
        if self.json and self.format:
            raise Mistake("--format: --json has chosen already; leave out one of the two")
        if self.fail_on is not None and self.fail_on not in REACHABLE:
            raise Mistake(f"--fail-on: takes {', '.join(REACHABLE)}, not {self.fail_on!r}")
        return None if self.fail_on is None else Verdict(self.fail_on)

    def may_ask(self) -> bool:
        """True on a terminal, unless told otherwise."""
        return not self.no_questions and sys.stdin.isatty() and sys.stderr.isatty()


@dataclass(frozen=True, kw_only=True)
class CaseOptions(Telling):
    """What a new case starts with."""

    playbook: Annotated[
        str | None, typer.Option("--playbook", metavar="NAME", help="Run this playbook; `playbooks` lists them.")
    ] = None
    answer: Annotated[
        list[str],
        typer.Option("--answer", metavar="SLOT=VALUE", help="Answer a question beforehand; repeatable."),
    ] = field(default_factory=list[str])
    model: Annotated[
        str | None, typer.Option("--model", metavar="PROVIDER:NAME", help="Let a language model help; off by default.")
    ] = None
    now: Annotated[
        str | None, typer.Option("--now", metavar="TIME", help="The present, ISO 8601, in place of the clock.")
    ] = None

    def flags(self) -> Mapping[str, object]:
        return {**super().flags(), "model": self.model}


def parsed_answers(pairs: Iterable[str]) -> Mapping[str, str]:
    """`SLOT=VALUE` texts by slot; raises Mistake."""
    answers: dict[str, str] = {}
    for pair in pairs:
        slot, equals, value = pair.partition("=")
        if not equals or not slot.strip():
            raise Mistake(f"{pair!r}: an answer is written SLOT=VALUE, e.g. key=AKIAIOSFODNN7EXAMPLE")
        answers[slot.strip()] = value.strip()
    return answers
