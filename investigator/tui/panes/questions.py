"""The questions, what was answered, and the defaults in use; any of them can be answered late."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from investigator.domain.question import Answer, Question
from investigator.tui.hanging import Hanging, fact, line
from investigator.tui.inert import NOTHING, inert
from investigator.tui.lookup import Lookup
from investigator.tui.wanted import AnswerWanted
from investigator.tui.widgets.rows import Column, Rows
from investigator.tui.widgets.words import Page
from investigator.tui.words import spaced

COLUMNS = (Column("Slot", 11), Column("Known from", 12), Column("Answer"), Column("Question", 44, from_width=100))


@dataclass(frozen=True, slots=True)
class Known:
    """A slot with its question and its answer."""

    question: Question
    answer: Answer | None


class QuestionsPane(Container):
    """One line a slot; Enter answers it late."""

    HELP = "What the case was told and what it assumed. Enter answers late; what depends on it is planned again."

    def __init__(self) -> None:
        super().__init__()
        self._rows = Rows(COLUMNS, _cells, empty="No question was asked.", id="known")

    def compose(self) -> ComposeResult:
        yield self._rows
        yield Page(id="known-in-full")

    def show(self, lookup: Lookup) -> None:
        """Show this case."""
        answers = {answer.slot: answer for answer in lookup.document.answers}
        known = [Known(question, answers.get(question.slot)) for question in lookup.document.questions]
        self._rows.show(known)

    @on(Rows.Moved, "#known")
    def _moved(self) -> None:
        known = self._rows.current
        self.query_one("#known-in-full", Page).show(_in_full(known) if known else NOTHING)

    @on(Rows.Chosen, "#known")
    def _chosen(self) -> None:
        if known := self._rows.current:
            self.post_message(AnswerWanted(known.question))


def _cells(known: Known) -> tuple[Content, ...]:
    answer = known.answer
    assumed = answer is None or answer.source == "default"
    return (
        inert(known.question.slot),
        inert("assumed" if assumed else spaced(answer.source) if answer else "", "$warning" if assumed else "$success"),
        inert(answer.value if answer else known.question.default),
        inert(known.question.text, "$secondary"),
    )


def _in_full(known: Known) -> Hanging:
    question, answer = known.question, known.answer
    facts = (
        ("Why", question.why),
        ("Default", question.default),
        ("Answer", answer.value if answer else "none"),
        ("Note", answer.note or "" if answer else ""),
    )
    told = [fact(name, inert(text), 9) for name, text in facts if text]
    hint = line(inert("Enter answers it late.", "$secondary"))
    return Hanging([line(inert(question.text, "bold")), *told, hint])
