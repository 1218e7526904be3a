"""The state of an interview: which questions are answered, which are skipped, which is next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from investigator.domain.facts import SLOTS
from investigator.domain.question import Question
from investigator.domain.slots import UNKNOWN, values_of


@dataclass(frozen=True, slots=True)
class Interview:
    """Questions, what was answered so far, and the one that is being asked."""

    questions: tuple[Question, ...]
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    skipped: frozenset[str] = frozenset()
    at: int = 0

    @property
    def current(self) -> Question | None:
        return self.questions[self.at] if self.at < len(self.questions) else None

    @property
    def complete(self) -> bool:
        """Whether every question was answered or skipped."""
        return all(q.slot in self.answers or q.slot in self.skipped for q in self.questions)

    def answered(self, value: str) -> "Interview":
        """With this answer to the present question, at the next open one; an empty answer skips it."""
        if (question := self.current) is None:
            return self
        answers = {slot: given for slot, given in self.answers.items() if slot != question.slot}
        if not value.strip():
            return replace(self, answers=answers, skipped=self.skipped | {question.slot})._onward()
        answers[question.slot] = value.strip()
        return replace(self, answers=answers, skipped=self.skipped - {question.slot})._onward()

    def moved(self, by: int) -> "Interview":
        """At another question, without answering."""
        return replace(self, at=min(max(0, self.at + by), max(0, len(self.questions) - 1)))

    def _onward(self) -> "Interview":
        order = [*range(self.at + 1, len(self.questions)), *range(self.at)]
        waiting = (i for i in order if self.questions[i].slot not in {*self.answers, *self.skipped})
        return replace(self, at=next(waiting, self.at))


def remark(slot: str, value: str) -> str | None:
    """What the answer should look like, when it does not; the answer may be kept as text all the same."""
    known = SLOTS.get(slot)
    if known is None or not value.strip() or value.strip() == UNKNOWN:
        return None
    try:
        for one in values_of(value) if known.many else (value,):
            known.check(one)
    except ValueError as fault:
        return str(fault)
    return None
