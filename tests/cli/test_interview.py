"""The interview on a terminal."""

import pytest

from investigator.cli.interview import ReadLine, complaint, interview
from investigator.domain.question import Question

KEY = Question(slot="key", text="Which access key ids?", why="Each is looked up.", default="all", asked=True)
NETWORKS = Question(
    slot="known_ips", text="Which networks are yours?", why="They weigh less.", default="none", asked=True
)
UNASKED = Question(slot="eu", text="EU?", why="Clocks.", default="unknown", asked=False)


def typed(*lines: str | None) -> ReadLine:
    """A user who types these lines; None is a user who is away."""
    waiting = iter(lines)
    return lambda seconds: next(waiting)


def test_answers_are_kept_by_slot_and_enter_skips() -> None:
    answers = interview((KEY, NETWORKS), typed("AKIAIOSFODNN7EXAMPLE", ""))

    assert answers == {"key": "AKIAIOSFODNN7EXAMPLE"}


def test_unknown_is_an_answer() -> None:
    assert interview((KEY,), typed("unknown")) == {"key": "unknown"}


def test_an_unusable_answer_is_asked_for_again(capsys: pytest.CaptureFixture[str]) -> None:
    answers = interview((NETWORKS,), typed("the office", "198.51.100.0/24, 203.0.113.7"))

    assert answers == {"known_ips": "198.51.100.0/24, 203.0.113.7"}
    assert "known_ips takes an IP address or a CIDR" in capsys.readouterr().err


def test_a_user_who_goes_away_keeps_what_was_said() -> None:
    assert interview((KEY, NETWORKS), typed("AKIAIOSFODNN7EXAMPLE", None)) == {"key": "AKIAIOSFODNN7EXAMPLE"}


def test_each_question_stands_with_its_reason_and_default(capsys: pytest.CaptureFixture[str]) -> None:
    interview((KEY, UNASKED), typed(""))

    captured = capsys.readouterr()
    assert "1. Which access key ids?\n   Each is looked up.\n   default: all" in captured.err
    assert "EU?" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("slot", "answer", "usable"),
    [("mfa", "yes", True), ("mfa", "perhaps", False), ("start", "2026-01-27", True), ("start", "soon", False),
     ("person", "anything at all", True), ("no_such_slot", "x", True)],
)  # fmt: skip
def test_answers_are_checked_as_their_fact_says(slot: str, answer: str, usable: bool) -> None:
    assert (complaint(slot, answer) == "") is usable
