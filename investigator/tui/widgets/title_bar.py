"""The line at the top that says where one is."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from investigator.tui.inert import NOTHING, inert, joined
from investigator.tui.widgets.words import Words


class TitleBar(Horizontal):
    """The product, the place, and one fact on the right."""

    def __init__(self, place: Content, fact: Content = NOTHING) -> None:
        super().__init__()
        self._place = place
        self._fact = fact

    def compose(self) -> ComposeResult:
        yield Words(_named(self._place), classes="place")
        yield Words(self._fact, classes="fact")

    def show(self, place: Content, fact: Content = NOTHING) -> None:
        """Name another place."""
        self.query_one(".place", Words).show(_named(place))
        self.query_one(".fact", Words).show(fact)


def _named(place: Content) -> Content:
    return joined(inert("investigator", "bold $primary"), place, between="  ")
