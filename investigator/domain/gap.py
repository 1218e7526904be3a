"""Gap: what could not be seen, what follows from it, and how to close it."""

from typing import Self

from investigator.domain.ids import digest16
from investigator.domain.value import Value


class Gap(Value):
    """A limiting factor of the report."""

    id: str
    what: str
    why: str
    effect: str
    close: str

    @classmethod
    def of(cls, *, what: str, why: str, effect: str, close: str) -> Self:
        """A gap whose id follows from what and why."""
        return cls(id="g" + digest16(what, why)[:15], what=what, why=why, effect=effect, close=close)
