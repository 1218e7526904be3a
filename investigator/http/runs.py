"""Routes that answer, run, stop and follow a case."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Header
from fastapi.responses import StreamingResponse

from investigator.domain.case import CaseView
from investigator.domain.question import Question
from investigator.domain.words import RunState
from investigator.http.bodies import Answers, StrictRoute
from investigator.http.cases import Handle
from investigator.http.examples import ANSWERS, CASE, QUESTION, STREAM, shown
from investigator.http.problems import Problem
from investigator.http.stream import events
from investigator.investigation import Investigation

Seen = Annotated[int, Header(ge=0, lt=2**53, description="The number of the last event that was received.")]


def runs(investigation: Investigation) -> APIRouter:
    """What moves a case."""
    routes = APIRouter(prefix="/api/cases/{id}", tags=["runs"], route_class=StrictRoute)

    @routes.get("/questions", responses=shown(200, [QUESTION]))
    def questions(handle: Handle) -> tuple[Question, ...]:  # pyright: ignore[reportUnusedFunction]
        """The questions of the interview; each has a default, and `asked` says which need a person."""
        return investigation.view(handle).questions

    @routes.post("/answers", responses=shown(200, CASE))
    def answer(  # pyright: ignore[reportUnusedFunction]
        handle: Handle, given: Annotated[Answers, Body(openapi_examples=ANSWERS)]
    ) -> CaseView:
        """Answer by slot; an answer that comes late is planned in, and nothing is fetched twice."""
        return _answered(investigation, handle, given)

    @routes.post("/run", status_code=202, responses=shown(202, CASE))
    def run(handle: Handle) -> CaseView:  # pyright: ignore[reportUnusedFunction]
        """Run the case, or go on with it; open questions get their defaults."""
        investigation.start(handle)
        return investigation.view(handle)

    @routes.post("/stop", status_code=202, responses=shown(202, CASE))
    def stop(handle: Handle) -> CaseView:  # pyright: ignore[reportUnusedFunction]
        """Ask the run to stop; what is finished is kept."""
        investigation.stop(handle)
        return investigation.view(handle)

    @routes.get("/progress", response_class=StreamingResponse, responses=STREAM)
    def progress(handle: Handle, last_event_id: Seen = 0) -> StreamingResponse:  # pyright: ignore[reportUnusedFunction]
        """Follow the run as server-sent events until it pauses or ends."""
        investigation.view(handle)
        return StreamingResponse(events(investigation, handle, last_event_id), media_type="text/event-stream")

    return routes


def _answered(investigation: Investigation, handle: str, given: dict[str, str]) -> CaseView:
    late = investigation.view(handle).run in (RunState.RUNNING, RunState.FINISHED)
    try:
        view = investigation.answer(handle, given)
    except ValueError:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "takes slots of questions and their answers") from None
    if late:
        investigation.start(handle)
        return investigation.view(handle)
    return view
