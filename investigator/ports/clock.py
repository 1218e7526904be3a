"""The clock: asked at opening only, so that nothing else of a case depends on it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def __call__(self) -> datetime:
        """The present, aware, in UTC."""
        ...
