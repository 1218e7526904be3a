"""Help: what this place is for, and every key that works here."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Footer

from investigator.tui.desk import Dialog
from investigator.tui.inert import NOTHING, inert, joined, stacked
from investigator.tui.widgets.words import Page


class HelpScreen(Dialog[None]):
    """Built from the screen beneath: its HELP, the HELP of what has the focus, and all bindings."""

    BINDINGS = [Binding("escape,question_mark,f1,q", "leave", "Back")]  # noqa: RUF012  (Textual's own form)

    def __init__(self, beneath: Screen[object]) -> None:
        super().__init__()
        self._content = help_text(beneath)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall"):
            yield Page(self._content, id="help")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one("#help").focus()


def help_text(screen: Screen[object]) -> Content:
    """Purpose first, then keys."""
    places = [screen.focused, *(screen.focused.ancestors if screen.focused else [screen])]
    purposes = [inert(purpose) for purpose in dict.fromkeys(_purposes(places))]
    keys = [_key_line(screen, binding) for binding in _bindings(screen)]
    return stacked([inert("Help", "bold"), NOTHING, *purposes, NOTHING, inert("Keys", "bold"), *keys])


def _purposes(places: Iterable[DOMNode | None]) -> Iterable[str]:
    return [text for place in places if (text := getattr(place, "HELP", "") or "") and isinstance(text, str)]


def _bindings(screen: Screen[object]) -> list[Binding]:
    seen: dict[str, Binding] = {}
    for active in screen.active_bindings.values():
        if active.binding.description and not active.binding.system:
            seen.setdefault(active.binding.description, active.binding)
    return list(seen.values())


def _key_line(screen: Screen[object], binding: Binding) -> Content:
    key = screen.app.get_key_display(binding)
    return joined(inert(f"{key:>10}", "bold $accent"), inert(binding.description), between="  ")
