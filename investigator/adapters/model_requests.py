"""Requests to a chat model within limits: tenacity is the one layer that tries again, and every request is audited."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.pool import ThreadPool
from typing import Any, Protocol

from pydantic import JsonValue
from tenacity import (
    RetryCallState,
    RetryError,
    Retrying,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from investigator.domain.safe_text import redact, visible
from investigator.ports.audit import Audit

LONGEST_REPLY = 64 * 1024
_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429})
"""The refusals of HTTP that may pass; every other 4xx is there to stay."""
Message = tuple[str, str]
"""A role (system, human, ai) and a text."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model may take of one run: seconds in all and for one answer, requests, and tries of one question."""

    seconds: float = 120
    answer: float = 60
    requests: int = 12
    tries: int = 3


class Chat(Protocol):
    """The one method of a LangChain chat model that is used."""

    def invoke(self, messages: Any, /) -> Any: ...


class Unusable(Exception):
    """The model gave nothing that can be used; the message says why."""


class Requests:
    """All that one run asks of a chat model, which is made at the first request."""

    def __init__(self, make: Callable[[], Chat], audit: Audit, limits: Limits) -> None:
        self._make = make
        self._audit = audit
        self._limits = limits
        self._chat: Chat | None = None
        self._spent = 0.0
        self.made = 0

    def answer(self, name: str, messages: Sequence[Message]) -> str:
        """What the model says to the messages of a prompt; raises Unusable."""
        chat, left, started = self._ready(), self._limits.seconds - self._spent, time.monotonic()
        if left <= 0:
            raise Unusable(f"its {self._limits.seconds:g} seconds are used up")
        ends = (stop_after_attempt(self._limits.tries), stop_before_delay(left), self._is_over)
        trying = Retrying(
            stop=lambda state: any(over(state) for over in ends),
            wait=wait_random_exponential(multiplier=0.2, max=5),
            after=lambda state: self._record(name, {"outcome": _failure(state)}),
        )
        try:
            said, used = trying(lambda: self._request(chat, messages, left - (time.monotonic() - started)))
        except RetryError as gone:
            raise Unusable(f"it did not answer ({type(gone.last_attempt.exception()).__name__})") from None
        finally:
            self._spent += time.monotonic() - started
        self._record(name, {"outcome": "answered", "characters": len(said), **used})
        if len(said) > LONGEST_REPLY:
            raise Unusable("its reply was over 64 KiB, budget reached")
        return said

    def _ready(self) -> Chat:
        if self.made >= self._limits.requests:
            raise Unusable("its budget of requests is reached")
        if self._chat is None:
            try:
                self._chat = Retrying(stop=stop_after_attempt(1))(self._make)
            except RetryError as gone:
                why = visible(redact(str(gone.last_attempt.exception())))[:300]
                raise Unusable(f"it could not be set up: {why}") from None
        return self._chat

    def _request(self, chat: Chat, messages: Sequence[Message], left: float) -> tuple[str, dict[str, JsonValue]]:
        """One request in a thread of its own: a provider that never ends its answer is left behind, not waited for."""
        self.made += 1
        with ThreadPool(1) as pool:
            message = pool.apply_async(chat.invoke, (list(messages),)).get(max(0, min(left, self._limits.answer)))
        content = message.content
        return content if isinstance(content, str) else json.dumps(content, default=str), _tokens(message)

    def _is_over(self, state: RetryCallState) -> bool:
        """Whether another try cannot help, or is not paid for."""
        status = getattr(state.outcome.exception(), "status_code", None) if state.outcome else None
        lasting = isinstance(status, int) and 400 <= status < 500 and status not in _WORTH_ANOTHER_TRY
        return lasting or self.made >= self._limits.requests

    def _record(self, name: str, details: Mapping[str, JsonValue]) -> None:
        self._audit.record("model", {"prompt": name, **details})


def _tokens(message: Any) -> dict[str, JsonValue]:
    """What the answer cost, where the provider says so."""
    usage: Mapping[str, JsonValue] = getattr(message, "usage_metadata", None) or {}
    return {of: usage[of] for of in ("input_tokens", "output_tokens") if isinstance(usage.get(of), int)}


def _failure(state: RetryCallState) -> str:
    return type(state.outcome.exception()).__name__ if state.outcome else "nothing"
