"""Routes that open, list, show and close cases."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Query

from investigator.domain.case import CaseView, OpenCase
from investigator.domain.trouble import KeyReused, NoSuchCase
from investigator.domain.words import CaseStatus, RunState, Verdict
from investigator.http.bodies import Close, NewCase, StrictRoute
from investigator.http.examples import CASE, CLOSE, NEW_CASE, shown
from investigator.http.problems import Problem
from investigator.http.sources import NamedSources
from investigator.investigation import Investigation

Handle = Annotated[str, Path(alias="id", description="12 digits, given at opening.")]
Limit = Annotated[int, Query(ge=1, le=500)]
After = Annotated[str, Query(max_length=100)]
WANTED = (
    "takes a worry, or an alert (an EventBridge event of GuardDuty, Security Hub, Health, CloudTrail or Security "
    "Incident Response, or a finding), "
    "a playbook of /api/playbooks, and answers by the slots of questions"
)
Key = Annotated[str | None, Header(pattern=r"^[!-~]{1,200}$", description="The same key gives the same case.")]


def cases(investigation: Investigation, named: NamedSources) -> APIRouter:
    """`/api/cases` and the case itself."""
    routes = APIRouter(prefix="/api/cases", tags=["cases"], route_class=StrictRoute)

    @routes.post("", status_code=201, responses=shown(201, CASE))
    def open_case(  # pyright: ignore[reportUnusedFunction]
        wanted: Annotated[NewCase, Body(openapi_examples=NEW_CASE)], idempotency_key: Key = None
    ) -> CaseView:
        """Open a case; its logs are read and its questions worked out at once.

        An alert that has an open case, with the same sources, answers and playbook, gives that one.
        """
        return _opened(investigation, _request(wanted, named, idempotency_key))

    @routes.get("", responses=shown(200, [CASE]))
    def list_cases(  # pyright: ignore[reportUnusedFunction]
        status: RunState | CaseStatus | None = None,
        verdict: Verdict | None = None,
        limit: Limit = 50,
        after: After = "",
    ) -> tuple[CaseView, ...]:
        """Cases, newest first; `after` is the id of the last case of the page before."""
        try:
            return investigation.page(after, limit, _wanted(status, verdict))
        except NoSuchCase:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "after takes the id of a case") from None

    @routes.get("/{id}", responses=shown(200, CASE))
    def show_case(handle: Handle) -> CaseView:  # pyright: ignore[reportUnusedFunction]
        """Where a case stands."""
        return investigation.view(handle)

    @routes.post("/{id}/close", responses=shown(200, CASE))
    def close_case(  # pyright: ignore[reportUnusedFunction]
        handle: Handle, closing: Annotated[Close, Body(openapi_examples=CLOSE)]
    ) -> CaseView:
        """Close a case for good; a run that goes on is stopped."""
        return investigation.close(handle, closing.code)

    return routes


def _wanted(status: RunState | CaseStatus | None, verdict: Verdict | None) -> Callable[[CaseView], bool]:
    return lambda view: status in (None, view.run, view.case.status) and verdict in (None, view.verdict)


def _request(wanted: NewCase, named: NamedSources, key: str | None) -> OpenCase:
    return OpenCase(
        worry=wanted.worry,
        alert=wanted.alert,
        sources=named.chosen(wanted.sources),
        answers=wanted.answers,
        playbook=wanted.playbook,
        idempotency_key=None if key is None else f"http {key}",
        anew=wanted.new,
    )


def _opened(investigation: Investigation, request: OpenCase) -> CaseView:
    try:
        view = investigation.open(request)
    except KeyReused:
        raise
    except ValueError:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, WANTED) from None
    if view.run is RunState.OPENING:
        investigation.start(view.id, prepare_only=True)
    return view
