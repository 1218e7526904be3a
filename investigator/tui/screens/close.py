"""Closing a case with a closure code."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Footer

from investigator.domain.case import CaseView
from investigator.domain.words import ClosureCode
from investigator.tui.desk import Dialog
from investigator.tui.inert import inert, stacked
from investigator.tui.widgets.choices import Choice, Choices
from investigator.tui.widgets.words import Words


class CloseScreen(Dialog[ClosureCode]):
    """Asks for the closure code; leaving it closes nothing."""

    HELP = "Closed is final: choose how the case ends, or press Esc to keep it open."

    def __init__(self, view: CaseView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Words(stacked([inert("Close this case", "bold"), inert(self._view.case.title, "$secondary")]))
            yield Words(inert("Closing is final. How does it end?"))
            yield Choices([Choice(inert(code.value), code.value) for code in ClosureCode], id="codes")
        yield Footer()

    @on(Choices.Opened)
    def _chosen(self, event: Choices.Opened) -> None:
        self.dismiss(ClosureCode(event.key))
