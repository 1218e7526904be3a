"""The routes of the case API."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import JsonValue
from starlette.concurrency import run_in_threadpool

from investigator import __version__
from investigator.domain.case import CaseView, OpenCase
from investigator.domain.search import NotASearch
from investigator.domain.timeline_filter import matching
from investigator.domain.words import RunState, Verdict
from investigator.http import problems
from investigator.http.access import Access
from investigator.http.bodies import Close, NewCase, answers_of, read_json, shaped
from investigator.http.examples import ANSWERS, CLOSE, NEW_CASE
from investigator.http.problems import Problem
from investigator.http.sources import NamedSources
from investigator.http.stream import events
from investigator.investigation import Investigation

Limit = Annotated[int, Query(ge=1, le=500)]
MEDIA = {
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "bundle": "application/zip",
    "runbook": "text/x-shellscript; charset=utf-8",
}


def api(investigation: Investigation, named: NamedSources, access: Access) -> FastAPI:
    """The application; every route but the health check asks `access` first."""
    app = FastAPI(title="investigator", version=__version__, docs_url=None, redoc_url=None)
    problems.install(app)
    for register in (_opening, _running, _reading, _menus):
        register(app, investigation, named, access)

    @app.get("/healthz")
    def health() -> dict[str, str]:  # pyright: ignore[reportUnusedFunction]
        return {"status": "ok", "version": __version__}

    return app


def _opening(app: FastAPI, investigation: Investigation, named: NamedSources, access: Access) -> None:
    guard = [Depends(access)]

    @app.post("/api/cases", status_code=201, dependencies=guard, openapi_extra=NEW_CASE)
    async def open_case(  # pyright: ignore[reportUnusedFunction]
        request: Request, idempotency_key: Annotated[str | None, Header(max_length=200)] = None
    ) -> CaseView:
        wanted = shaped(await read_json(request), NewCase)
        opening = OpenCase(
            worry=wanted.worry,
            alert=wanted.alert,
            sources=named.chosen(wanted.sources),
            answers=wanted.answers,
            playbook=wanted.playbook,
            idempotency_key=idempotency_key,
        )
        return await run_in_threadpool(_opened, investigation, opening)

    @app.get("/api/cases", dependencies=guard)
    def list_cases(  # pyright: ignore[reportUnusedFunction]
        status: RunState | None = None, verdict: Verdict | None = None, limit: Limit = 50, after: str = ""
    ) -> list[CaseView]:
        views = [
            view for view in investigation.cases() if status in (None, view.run) and verdict in (None, view.verdict)
        ]
        ids = [view.id for view in views]
        start = ids.index(after) + 1 if after in ids else 0
        return views[start : start + limit]

    @app.get("/api/cases/{handle}", dependencies=guard)
    def show_case(handle: str) -> CaseView:  # pyright: ignore[reportUnusedFunction]
        return investigation.view(handle)

    @app.post("/api/cases/{handle}/close", dependencies=guard, openapi_extra=CLOSE)
    async def close_case(handle: str, request: Request) -> CaseView:  # pyright: ignore[reportUnusedFunction]
        closing = shaped(await read_json(request), Close)
        return await run_in_threadpool(investigation.close, handle, closing.code)


def _opened(investigation: Investigation, opening: OpenCase) -> CaseView:
    try:
        view = investigation.open(opening)
    except ValueError as refusal:
        conflict = opening.idempotency_key is not None and "idempotency" in str(refusal)
        raise Problem(HTTPStatus.CONFLICT if conflict else HTTPStatus.UNPROCESSABLE_ENTITY, str(refusal)) from None
    if view.run is RunState.OPENING:
        investigation.start(view.id, prepare_only=True)
    return view


def _running(app: FastAPI, investigation: Investigation, _: NamedSources, access: Access) -> None:
    guard = [Depends(access)]

    @app.get("/api/cases/{handle}/questions", dependencies=guard)
    def questions(handle: str) -> JsonValue:  # pyright: ignore[reportUnusedFunction]
        return [question.model_dump(mode="json") for question in investigation.view(handle).questions]

    @app.post("/api/cases/{handle}/answers", dependencies=guard, openapi_extra=ANSWERS)
    async def answer(handle: str, request: Request) -> CaseView:  # pyright: ignore[reportUnusedFunction]
        given = answers_of(await read_json(request))
        return await run_in_threadpool(_answered, investigation, handle, given)

    @app.post("/api/cases/{handle}/run", status_code=202, dependencies=guard)
    def run(handle: str) -> CaseView:  # pyright: ignore[reportUnusedFunction]
        investigation.start(handle)
        return investigation.view(handle)

    @app.post("/api/cases/{handle}/stop", status_code=202, dependencies=guard)
    def stop(handle: str) -> CaseView:  # pyright: ignore[reportUnusedFunction]
        investigation.stop(handle)
        return investigation.view(handle)

    @app.get("/api/cases/{handle}/progress", dependencies=guard, response_class=StreamingResponse)
    def progress(  # pyright: ignore[reportUnusedFunction]
        handle: str, last_event_id: Annotated[int, Header(ge=0, le=2**53)] = 0
    ) -> StreamingResponse:
        investigation.view(handle)
        lines = events(investigation, handle, last_event_id)
        return StreamingResponse(lines, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _answered(investigation: Investigation, handle: str, given: dict[str, str]) -> CaseView:
    late = investigation.view(handle).run in (RunState.RUNNING, RunState.FINISHED)
    try:
        view = investigation.answer(handle, given)
    except ValueError:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "takes slots that are questions; see /questions") from None
    if late:
        investigation.start(handle)
    return view


def _reading(app: FastAPI, investigation: Investigation, _: NamedSources, access: Access) -> None:
    guard = [Depends(access)]

    @app.get("/api/cases/{handle}/document", dependencies=guard)
    def document(handle: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        return _bytes(investigation.export(handle, "json"), "json")

    @app.get("/api/cases/{handle}/timeline", dependencies=guard)
    def timeline(  # pyright: ignore[reportUnusedFunction]
        handle: str,
        where: Annotated[str, Query(alias="filter", max_length=2_000)] = "",
        after: str = "",
        limit: Limit = 200,
    ) -> JsonValue:
        try:
            entries = list(matching(investigation.document(handle).timeline, where))
        except NotASearch as fault:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"filter: {type(fault).__doc__}") from None
        ids = [entry.id for entry in entries]
        start = ids.index(after) + 1 if after in ids else 0
        return [entry.model_dump(mode="json") for entry in entries[start : start + limit]]

    @app.get("/api/cases/{handle}/records/{evidence_id:path}", dependencies=guard)
    def record(handle: str, evidence_id: str) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        try:
            shown = investigation.record(handle, evidence_id)
        except LookupError:
            raise Problem(HTTPStatus.NOT_FOUND, "the case holds no such evidence") from None
        return JSONResponse({"id": evidence_id, "record": shown})

    @app.get("/api/cases/{handle}/export/{form}", dependencies=guard, response_class=Response)
    def export(handle: str, form: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        if form not in MEDIA:
            raise Problem(HTTPStatus.NOT_FOUND, f"formats: {', '.join(MEDIA)}")
        return _bytes(investigation.export(handle, form), form)


def _bytes(content: Iterator[bytes], form: str) -> Response:
    return Response(b"".join(content), media_type=MEDIA[form], headers={"X-Content-Type-Options": "nosniff"})


def _menus(app: FastAPI, investigation: Investigation, _: NamedSources, access: Access) -> None:
    guard = [Depends(access)]

    @app.get("/api/tools", dependencies=guard)
    def tools() -> list[dict[str, str | list[str]]]:  # pyright: ignore[reportUnusedFunction]
        return [
            {
                "name": tool.name,
                "source": tool.source,
                "question": tool.question,
                "needs": sorted(tool.required),
                "permissions": sorted(tool.permissions),
                "where": tool.where.value,
            }
            for tool in investigation.catalog.tools()
        ]

    @app.get("/api/playbooks", dependencies=guard)
    def playbooks() -> JsonValue:  # pyright: ignore[reportUnusedFunction]
        return [playbook.model_dump(mode="json") for playbook in investigation.catalog.playbooks().values()]
