"""Runs a case on the command line: prepare, ask, run, tell."""

from typing import TYPE_CHECKING

from investigator.cli.deliver import deliver
from investigator.cli.interview import interview
from investigator.cli.live import live
from investigator.cli.opening import Telling
from investigator.domain.exits import Exit
from investigator.domain.outcome import outcome
from investigator.domain.words import RunState
from investigator.ports.progress import Stopped

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.investigation import Investigation


def conduct(investigation: "Investigation", handle: str, telling: Telling) -> Exit:
    """Take the case from where it stands to its report; raises Stopped with how to go on."""
    bar = telling.bar()
    try:
        _run(investigation, handle, ask=telling.may_ask())
    except (Stopped, KeyboardInterrupt):
        raise Stopped(f"case {handle} is stopped; `investigator resume {handle}` goes on with it") from None
    deliver(investigation, handle, telling)
    return outcome(investigation.document(handle), investigation.index_report(handle), bar)


def _run(investigation: "Investigation", handle: str, *, ask: bool) -> None:
    with live() as sink:
        view = investigation.prepare(handle, sink)
    if ask and view.run is RunState.ASKING:
        answers = interview(view.questions)
        if answers:
            investigation.answer(handle, answers)
    with live() as sink:
        investigation.run(handle, sink)
