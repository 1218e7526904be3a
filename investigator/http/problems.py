"""Errors as problem+json (RFC 9457); the input is never echoed."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from investigator.investigation import NotFinished
from investigator.ports.cases import CaseBusy, NoSuchCase


class Problem(Exception):
    """A refusal with its status and a sentence that says what to do."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def answer(status: int, detail: str) -> JSONResponse:
    """One problem; `type` is about:blank, so `title` is the status phrase."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Give every expected error its status."""

    async def refused(_: Request, problem: Exception) -> JSONResponse:
        assert isinstance(problem, Problem)
        return answer(problem.status, problem.detail)

    async def invalid(_: Request, __: Exception) -> JSONResponse:
        return answer(422, "a parameter is missing or of the wrong form; see /openapi.json")

    async def status(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return answer(error.status_code, HTTPStatus(error.status_code).phrase)

    async def missing(_: Request, __: Exception) -> JSONResponse:
        return answer(404, "there is no such case")

    async def early(_: Request, __: Exception) -> JSONResponse:
        return answer(409, "the case is not finished; run it first")

    async def busy(_: Request, error: Exception) -> JSONResponse:
        return answer(409, "another process runs this case")

    app.add_exception_handler(Problem, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, status)
    app.add_exception_handler(NoSuchCase, missing)
    app.add_exception_handler(NotFinished, early)
    app.add_exception_handler(CaseBusy, busy)
