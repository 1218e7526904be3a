"""Coverage arranged for readers: a matrix of sources and places, and lines of cells that say the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from investigator.domain.coverage import Cell
from investigator.domain.times import Window
from investigator.domain.words import CellState

GLYPHS = {
    CellState.SEEN: "●",
    CellState.UNVERIFIED: "◕",
    CellState.PARTIAL: "◑",
    CellState.INCOMPLETE: "◔",
    CellState.DENIED: "✕",
    CellState.DISABLED: "○",
    CellState.NOT_SAVED: "○",
    CellState.NOT_RECORDED: "○",
    CellState.OUT_OF_RETENTION: "○",
}
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One source, kind of events and filter, with its cells in each place."""

    source: str
    events: str
    filter: str
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Cells of one source, kind of events, filter and state, wherever they are."""

    source: str
    events: str
    filter: str
    state: CellState
    cells: tuple[Cell, ...]

    @property
    def records(self) -> int:
        return sum(cell.records for cell in self.cells)

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(sorted({f"{cell.account} {cell.region}".strip() for cell in self.cells}))

    @property
    def window(self) -> Window:
        """From the earliest start to the latest end."""
        starts, ends = zip(*((cell.window.start, cell.window.end) for cell in self.cells), strict=True)
        return Window(start=min(starts), end=max(ends))


def places(cells: Sequence[Cell]) -> tuple[Place, ...]:
    """The accounts and Regions, sorted."""
    return tuple(sorted({(cell.account, cell.region) for cell in cells}))


def matrix(cells: Sequence[Cell]) -> Iterator[Row]:
    """One row for each source, kind of events and filter; its cells in the order of `places`."""
    columns = places(cells)
    rows: dict[tuple[str, str, str], dict[Place, list[Cell]]] = {}
    for cell in cells:
        row = rows.setdefault((cell.source, cell.events, _told(cell)), {})
        row.setdefault((cell.account, cell.region), []).append(cell)
    for (source, events, told), found in rows.items():
        yield Row(source, events, told, tuple(tuple(found.get(place, ())) for place in columns))


def lines(cells: Sequence[Cell]) -> Iterator[Line]:
    """Cells that say the same of different places and hours, together."""
    groups: dict[tuple[str, str, str, CellState], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.source, cell.events, _told(cell), cell.state), []).append(cell)
    for (source, events, told, state), found in groups.items():
        yield Line(source, events, told, state, tuple(found))


def _told(cell: Cell) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted((cell.filter or {}).items()))
