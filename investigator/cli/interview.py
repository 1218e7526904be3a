"""The interview on a terminal: each question with its reason and default; Enter skips."""

import select
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from investigator.cli.output import shown, tell
from investigator.domain.facts import SLOTS
from investigator.domain.question import Question
from investigator.domain.slots import UNKNOWN, values_of

WAIT_SECONDS = 600.0
"""Without a word for so long, the case starts with what it was told."""

ReadLine = Callable[[float], str | None]
"""A line of the user within so many seconds; None when there was none, or no more will come."""


def read_line(seconds: float) -> str | None:
    """A line of standard input."""
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    text = sys.stdin.readline() if ready else ""
    return text.strip() if text else None


def interview(questions: Sequence[Question], read: ReadLine = read_line) -> Mapping[str, str]:
    """What the user answered, by slot; skipped questions are left out."""
    open_questions = [question for question in questions if question.asked]
    tell(f"{len(open_questions)} questions; Enter skips one, `{UNKNOWN}` is an answer, the case starts by itself")
    answers: dict[str, str] = {}
    for number, question in enumerate(open_questions, 1):
        tell(f"\n{number}. {shown(question.text)}\n   {shown(question.why)}\n   default: {shown(question.default)}")
        answer = _answer(question, read)
        if answer is None:
            tell("starting with what is known")
            break
        if answer:
            answers[question.slot] = answer
    return answers


def _answer(question: Question, read: ReadLine) -> str | None:
    """A usable answer, "" for none, None when the user is away."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        sys.stderr.write("   > ")
        sys.stderr.flush()
        given = read(max(0.0, deadline - time.monotonic()))
        trouble = "" if not given else complaint(question.slot, given)
        if not trouble:
            return given
        tell(f"   {trouble}")


def complaint(slot: str, answer: str) -> str:
    """Why the answer cannot be used, or ""."""
    known = SLOTS.get(slot)
    if known is None or answer == UNKNOWN:
        return ""
    try:
        for value in values_of(answer) if known.many else (answer,):
            known.check(value)
    except ValueError as error:
        return f"{slot} {error}"
    return ""
