"""Errors as problem+json (RFC 9457); the input is never echoed."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from investigator.domain.trouble import CaseBusy, CaseClosed, KeyReused, NoSuchCase, NotFinished

Handler = Callable[[Request, Exception], Awaitable[JSONResponse]]


class Problem(HTTPException):
    """A refusal with its status and a sentence that says what to do, in our words only."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(status, detail)


EXPECTED: Mapping[type[Exception], tuple[HTTPStatus, str]] = {
    NoSuchCase: (HTTPStatus.NOT_FOUND, "there is no such case"),
    NotFinished: (HTTPStatus.CONFLICT, "the case is not finished; run it first"),
    CaseBusy: (HTTPStatus.CONFLICT, "another process runs this case; wait for it, or stop it"),
    CaseClosed: (HTTPStatus.CONFLICT, "the case is closed, and closed is final"),
    KeyReused: (HTTPStatus.CONFLICT, "this Idempotency-Key came with another request before"),
}


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """One problem; `type` is about:blank, so `title` is the status phrase."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, "application/problem+json")


def install(app: FastAPI) -> None:
    """Give every error its status; what nobody expected is a 500 without details, and is logged by the server."""
    for kind, (status, detail) in EXPECTED.items():
        app.add_exception_handler(kind, _always(status, detail))
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _always(HTTPStatus.INTERNAL_SERVER_ERROR, "a bug; the server's log has it"))


def _always(status: HTTPStatus, detail: str) -> Handler:
    async def answer(_: Request, __: Exception) -> JSONResponse:
        return problem(status, detail)

    return answer


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    ours = isinstance(error, Problem)
    detail = error.detail if ours else HTTPStatus(error.status_code).phrase
    return problem(error.status_code, detail, error.headers)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    """Names what is declared, never what came."""
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    named = {str(fault["loc"][1]) for fault in faults if len(fault["loc"]) > 1 and fault["type"] != "extra_forbidden"}
    wrong = f"wrong or missing: {', '.join(sorted(named))}" if named else "unknown field, or no body"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{wrong}; /openapi.json says what is taken")
