"""Gaps first, since they limit what can be said; then what was searched, cell by cell."""

from collections import Counter
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from investigator.domain.coverage import Cell
from investigator.domain.gap import Gap
from investigator.domain.words import CellState
from investigator.tui.hanging import Hanging, Part, bullet, fact, line
from investigator.tui.inert import inert, joined
from investigator.tui.lookup import Lookup
from investigator.tui.widgets.rows import Column, Rows
from investigator.tui.widgets.words import Page, Words
from investigator.tui.words import counted, moment, spaced

COLUMNS = (
    Column("State", 16),
    Column("Source", 14),
    Column("Account", 12),
    Column("Region", 14, from_width=76),
    Column("Events", 11, from_width=90),
    Column("From (UTC)", 16, from_width=110),
    Column("To (UTC)", 16, from_width=110),
    Column("Records", 9),
)


class CoveragePane(Container):
    """Two lists: what could not be seen, and what was searched."""

    HELP = (
        "Gaps say what could not be seen, what follows from it, and how to close it. Coverage says what was searched "
        "and how well. Absence is not innocence. Tab goes from one list to the other."
    )

    def __init__(self) -> None:
        super().__init__()
        self._rows = Rows(COLUMNS, _cells, empty="Nothing was searched.", id="coverage")

    def compose(self) -> ComposeResult:
        yield Page(id="gaps")
        yield Words(id="covered")
        yield self._rows

    def show(self, lookup: Lookup) -> None:
        """Show this case."""
        gaps, cells = lookup.document.gaps, lookup.document.coverage
        heading = inert(counted(len(gaps), "gap") if gaps else "No gaps: everything asked for was seen.", "bold")
        self.query_one("#gaps", Page).show(Hanging([line(heading), *(part for gap in gaps for part in _gap(gap))]))
        self.query_one("#covered", Words).show(_covered(cells))
        self._rows.show(sorted(cells, key=lambda cell: cell.state is CellState.SEEN))


def _covered(cells: Sequence[Cell]) -> Content:
    states = Counter(cell.state for cell in cells)
    told = [inert(f"{states[state]:,} {spaced(state.value)}") for state in CellState if states[state]]
    return joined(inert(f"Coverage: {counted(len(cells), 'cell')}", "bold"), *told, between=" · ")


def _gap(gap: Gap) -> list[Part]:
    rows = (("why", gap.why), ("effect", gap.effect), ("to close", gap.close))
    told = [fact(f"  {name}", inert(text), 12) for name, text in rows if text]
    return [bullet(inert("•", "$warning"), inert(gap.what, "bold")), *told]


def _cells(cell: Cell) -> tuple[Content, ...]:
    style = "$success" if cell.state is CellState.SEEN else "" if cell.state is CellState.UNVERIFIED else "$warning"
    return (
        inert(spaced(cell.state.value), style),
        inert(cell.source),
        inert(cell.account),
        inert(cell.region),
        inert(cell.events),
        inert(moment(cell.window.start)[:16]),
        inert(moment(cell.window.end)[:16]),
        inert(f"{cell.records:>9,}"),
    )
