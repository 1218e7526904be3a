"""What the wire gives back: a page, or a fault; and what one request on its way must know."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from ._refusals import Request


@dataclass(frozen=True, slots=True)
class Reply:
    """One page as it came, without ResponseMetadata."""

    body: dict[str, JsonValue]
    status: int
    request_id: str


class Fault(Exception):
    """AWS said no, or its reply is none; `code` is an AWS error code or one of ours."""

    def __init__(self, code: str, message: str, status: int = 0, request_id: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.request_id = request_id


@dataclass(slots=True)
class Attempt:
    """One request on its way: when it must be done (monotonic seconds), and the request ids that its replies had."""

    deadline: float
    request_ids: list[str] = field(default_factory=list[str])

    def last_id(self) -> str:
        """The request id of the last reply; "" when there was none."""
        return self.request_ids[-1] if self.request_ids else ""


ATTEMPT: ContextVar[Attempt] = ContextVar("attempt")
"""The attempt of this thread; hooks learn from it what they belong to."""


class Overdue(Exception):
    """The deadline of the call passed between two attempts."""


class Sender(Protocol):
    """The wire, as those who ask see it."""

    def send(self, request: Request, page: Mapping[str, JsonValue], attempt: Attempt) -> Reply:
        """One page of one request; raises Fault or NoCredentials."""
        ...

    def first_region(self) -> str:
        """Where the caller is asked who he is."""
        ...
