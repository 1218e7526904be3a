"""What widgets and screens ask for; whoever stands above them decides how it is done."""

from textual.message import Message

from investigator.domain.case import CaseView
from investigator.domain.ids import EvidenceId
from investigator.domain.question import Question


class Visit(Message):
    """A case shall be shown."""

    def __init__(self, view: CaseView) -> None:
        super().__init__()
        self.view = view


class CaseWanted(Visit):
    """As its state demands: questions, run or report."""


class PrepareWanted(Visit):
    """While its evidence is read and its questions are worked out."""


class RunWanted(Visit):
    """While it runs."""


class InterviewWanted(Visit):
    """Its questions, late ones too."""


class NewWanted(Message):
    """A new case shall be described."""


class ProofWanted(Message):
    """The proof of these claims shall be shown, under a title."""

    def __init__(self, title: str, claims: tuple[str, ...]) -> None:
        super().__init__()
        self.title = title
        self.claims = claims


class RecordWanted(Message):
    """The raw records shall be shown on a screen of their own, from the one at `at` on."""

    def __init__(self, evidence: tuple[EvidenceId, ...], at: int = 0) -> None:
        super().__init__()
        self.evidence = evidence
        self.at = at


class InspectWanted(Message):
    """One raw record shall be shown beside the list."""

    def __init__(self, evidence: EvidenceId) -> None:
        super().__init__()
        self.evidence = evidence


class TimelineWanted(Message):
    """The timeline shall be shown, filtered."""

    def __init__(self, expression: str) -> None:
        super().__init__()
        self.expression = expression


class FilterWanted(Message):
    """The timeline entries that match an expression are wanted."""

    def __init__(self, expression: str) -> None:
        super().__init__()
        self.expression = expression


class CopyWanted(Message):
    """A command shall be put on the clipboard; nothing runs it."""

    def __init__(self, what: str, command: str) -> None:
        super().__init__()
        self.what = what
        self.command = command


class AnswerWanted(Message):
    """A question shall be answered late."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
