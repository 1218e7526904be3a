"""The language model: optional at every place, trusted at none."""

from collections.abc import Sequence
from typing import Protocol

from investigator.domain.claim import Claim
from investigator.domain.question import Answer
from investigator.domain.value import Value


class Written(Value):
    """Prose over numbered claims, and what was dropped on the way."""

    sentences: tuple["WrittenSentence", ...] = ()
    disagrees: str | None = None
    """The verdict that the model would give, quoted; it changes nothing."""
    dropped: int = 0
    """Sentences that cited nothing, or what we do not hold."""
    trouble: str | None = None
    """What the model did not do: refused, timed out, sent garbage, budget reached."""


class WrittenSentence(Value):
    text: str
    claims: tuple[str, ...]


class Understood(Value):
    """Facts that occur in the text, and what went wrong."""

    answers: tuple[Answer, ...] = ()
    dropped: int = 0
    trouble: str | None = None


class Model(Protocol):
    """Two things a model may do for now."""

    def understand(self, text: str, slots: Sequence[str]) -> Understood:
        """Facts for these slots; every value occurs in the text."""
        ...

    def write(self, claims: Sequence[Claim], verdict: str) -> Written:
        """A summary of at most 120 words; every sentence cites claims that were given."""
        ...

    def calls(self) -> int:
        """How many requests were made so far."""
        ...
