"""One question: what is asked, why, what happens without an answer, and a line to answer on."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Input

from investigator.domain.question import Question
from investigator.tui.hanging import Hanging, fact
from investigator.tui.inert import NOTHING, inert
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
        asked = [
            fact(f"{number} of {of}", inert(question.text, "bold"), 9),
            fact("Why", inert(question.why), 9),
            fact("Default", inert(question.default), 9),
        ]
        self.query_one("#question", Words).show(Hanging(asked))
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
