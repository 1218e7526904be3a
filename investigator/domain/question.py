"""Questions and answers: facts that the case needs, how we ask, and what we were told."""

from typing import Literal

from investigator.domain.value import Value


class Question(Value):
    """One optional question of the interview."""

    slot: str
    text: str
    why: str
    default: str
    asked: bool
    round: int = 1


class Answer(Value):
    """What a slot holds; several values are separated by commas; `unknown` is an answer."""

    slot: str
    value: str
    source: Literal["description", "user", "alert", "default", "looked_up"]
    note: str | None = None
    """Why the value could not be used as given: an invalid answer is kept as text with a note."""
