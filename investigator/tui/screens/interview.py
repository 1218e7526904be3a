"""The interview: optional questions before a run, and late answers to it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Button, Footer

from investigator.domain.case import CaseView
from investigator.domain.words import RunState
from investigator.investigation import Investigation
from investigator.tui.desk import Desk, Trouble
from investigator.tui.inert import inert, joined
from investigator.tui.interview import Interview, remark
from investigator.tui.wanted import RunWanted
from investigator.tui.widgets.countdown import Countdown
from investigator.tui.widgets.question_card import QuestionCard
from investigator.tui.widgets.question_list import QuestionList
from investigator.tui.widgets.words import Words

PATIENCE = 600
"""Seconds after which an unanswered case starts with defaults (specification 9.1)."""


class InterviewScreen(Desk):
    """Every question can be skipped; the run starts with what is known."""

    HELP = (
        "Every question is optional. Enter answers, Enter on an empty line skips, the arrow keys go back and forth, "
        "and Ctrl+S starts at once. Without any key the run starts with the defaults when the time is over."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "start", "Start now"),
        Binding("escape", "leave", "Later"),
        Binding("f1", "app.help", "Help"),
    ]

    def __init__(self, investigation: Investigation, view: CaseView, patience: float = PATIENCE) -> None:
        super().__init__(investigation)
        self._view = view
        self._late = view.run is not RunState.ASKING
        self._patience = None if self._late else patience
        self._interview = Interview(tuple(q for q in view.questions if q.asked) or view.questions)
        self._remarked: str | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(classes="bar"):
            yield Words(_place(self._view.id, self._late), classes="place")
            yield Countdown(self._patience)
        with VerticalScroll(id="interview", can_focus=False):
            yield Words(inert(self._view.case.title, "bold"))
            yield QuestionList(id="questions")
            yield QuestionCard(id="card")
            yield Button("Run again with these answers  ^s" if self._late else "Start now  ^s", id="go", compact=True)
        yield Footer()

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        interview = self._interview
        self.query_one(QuestionList).interview(interview)
        if (question := interview.current) is not None:
            value = interview.answers.get(question.slot, "")
            self.query_one(QuestionCard).question(question, interview.at + 1, len(interview.questions), value)
        if interview.complete:
            self.query_one("#go").focus()

    def on_question_card_answered(self, event: QuestionCard.Answered) -> None:
        question = self._interview.current
        if question is None:
            return
        fault = remark(question.slot, event.value)
        if fault and event.value != self._remarked:
            self._remarked = event.value
            self.query_one(QuestionCard).remark(f"It {fault}. Press Enter again to keep it as text.")
            return
        self._interview = self._interview.answered(event.value)
        self._show()

    def on_question_card_other_wanted(self, event: QuestionCard.OtherWanted) -> None:
        self._interview = self._interview.moved(event.by)
        self._show()

    @on(Button.Pressed, "#go")
    @on(Countdown.Expired)
    def action_start(self) -> None:
        self.query_one("#go").disabled = True
        self.errand(self._started, "start")

    def _started(self) -> Message:
        view = self._view
        if self._interview.answers:
            view = self.investigation.answer(view.id, self._interview.answers)
        self.investigation.start(view.id)
        return RunWanted(view)

    def on_trouble(self, event: Trouble) -> None:
        event.stop()
        self.query_one("#go").disabled = False
        self.query_one(QuestionCard).remark(event.text)


def _place(handle: str, late: bool):
    where = inert(f"Case {handle} · late answers" if late else f"Case {handle} · questions")
    return joined(inert("investigator", "bold $primary"), where, between="  ")
