"""A raw record: pretty-printed, long values wrapped, cited fields marked."""

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import chop_cells
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from investigator.tui.inert import NOTHING, inert, joined, shown
from investigator.tui.json_text import Line
from investigator.tui.records import RecordText
from investigator.tui.widgets.scrolling import SCROLLING

MARK = "▸ "


class RecordView(ScrollView, can_focus=True, inherit_bindings=False):
    """Scrolls through one record; n goes to the next field that the report cites."""

    HELP = (
        "Lines marked ▸ are the fields that the report's claims speak of; n goes to the next one. Secrets are redacted."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next_cited", "Next cited field"),
        *SCROLLING,
    ]

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._record: RecordText | None = None
        self._lines: list[tuple[int, Content]] = []
        self._at = -1

    @property
    def record(self) -> RecordText | None:
        return self._record

    def show(self, record: RecordText | None) -> None:
        """Show a record from its first cited field on, or nothing."""
        self._record = record
        self._at = -1
        self._wrap()
        self.scroll_to(y=0, animate=False, immediate=True)
        if record is not None and record.cited:
            self.action_next_cited()

    def on_resize(self) -> None:
        self._wrap()

    def _wrap(self) -> None:
        width = max(20, self.scrollable_content_region.width)
        lines = self._record.lines if self._record else ()
        self._lines = [(number, part) for number, line in enumerate(lines) for part in _wrapped(line, width)]
        self.virtual_size = Size(1, len(self._lines))
        self.refresh()

    def action_next_cited(self) -> None:
        cited = self._record.cited if self._record else ()
        if not cited:
            return
        self._at = next((number for number in cited if number > self._at), cited[0])
        row = next(index for index, (number, _) in enumerate(self._lines) if number == self._at)
        if not self.scroll_offset.y <= row < self.scroll_offset.y + self.size.height:
            self.scroll_to(y=max(0, row - self.size.height // 3), animate=False, immediate=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = self.scroll_offset.y + y
        content = self._lines[index][1] if index < len(self._lines) else NOTHING
        width = self.scrollable_content_region.width
        return Visual.to_strips(self, content, width, 1, self.visual_style, pad=True, apply_selection=False)[0]


def _wrapped(line: Line, width: int) -> Iterator[Content]:
    """The line in pieces that fit; a long key stands alone, further pieces of a value below its beginning."""
    gutter = inert(MARK, "bold $accent") if line.cited else inert("  ")
    indent = "  " * min(line.indent, 12)
    room = max(10, width - len(MARK) - len(indent) - 2)
    style = "bold $accent" if line.cited else ""
    inline = line.key if len(line.key) < room // 2 else ""
    if not inline:
        for piece in chop_cells(line.key, room):
            yield joined(gutter, inert(indent), shown(piece, "$primary"))
    first, *rest = chop_cells(line.value, room - len(inline)) or [""]
    yield joined(gutter, inert(indent), shown(inline, "$primary"), shown(first, style))
    for piece in rest:
        yield joined(gutter, inert(indent + "  "), shown(piece, style))
