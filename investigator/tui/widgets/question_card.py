"""One question: what is asked, why, what happens without an answer, and a line to answer on."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Input

from investigator.domain.question import Question
from investigator.tui.inert import NOTHING, inert, joined, stacked
from investigator.tui.widgets.words import Words


class QuestionCard(Vertical):
    """Takes an answer; an empty one skips the question."""

    HELP = (
        "Type an answer and press Enter. Enter on the empty line skips the question, and the default shown is used. "
        "Several values are separated by commas; `unknown` is an answer."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Answer, or skip when empty"),
        Binding("up", "other(-1)", "Previous", show=False),
        Binding("down", "other(1)", "Next", show=False),
    ]

    class Answered(Message):
        """An answer was given; "" skips."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    class OtherWanted(Message):
        """The question before or after is wanted."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def compose(self) -> ComposeResult:
        yield Words(id="question")
        yield Input(id="answer", placeholder="Your answer; empty skips", compact=True)
        yield Words(id="remark")
        with Horizontal(id="card-buttons"):
            yield Button("Answer", id="give", compact=True, variant="primary")
            yield Button("Skip", id="skip", compact=True)

    def question(self, question: Question, number: int, of: int, value: str) -> None:
        """Ask this question; `value` is the answer given before."""
        lines = [
            joined(inert(f"Question {number} of {of}", "$text-muted"), inert(question.text, "bold"), between="  "),
            joined(inert("Why      ", "$text-muted"), inert(question.why)),
            joined(inert("Default  ", "$text-muted"), inert(question.default)),
        ]
        self.query_one("#question", Words).show(stacked(lines))
        self.query_one("#remark", Words).show(NOTHING)
        answer = self.query_one("#answer", Input)
        answer.value = value
        answer.focus()

    def remark(self, text: str) -> None:
        """Say what the answer should look like."""
        self.query_one("#remark", Words).show(inert(text, "$warning"))

    @on(Input.Submitted)
    @on(Button.Pressed, "#give")
    def action_submit(self) -> None:
        self.post_message(self.Answered(self.query_one("#answer", Input).value))

    @on(Button.Pressed, "#skip")
    def _skip(self) -> None:
        self.query_one("#answer", Input).value = ""
        self.post_message(self.Answered(""))

    def action_other(self, by: int) -> None:
        self.post_message(self.OtherWanted(by))
