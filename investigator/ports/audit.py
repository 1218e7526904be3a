"""The audit log: every call we make, hash-chained."""

from collections.abc import Mapping
from typing import Protocol

from pydantic import JsonValue


class Audit(Protocol):
    """Append only; each line holds the SHA-256 of the one before."""

    def record(self, kind: str, details: Mapping[str, JsonValue]) -> None:
        """Add a line; kind is aws, model, denied or read."""
        ...

    def head(self) -> str:
        """The SHA-256 of the last line; 64 zeros when there is none."""
        ...

    def count(self, kind: str) -> int:
        """How many lines are of that kind, those of earlier runs too."""
        ...

    def request_ids(self) -> frozenset[str]:
        """The request ids that AWS gave our own calls."""
        ...
