"""What a finished case comes to, as an exit code."""

from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.exits import Exit, reaches, worst
from investigator.domain.index_report import IndexReport
from investigator.domain.report import CaseDocument
from investigator.domain.words import CellState, Verdict


def outcome(document: CaseDocument, read: IndexReport | None, bar: Verdict | None) -> Exit:
    """The exit code of a finished case; `bar` is the verdict of `--fail-on`."""
    held = {
        Exit.INTEGRITY: not all(claim.holds for claim in document.claims),
        Exit.DAMAGED: any(map(_is_cut, document.coverage)) or is_damaged(read),
        Exit.VERDICT: bar is not None and reaches(document.verdict.value, bar),
    }
    return worst(code for code, holds in held.items() if holds)


def is_damaged(read: IndexReport | None) -> bool:
    """True when a log file was cut, unreadable or not what it was named as."""
    return read is not None and any(file.status in ("partial", "reject") for file in read.files)


def _is_cut(cell: Cell) -> bool:
    """Cut, unlike the last minutes of an event history, which are only late."""
    return cell.state is CellState.INCOMPLETE or (cell.state is CellState.PARTIAL and cell.source == LOG_FILES)
