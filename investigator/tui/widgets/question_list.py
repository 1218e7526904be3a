"""The questions of an interview, each with how it stands."""

from textual.content import Content

from investigator.domain.question import Question
from investigator.tui.hanging import Hanging, Part, bullet
from investigator.tui.inert import NOTHING, inert, joined
from investigator.tui.interview import Interview
from investigator.tui.widgets.words import Words


class QuestionList(Words):
    """One line a question: ✓ answered, – skipped, › being asked, · waiting."""

    def interview(self, interview: Interview) -> None:
        """Show how this interview stands."""
        self.show(Hanging(_line(interview, question) for question in interview.questions))


def _line(interview: Interview, question: Question) -> Part:
    here = "›" if question is interview.current else " "
    sign, told = _standing(interview, question)
    text = inert(question.text, "bold" if question is interview.current else "")
    return bullet(joined(inert(here), sign, between=" "), joined(text, told, between=" "))


def _standing(interview: Interview, question: Question) -> tuple[Content, Content]:
    if question.slot in interview.answers:
        return inert("✓", "$success"), inert(interview.answers[question.slot], "$success")
    if question.slot in interview.skipped:
        return inert("–", "$secondary"), inert("skipped", "$secondary")
    return inert("·", "$accent"), NOTHING
