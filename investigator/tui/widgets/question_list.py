"""The questions of an interview, each with how it stands."""

from textual.content import Content

from investigator.domain.question import Question
from investigator.tui.inert import inert, joined, stacked
from investigator.tui.interview import Interview
from investigator.tui.widgets.words import Words


class QuestionList(Words):
    """One line a question: ✓ answered, – skipped, › being asked, · waiting."""

    def interview(self, interview: Interview) -> None:
        self.show(stacked(_line(interview, question) for question in interview.questions))


def _line(interview: Interview, question: Question) -> Content:
    here = "›" if question is interview.current else " "
    style = "bold" if question is interview.current else ""
    if question.slot in interview.answers:
        return joined(
            inert(f"{here} ✓", "$success"), inert(question.text, style), _answer(interview, question), between=" "
        )
    if question.slot in interview.skipped:
        return joined(
            inert(f"{here} –", "$secondary"), inert(question.text, style), inert("skipped", "$secondary"), between=" "
        )
    return joined(inert(f"{here} ·", "$accent"), inert(question.text, style), between=" ")


def _answer(interview: Interview, question: Question) -> Content:
    return inert(interview.answers[question.slot], "$success")
