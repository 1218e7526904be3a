"""Help: what this place is for, and every key that works here."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

from investigator.tui.desk import Dialog
from investigator.tui.hanging import Hanging, Part, line
from investigator.tui.inert import inert
from investigator.tui.widgets.words import Page

KeyDisplay = Callable[[Binding], str]


class HelpScreen(Dialog[None]):
    """Built from the screen beneath: its HELP, the HELP of what has the focus, and all bindings."""

    AUTO_FOCUS = "#help"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,f1,q", "leave", "Back")]

    def __init__(self, beneath: Screen[object], display: KeyDisplay) -> None:
        super().__init__()
        self._content = help_text(beneath, display)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall"):
            yield Page(self._content, id="help")
        yield Footer()


def help_text(screen: Screen[object], display: KeyDisplay) -> Hanging:
    """Purpose first, then the keys of the footer, then all others."""
    focused = screen.focused
    places = [screen] if focused is None else [focused, *focused.ancestors]
    purposes = [line(inert(purpose)) for purpose in dict.fromkeys(_purposes(places))]
    keys = [Part(inert(f"{display(key):>8}  ", "bold $accent"), inert(key.description)) for key in _bindings(screen)]
    gap = line(inert(" "))
    return Hanging([line(inert("Help", "bold")), gap, *purposes, gap, line(inert("Keys", "bold")), *keys])


def _purposes(places: Iterable[DOMNode]) -> list[str]:
    return [place.HELP for place in reversed(list(places)) if isinstance(place, Widget) and place.HELP]


def _bindings(screen: Screen[object]) -> list[Binding]:
    seen: dict[str, Binding] = {}
    for active in screen.active_bindings.values():
        if active.binding.description and not active.binding.system:
            seen.setdefault(active.binding.description, active.binding)
    return sorted(seen.values(), key=lambda binding: not binding.show)
