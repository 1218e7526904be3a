"""Request bodies, read strictly.

JSON in UTF-8 only, at most 1 MiB and 64 levels, each key once in its object, no NaN, no lone surrogate.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Annotated, Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from investigator.domain.words import ClosureCode
from investigator.http.problems import Problem

LARGEST = 1 << 20
DEEPEST = 64
SLOWEST = 30.0
"""Seconds in which a body has to arrive."""

Text = Annotated[str, Field(max_length=20_000)]
Answers = Annotated[dict[str, Text], Field(max_length=50)]
"""Slot to value; several values are separated by commas, `unknown` is an answer."""


class NewCase(BaseModel):
    """Opens a case: a worry in words, or an alert."""

    model_config = ConfigDict(extra="forbid")

    worry: Text = ""
    alert: JsonValue = None
    sources: list[str] = Field(default=[], max_length=20)
    """Names that the operator gave to logs, saved answers and accounts."""
    answers: Answers = {}
    playbook: str | None = None
    new: bool = False
    """Open another case for an alert that has an open one."""


class Close(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: ClosureCode


class StrictRequest(Request):
    """A request whose body is taken as strict JSON, or refused."""

    async def body(self) -> bytes:
        """Raises Problem."""
        if not hasattr(self, "_body"):
            self._check_kind()
            try:
                async with asyncio.timeout(SLOWEST):
                    self._body = await self._received()
            except TimeoutError:
                raise Problem(HTTPStatus.REQUEST_TIMEOUT, "the body did not arrive in time") from None
        return self._body

    async def json(self) -> JsonValue:
        """Raises Problem."""
        return strict_json(await self.body())

    def _check_kind(self) -> None:
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json" or self.headers.get("content-encoding", "identity") != "identity":
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json, not compressed")
        length = self.headers.get("content-length", "0")
        if length.isdecimal() and (len(length) > 9 or int(length) > LARGEST):
            raise _too_large()

    async def _received(self) -> bytes:
        raw = bytearray()
        async for part in self.stream():
            raw += part
            if len(raw) > LARGEST:
                raise _too_large()
        return bytes(raw)


class StrictRoute(APIRoute):
    """A route that reads bodies strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await answer(StrictRequest(request.scope, request.receive))

        return strict


def strict_json(raw: bytes) -> JsonValue:
    """The value of a body; raises Problem for what two readers could read differently."""
    try:
        value: JsonValue = json.loads(raw.decode(), parse_constant=_refuse, object_pairs_hook=_once)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        if _deeper(value, DEEPEST):
            _refuse("depth")
    except (ValueError, RecursionError):
        raise Problem(HTTPStatus.BAD_REQUEST, f"the body is not strict JSON of at most {DEEPEST} levels") from None
    return value


def _once(pairs: Sequence[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _refuse("a key stands twice")


def _deeper(value: JsonValue, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _deeper(one, levels - 1) for one in inner)


def _refuse(what: str) -> NoReturn:
    raise ValueError(what)


def _too_large() -> Problem:
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a body takes at most 1 MiB")
