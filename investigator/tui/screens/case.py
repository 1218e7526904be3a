"""A finished case: its tabs, and what they ask for."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Footer, TabbedContent, TabPane

from investigator.domain.case import CaseView
from investigator.domain.question import Question
from investigator.domain.report import CaseDocument
from investigator.domain.search import NotASearch
from investigator.domain.timeline import TimelineEntry
from investigator.domain.timeline_filter import matching
from investigator.investigation import Investigation
from investigator.tui.desk import Desk, Told
from investigator.tui.inert import inert, joined
from investigator.tui.lookup import Lookup
from investigator.tui.panes.actions import ActionsPane
from investigator.tui.panes.coverage import CoveragePane
from investigator.tui.panes.credentials import CredentialsPane
from investigator.tui.panes.entities import EntitiesPane
from investigator.tui.panes.findings import FindingsPane
from investigator.tui.panes.questions import QuestionsPane
from investigator.tui.panes.summary import SummaryPane
from investigator.tui.panes.timeline import TimelinePane
from investigator.tui.records import RecordText, read
from investigator.tui.screens.export import ExportScreen
from investigator.tui.screens.proof import ProofScreen
from investigator.tui.screens.record import RecordScreen
from investigator.tui.wanted import (
    AnswerWanted,
    FilterWanted,
    InspectWanted,
    InterviewWanted,
    ProofWanted,
    RecordWanted,
    TimelineWanted,
)
from investigator.tui.widgets.title_bar import TitleBar
from investigator.tui.words import VERDICT_STYLES, VERDICT_WORDS, counted

Pane = (
    SummaryPane
    | FindingsPane
    | TimelinePane
    | CredentialsPane
    | EntitiesPane
    | ActionsPane
    | CoveragePane
    | QuestionsPane
)
PANES: dict[str, type[Pane]] = {
    "Summary": SummaryPane,
    "Findings": FindingsPane,
    "Timeline": TimelinePane,
    "Credentials": CredentialsPane,
    "Entities": EntitiesPane,
    "Actions": ActionsPane,
    "Gaps": CoveragePane,
    "Questions": QuestionsPane,
}


class CaseScreen(Desk):
    """Shows the case document; reads records and filters in threads."""

    HELP = (
        "1 to 8, or the left and right arrow keys, go from tab to tab. Every sentence can be followed to its records."
    )
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"tab({n - 1})", f"Go to {title}", show=False) for n, title in enumerate(PANES, 1)),
        Binding("left", "turn(-1)", "Previous tab", show=False),
        Binding("right", "turn(1)", "Tabs", key_display="←→"),
        Binding("a", "answer", "Answer"),
        Binding("x", "export", "Export"),
    ]

    class Loaded(Message):
        """The document was read."""

        def __init__(self, document: CaseDocument) -> None:
            super().__init__()
            self.document = document

    class Filtered(Message):
        """The timeline was filtered; `fault` says why not."""

        def __init__(self, entries: Iterable[TimelineEntry], expression: str, fault: str = "") -> None:
            super().__init__()
            self.entries = tuple(entries)
            self.expression = expression
            self.fault = fault

    class Inspected(Message):
        """A raw record for the inspector was read."""

        def __init__(self, record: RecordText) -> None:
            super().__init__()
            self.record = record

    def __init__(self, investigation: Investigation, view: CaseView) -> None:
        super().__init__(investigation)
        self._view = view
        self._lookup: Lookup | None = None

    def compose(self) -> ComposeResult:
        yield TitleBar(joined(inert(f"Case {self._view.id}"), inert(self._view.case.title), between="  "))
        with TabbedContent(id="tabs"):
            for title, pane in PANES.items():
                with TabPane(title, id=title.lower()):
                    yield pane()
        yield Footer()

    def on_mount(self) -> None:
        self.query_one("Tabs").can_focus = False
        self.query_one("#tabs").loading = True
        handle = self._view.id
        self.errand(lambda: self.Loaded(self.investigation.document(handle)), "document")

    def on_case_screen_loaded(self, event: Loaded) -> None:
        self.query_one("#tabs").loading = False
        self._lookup = Lookup(event.document)
        verdict = event.document.verdict.value
        place = joined(inert(f"Case {self._view.id}"), inert(event.document.case.title), between="  ")
        self.query_one(TitleBar).show(place, inert(VERDICT_WORDS[verdict], VERDICT_STYLES[verdict]))
        for pane in PANES.values():
            self.query_one(pane).show(self._lookup)
        self._focus_tab()
        self.refresh_bindings()
        if raised := len(self._raised):
            self.post_message(Told(f"{counted(raised, 'question')} came up that only you can answer. Press a."))

    @property
    def _raised(self) -> tuple[Question, ...]:
        """What the evidence raised for a person, and nobody answered yet."""
        questions = self._lookup.document.questions if self._lookup else ()
        return tuple(question for question in questions if question.asked and question.round > 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "answer" or bool(self._raised)

    def action_answer(self) -> None:
        self._ask(self._raised)

    def action_tab(self, index: int) -> None:
        self.query_one(TabbedContent).active = list(PANES)[index].lower()

    def action_turn(self, by: int) -> None:
        names = [title.lower() for title in PANES]
        self.action_tab((names.index(self.query_one(TabbedContent).active) + by) % len(names))

    def on_tabbed_content_tab_activated(self) -> None:
        self._focus_tab()

    def _focus_tab(self) -> None:
        pane = self.query_one(TabbedContent).active_pane
        first = (
            next((widget for widget in pane.query("Rows, Choices, Page") if widget.focusable), None) if pane else None
        )
        if first is not None:
            first.focus()

    def on_filter_wanted(self, event: FilterWanted) -> None:
        if (lookup := self._lookup) is not None:
            self.errand(lambda: _filtered(lookup, event.expression), "filter")

    def on_case_screen_filtered(self, event: Filtered) -> None:
        pane = self.query_one(TimelinePane)
        if event.fault:
            pane.trouble(event.fault)
        else:
            pane.entries(event.entries, event.expression)

    def on_timeline_wanted(self, event: TimelineWanted) -> None:
        self.query_one(TabbedContent).active = "timeline"
        self.query_one(TimelinePane).filter_by(event.expression)

    def on_inspect_wanted(self, event: InspectWanted) -> None:
        if (lookup := self._lookup) is not None:
            handle = self._view.id
            self.errand(lambda: self.Inspected(read(self.investigation, handle, lookup, event.evidence)), "inspect")

    def on_case_screen_inspected(self, event: Inspected) -> None:
        self.query_one(TimelinePane).record(event.record)

    def on_proof_wanted(self, event: ProofWanted) -> None:
        if self._lookup is not None:
            self.put_over(ProofScreen(self.investigation, self._lookup, event.title, event.claims))

    def on_record_wanted(self, event: RecordWanted) -> None:
        if self._lookup is not None:
            self.put_over(RecordScreen(self.investigation, self._lookup, event.evidence, event.at))

    def on_answer_wanted(self, event: AnswerWanted) -> None:
        self._ask((event.question,))

    def _ask(self, questions: tuple[Question, ...]) -> None:
        self.post_message(InterviewWanted(self._view.model_copy(update={"questions": questions})))

    def action_export(self) -> None:
        handle = self._view.id
        dialog = ExportScreen(self._view.case.name, lambda name: self.investigation.export(handle, name))
        self.put_over(dialog, self._exported)

    def _exported(self, path: Path | None) -> None:
        if path is not None:
            self.post_message(Told(f"Written: {path}"))


def _filtered(lookup: Lookup, expression: str) -> CaseScreen.Filtered:
    try:
        return CaseScreen.Filtered(matching(lookup.document.timeline, expression), expression)
    except NotASearch as fault:
        return CaseScreen.Filtered((), expression, str(fault))
