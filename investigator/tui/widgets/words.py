"""Text on a screen: the only widgets that show prose, and they take Content alone."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from investigator.tui.hanging import Hanging
from investigator.tui.inert import NOTHING
from investigator.tui.widgets.scrolling import SCROLLING

Shown = Content | Hanging
"""What a widget may show: made by `inert`, never text from data."""


class Words(Static):
    """Some lines of text."""

    def __init__(self, content: Shown = NOTHING, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(content, id=id, classes=classes)

    def show(self, content: Shown) -> None:
        """Show this instead."""
        self.update(content)


class Page(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Text that may be longer than its place; scrolls with the arrow keys."""

    BINDINGS: ClassVar[list[BindingType]] = SCROLLING

    def __init__(self, content: Shown = NOTHING, *, id: str | None = None, classes: str | None = None) -> None:
        self._words = Words(content)
        super().__init__(self._words, id=id, classes=classes)

    def show(self, content: Shown) -> None:
        """Show this instead, from its beginning."""
        self._words.show(content)
        self.scroll_home(animate=False)
