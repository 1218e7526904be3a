"""Routes that read a finished case: document, timeline, records, exports."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, JsonValue

from investigator.domain.report import CaseDocument
from investigator.domain.search import NotASearch
from investigator.domain.timeline import TimelineEntry
from investigator.domain.timeline_filter import matching
from investigator.http.cases import After, Handle, Limit
from investigator.http.examples import ENTRY, EXPORTED, RECORD, REPORT, shown
from investigator.http.problems import Problem
from investigator.investigation import Investigation

FORMATS = {
    "markdown": ("md", "text/markdown; charset=utf-8"),
    "html": ("html", "text/html; charset=utf-8"),
    "json": ("json", "application/json"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "bundle": ("zip", "application/zip"),
    "runbook": ("sh", "text/x-shellscript; charset=utf-8"),
}
"""Each export with the ending of its file and its media type."""


class Record(BaseModel):
    """A raw record or AWS answer, its secrets redacted."""

    id: str
    record: JsonValue


def reading(investigation: Investigation) -> APIRouter:
    """What a case came to, and what it rests on."""
    routes = APIRouter(prefix="/api/cases/{id}", tags=["results"])

    @routes.get(
        "/document", response_class=Response, responses={200: {"model": CaseDocument, **shown(200, REPORT)[200]}}
    )
    def document(handle: Handle) -> Response:  # pyright: ignore[reportUnusedFunction]
        """The case document."""
        return Response(_whole(investigation.export(handle, "json")), media_type="application/json")

    @routes.get("/timeline", responses=shown(200, [ENTRY]))
    def timeline(  # pyright: ignore[reportUnusedFunction]
        handle: Handle,
        where: Annotated[str, Query(alias="filter", max_length=2_000, description="A search expression.")] = "",
        after: After = "",
        limit: Limit = 200,
    ) -> list[TimelineEntry]:
        """Entries of the timeline, oldest first; `after` is the id of the last entry of the page before."""
        return _page(investigation.document(handle), where, after, limit)

    @routes.get("/records/{evidence_id:path}", responses=shown(200, RECORD), response_model=Record)
    def record(handle: Handle, evidence_id: str) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        """The record or AWS answer behind an evidence id."""
        investigation.view(handle)
        try:
            raw = investigation.record(handle, evidence_id)
        except LookupError:
            raise Problem(HTTPStatus.NOT_FOUND, "the case holds no such evidence") from None
        return JSONResponse({"id": evidence_id, "record": raw})

    @routes.get("/export/{form}", response_class=Response, responses=EXPORTED)
    def export(handle: Handle, form: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        """The case as a file: markdown, html, json, csv, bundle or runbook."""
        return _exported(investigation, handle, form)

    return routes


def _exported(investigation: Investigation, handle: str, form: str) -> Response:
    """Raises Problem."""
    if form not in FORMATS:
        raise Problem(HTTPStatus.NOT_FOUND, f"there are {', '.join(FORMATS)}")
    ending, media = FORMATS[form]
    content = _whole(investigation.export(handle, form))
    name = f'attachment; filename="{investigation.view(handle).case.name}.{ending}"'
    return Response(content, media_type=media, headers={"Content-Disposition": name})


def _whole(parts: Iterator[bytes]) -> bytes:
    return b"".join(parts)


def _page(document: CaseDocument, where: str, after: str, limit: int) -> list[TimelineEntry]:
    """Raises Problem."""
    places = {entry.id: place for place, entry in enumerate(document.timeline, 1)}
    if after and after not in places:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "after takes the id of an entry")
    try:
        found = matching(document.timeline[places.get(after, 0) :], where)
    except NotASearch:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "filter takes a search expression over the timeline") from None
    return list(found[:limit])
