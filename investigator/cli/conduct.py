"""Runs a case on the command line: prepare, ask, run, tell."""

from typing import TYPE_CHECKING

from investigator.cli.deliver import deliver
from investigator.cli.exits import Exit, reaches, worst
from investigator.cli.interview import interview
from investigator.cli.live import live
from investigator.cli.opening import Telling
from investigator.domain.index_report import IndexReport
from investigator.domain.report import CaseDocument
from investigator.domain.words import CellState, RunState, Verdict
from investigator.ports.progress import Stopped

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.investigation import Investigation

DAMAGED = {CellState.PARTIAL, CellState.INCOMPLETE}


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


def outcome(document: CaseDocument, read: IndexReport | None, bar: Verdict | None) -> Exit:
    """The exit code of a finished case; `bar` is the verdict of `--fail-on`."""
    damaged = any(cell.state in DAMAGED for cell in document.coverage) or is_damaged(read)
    held = {
        Exit.INTEGRITY: not all(claim.holds for claim in document.claims),
        Exit.DAMAGED: damaged,
        Exit.VERDICT: bar is not None and reaches(document.verdict.value, bar),
    }
    return worst(code for code, holds in held.items() if holds)


def is_damaged(read: IndexReport | None) -> bool:
    """True when a log file was cut, unreadable or not what it was named as."""
    return read is not None and any(file.status in ("partial", "reject") for file in read.files)
