"""AWS as tools see it: pages of one read-only operation in one account and Region."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.value import Value
from investigator.domain.words import CellState


class Page(Value):
    """One page of an answer; the body is JSON (times as ISO 8601 text), without ResponseMetadata."""

    answer: EvidenceId
    number: int
    body: JsonValue
    fetched: str
    """ISO 8601; the saved time in a replay."""


class Refused(Exception):
    """AWS, or our own allow-list, said no, or the answer was cut: a Gap with the state of its coverage cell."""

    def __init__(self, gap: Gap, state: CellState) -> None:
        super().__init__(gap.what)
        self.gap = gap
        self.state = state


class Aws(Protocol):
    """One account and Region behind the read-only door; boto3 and saved answers look the same."""

    @property
    def account(self) -> str: ...

    @property
    def region(self) -> str: ...

    @property
    def as_of(self) -> datetime:
        """The moment of the case: limits such as 90 days count back from it."""
        ...

    def pages(self, service: str, operation: str, **parameters: JsonValue) -> Iterator[Page]:
        """Every page of the answer, e.g. `pages("iam", "ListUsers")`; operation names as in IAM and CloudTrail.

        An operation that does not page gives one page. Raises Refused or NoCredentials.
        """
        ...


class Accounts(Protocol):
    """The accounts and Regions that the door can reach."""

    def cells(self) -> tuple[tuple[str, str], ...]:
        """Every (account, Region) in scope, us-east-1 always among them."""
        ...

    def at(self, account: str, region: str) -> Aws: ...

    def calls(self) -> int:
        """How many requests were made so far."""
        ...
