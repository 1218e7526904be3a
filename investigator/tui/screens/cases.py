"""The case list, where everything starts."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Input

from investigator.domain.case import CaseView
from investigator.domain.words import CaseStatus, ClosureCode
from investigator.investigation import Investigation
from investigator.tui.desk import Desk
from investigator.tui.inert import inert
from investigator.tui.screens.close import CloseScreen
from investigator.tui.wanted import CaseWanted, NewWanted
from investigator.tui.widgets.rows import Column, Rows
from investigator.tui.widgets.title_bar import TitleBar
from investigator.tui.words import RUN_STYLES, RUN_WORDS, VERDICT_STYLES, VERDICT_WORDS, counted, moment

COLUMNS = (
    Column("Case", 12),
    Column("What happened"),
    Column("Verdict", 18),
    Column("State", 13),
    Column("Opened (UTC)", 16, from_width=100),
    Column("Status", 22, from_width=130),
)


class CasesScreen(Desk):
    """All cases, newest first."""

    HELP = "Every investigation on this machine. Press n to describe a worry and start one; Enter opens the case."
    AUTO_FOCUS = "#cases"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New case"),
        Binding("enter", "open", "Open"),
        Binding("slash", "filter", "Filter", key_display="/"),
        Binding("c", "close_case", "Close case"),
        Binding("q", "app.quit", "Quit"),
        Binding("escape", "clear_filter", "Clear filter", show=False),
    ]

    class Listed(Message):
        """The cases were read."""

        def __init__(self, cases: tuple[CaseView, ...]) -> None:
            super().__init__()
            self.cases = cases

    class Found(Message):
        """The case that was asked for on the command line was read."""

        def __init__(self, view: CaseView) -> None:
            super().__init__()
            self.view = view

    def __init__(self, investigation: Investigation, handle: str | None = None) -> None:
        super().__init__(investigation)
        self._handle = handle
        empty = "No case here yet. Press n to open one from a worry in your own words."
        self._rows = Rows(COLUMNS, cells, empty=empty, id="cases")
        self._cases: tuple[CaseView, ...] = ()

    def compose(self) -> ComposeResult:
        yield TitleBar(inert("Cases"))
        yield Input(placeholder="Words that the case must contain; Esc clears", id="filter", compact=True)
        yield self._rows
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(2, self.reload)
        if (handle := self._handle) is not None:
            self.errand(lambda: self.Found(self.investigation.view(handle)), "found")

    def on_screen_resume(self) -> None:
        self.reload()

    def reload(self) -> None:
        """Read the list again."""
        if self.is_current:
            self.errand(lambda: self.Listed(self.investigation.cases()), "cases")

    def on_cases_screen_found(self, event: Found) -> None:
        self.post_message(CaseWanted(event.view))

    def on_cases_screen_listed(self, event: Listed) -> None:
        if event.cases != self._cases or not self._rows.rows:
            self._cases = event.cases
            self._show()

    @on(Input.Changed, "#filter")
    def _show(self) -> None:
        words = self.query_one("#filter", Input).value.lower().split()
        shown = [view for view in self._cases if all(word in _haystack(view) for word in words)]
        chosen = self._rows.current
        cursor = next((index for index, view in enumerate(shown) if chosen and view.id == chosen.id), 0)
        self._rows.show(shown, cursor)
        fact = counted(len(shown), "case") + (f" of {len(self._cases)}" if words else "")
        self.query_one(TitleBar).show(inert("Cases"), inert(fact))

    def action_new(self) -> None:
        self.post_message(NewWanted())

    @on(Rows.Chosen, "#cases")
    def action_open(self) -> None:
        if view := self._rows.current:
            self.post_message(CaseWanted(view))

    def action_filter(self) -> None:
        self.query_one("#filter").add_class("shown").focus()

    @on(Input.Submitted, "#filter")
    def _filtered(self) -> None:
        self._rows.focus()

    def action_clear_filter(self) -> None:
        box = self.query_one("#filter", Input)
        box.value = ""
        box.remove_class("shown")
        self._rows.focus()

    def action_close_case(self) -> None:
        if (view := self._rows.current) and view.case.status is not CaseStatus.CLOSED:
            self.put_over(CloseScreen(view), lambda code: self._close(view.id, code))

    def _close(self, handle: str, code: ClosureCode | None) -> None:
        if code is not None:
            self.errand(lambda: self._after_closing(handle, code), "close")

    def _after_closing(self, handle: str, code: ClosureCode) -> Message:
        self.investigation.close(handle, code)
        return self.Listed(self.investigation.cases())


def cells(view: CaseView) -> tuple[Content, ...]:
    """One case as a row."""
    verdict = (
        inert(VERDICT_WORDS[view.verdict], VERDICT_STYLES[view.verdict]) if view.verdict else inert("—", "$secondary")
    )
    closed = view.case.status is CaseStatus.CLOSED
    return (
        inert(view.id),
        inert(view.case.title),
        verdict,
        inert("closed", "$secondary") if closed else inert(RUN_WORDS[view.run], RUN_STYLES[view.run]),
        inert(moment(view.opened)[:16]),
        inert(view.case.status.value, "$secondary"),
    )


def _haystack(view: CaseView) -> str:
    verdict = VERDICT_WORDS[view.verdict] if view.verdict else ""
    words = (view.id, view.case.name, view.case.title, verdict, RUN_WORDS[view.run], view.case.status.value)
    return " ".join(words).lower()
