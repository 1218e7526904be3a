"""Runs a case on the command line: prepare, ask, run, tell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from investigator.cli.deliver import deliver
from investigator.cli.interview import ReadLine, interview, read_line
from investigator.cli.live import live
from investigator.cli.opening import Telling
from investigator.cli.output import tell
from investigator.domain.exits import Exit
from investigator.domain.outcome import outcome
from investigator.domain.question import Question
from investigator.domain.trouble import Stopped
from investigator.domain.words import RunState

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.investigation import Investigation


def conduct(investigation: "Investigation", handle: str, telling: Telling, read: ReadLine = read_line) -> Exit:
    """Take the case from where it stands to its report; raises Stopped with how to go on."""
    bar = telling.bar()
    try:
        _run(investigation, handle, read if telling.may_ask() else None)
    except (Stopped, KeyboardInterrupt):
        raise Stopped(f"case {handle} is stopped; `investigator resume {handle}` goes on with it") from None
    deliver(investigation, handle, telling)
    return outcome(investigation.document(handle), investigation.index_report(handle), bar)


def _run(investigation: "Investigation", handle: str, read: ReadLine | None) -> None:
    """Prepare, ask, run, and ask about what the evidence raised; without a reader nobody is asked."""
    with live() as sink:
        view = investigation.prepare(handle, sink)
    if read and view.run is RunState.ASKING:
        _interview(investigation, handle, view.questions, read)
    with live() as sink:
        view = investigation.run(handle, sink)
    raised = [question for question in view.questions if question.asked and question.round > 1]
    if read and raised:
        tell("\nThe evidence raised what you alone can know. The report is ready; answers are taken into it.")
        if _interview(investigation, handle, raised, read):
            with live() as sink:
                investigation.run(handle, sink)


def _interview(investigation: "Investigation", handle: str, questions: Sequence[Question], read: ReadLine) -> bool:
    """Whether the user answered any of them."""
    answers = interview(questions, read)
    if answers:
        investigation.answer(handle, answers)
    return bool(answers)
