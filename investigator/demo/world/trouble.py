"""What can go wrong with a reply, on demand: errors, and replies that are cut or foreign."""

from collections.abc import Callable
from enum import StrEnum

from investigator.demo.answers import Asked, Fault


class Trouble(StrEnum):
    """A reply that lies about itself."""

    CUT = "cut"
    """Half of the body, under the length of the whole."""
    EMPTY = "empty"
    """Status 200 without a body."""
    FOREIGN = "foreign"
    """Status 200 with an HTML page, as a proxy sends it."""
    DROPPED = "dropped"
    """The connection closes before there is a reply."""


Faults = Callable[[Asked, int], Fault | Trouble | None]
"""What to do in place of answering the request, which is the how-manieth of its operation and Region; None answers."""

THROTTLED = Fault("ThrottlingException", "Rate exceeded", 400)


def no_faults(asked: Asked, number: int) -> None:
    """Everything is answered."""
