"""A virtual list: rows are rendered only while they are in view, so a hundred thousand cost no more than ten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from investigator.tui.inert import NOTHING, fitted, inert, joined

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; a width of 0 shares what the others leave."""

    title: str
    width: int = 0
    from_width: int = 0
    """The list must be this many cells wide for the column to be shown."""
    to_width: int = 10_000
    """A wider list does not show the column."""


def widths(columns: Sequence[Column], available: int) -> tuple[int, ...]:
    """The width of each column in cells, two cells apart; 0 for one that is not shown."""
    shown = [column for column in columns if column.from_width <= available < column.to_width]
    free = available - sum(column.width for column in shown) - 2 * max(0, len(shown) - 1)
    growing = sum(1 for column in shown if not column.width) or 1
    return tuple(0 if column not in shown else column.width or max(4, free // growing) for column in columns)


class Rows(ScrollView, Generic[T], can_focus=True, inherit_bindings=False):
    """A list of one-line rows with a cursor."""

    HELP = "Arrow keys, Page Up and Page Down move the cursor; Home and End jump; Enter opens the row."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(False)", show=False),
        Binding("end", "edge(True)", show=False),
        Binding("enter", "choose", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor", "rows--header", "rows--empty"}

    cursor: reactive[int] = reactive(0, init=False)

    class About(Message):
        """Something happened to the row under the cursor."""

        def __init__(self, rows: "Rows[T]") -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> "Rows[T]":
            return self.rows

    class Moved(About):
        """The cursor stands on another row."""

    class Chosen(About):
        """Enter was pressed on a row, or it was clicked twice."""

    def __init__(
        self, columns: Sequence[Column], cells: Callable[[T], Sequence[Content]], *, empty: str, id: str
    ) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._cells = cells
        self._empty = inert(empty)
        self._rows: Sequence[T] = ()

    @property
    def rows(self) -> Sequence[T]:
        return self._rows

    @property
    def current(self) -> T | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def show(self, rows: Sequence[T], cursor: int = 0) -> None:
        """Show these rows instead."""
        self._rows = rows
        self.virtual_size = Size(1, len(rows) + 1)
        self.set_reactive(Rows[T].cursor, min(max(0, cursor), max(0, len(rows) - 1)))
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Moved(self))

    def go_to(self, index: int) -> None:
        """Put the cursor on a row."""
        self.cursor = index

    def validate_cursor(self, cursor: int) -> int:
        return min(max(0, cursor), max(0, len(self._rows) - 1))

    def watch_cursor(self) -> None:
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Moved(self))

    def _keep_in_view(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height - 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.cursor += by * max(1, self.size.height - 2)

    def action_edge(self, last: bool) -> None:
        self.cursor = len(self._rows) - 1 if last else 0

    def action_choose(self) -> None:
        if self.current is not None:
            self.post_message(self.Chosen(self))

    def on_click(self, event: events.Click) -> None:
        if event.y == 0:
            return
        self.cursor = self.scroll_offset.y + event.y - 1
        if event.chain == 2:
            self.action_choose()

    def on_resize(self) -> None:
        self._keep_in_view()

    def render_line(self, y: int) -> Strip:
        if y == 0:
            return self._line(self._assembled([inert(column.title) for column in self._columns]), "rows--header")
        index = self.scroll_offset.y + y - 1
        if not self._rows:
            return self._line(self._empty if y == 2 else NOTHING, "rows--empty")
        if index >= len(self._rows):
            return self._line(NOTHING, None)
        chosen = index == self.cursor
        return self._line(self._assembled(self._cells(self._rows[index])), "rows--cursor" if chosen else None)

    def _assembled(self, cells: Sequence[Content]) -> Content:
        shares = widths(self._columns, self.scrollable_content_region.width - 3)
        return joined(*(fitted(cell, share) for cell, share in zip(cells, shares, strict=True) if share), between="  ")

    def _line(self, content: Content, component: str | None) -> Strip:
        style = self.get_visual_style(component) if component else self.visual_style
        mark = inert("› " if component == "rows--cursor" else "  ")
        post = style if component == "rows--cursor" else None
        width = self.scrollable_content_region.width
        return Visual.to_strips(
            self, joined(mark, content), width, 1, style, pad=True, post_style=post, apply_selection=False
        )[0]
