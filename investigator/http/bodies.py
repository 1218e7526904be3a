"""Request bodies, read strictly: JSON only, at most 1 MiB, no NaN, no lone surrogate, no unknown field."""

import json
from http import HTTPStatus
from typing import NoReturn, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from investigator.domain.words import ClosureCode
from investigator.http.problems import Problem

LARGEST = 1 << 20
Body = TypeVar("Body", bound=BaseModel)


class NewCase(BaseModel):
    """Opens a case: a worry in words, or an alert."""

    model_config = ConfigDict(extra="forbid")

    worry: str = Field(default="", max_length=20_000)
    alert: JsonValue = None
    sources: list[str] = Field(default=[], max_length=20)
    """Names that the operator gave to logs, saved answers and accounts."""
    answers: dict[str, str] = Field(default={}, max_length=50)
    playbook: str | None = None


class Close(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: ClosureCode


async def read_json(request: Request) -> JsonValue:
    """The body as JSON; raises Problem."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json")
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > LARGEST:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a body takes at most 1 MiB")
    return _strict(bytes(raw))


def _strict(raw: bytes) -> JsonValue:
    try:
        text = raw.decode("utf-8")
        value: JsonValue = json.loads(text, parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise Problem(HTTPStatus.BAD_REQUEST, "the body is not strict JSON in UTF-8") from None
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def shaped(value: JsonValue, model: type[Body]) -> Body:
    """The body as its model; raises Problem with the names of the fields, not their values."""
    try:
        return model.model_validate(value)
    except ValidationError as fault:
        known = set(model.model_fields)
        fields = sorted({str(error["loc"][0]) for error in fault.errors() if error["loc"]} & known)
        detail = f"fields of the wrong form: {', '.join(fields)}" if fields else "an unknown or missing field"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail) from None


def answers_of(value: JsonValue) -> dict[str, str]:
    """A body of `{slot: value}`."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "takes an object of slots and texts")
    return {slot: str(text) for slot, text in value.items()}
