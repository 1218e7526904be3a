"""The one API that all faces use, and the stages in order as a LangGraph.

Pausing is ending: with questions open the graph ends, and an answer starts it again. What is finished is a row in
our own case database, never read off the graph; the graph's state holds the case's handle and nothing else.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import Protocol, TypedDict

from pydantic import JsonValue

from investigator.domain.case import Case, CaseView, Header, OpenCase, view
from investigator.domain.event import Event
from investigator.domain.facts import SLOTS
from investigator.domain.ids import handle_name
from investigator.domain.index_report import IndexReport
from investigator.domain.plan import Plan
from investigator.domain.progress import Progress, ProgressRow
from investigator.domain.report import CaseDocument
from investigator.domain.safe_text import redact
from investigator.domain.search import parse_search
from investigator.domain.words import CaseStatus, ClosureCode, RunState, Stage
from investigator.ports.aws import NoCredentials
from investigator.ports.cases import NotFinished
from investigator.ports.catalog import Catalog
from investigator.ports.progress import ProgressSink, Stopped, quiet
from investigator.stages.cited import Cited
from investigator.stages.course import Course
from investigator.stages.equipment import Equipment
from investigator.stages.intake import alert_text
from investigator.stages.opening import OPENING

RENEWAL = 5.0
"""Seconds between two renewals of the lease; it ends after 30."""


class Position(TypedDict):
    """The state of the graph."""

    handle: str


class Investigation:
    """Opens, asks, runs, stops, follows and exports cases."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment
        self._shelf = equipment.shelf

    @property
    def catalog(self) -> Catalog:
        return self._equipment.catalog

    def open(self, request: OpenCase) -> CaseView:
        """Record a case and return at once; raises ValueError for a request that names nothing to look into."""
        if not request.worry.strip() and request.alert is None:
            raise ValueError("say what happened, or give an alert")
        for slot in request.answers:
            _known_slot(slot)
        if request.playbook is not None and request.playbook not in self.catalog.playbooks():
            raise ValueError(f"no playbook {request.playbook}; there are {', '.join(self.catalog.playbooks())}")
        words = request.worry.strip() or alert_text(request.alert)
        header = Header(
            name=handle_name(request.worry, "" if request.alert is None else alert_text(request.alert)),
            title=_title(redact(words)),
            description=redact(words),
        )
        handle = f"{secrets.randbelow(10**12):012d}"
        return view(
            self._shelf.add(Case(handle=handle, request=request, header=header, opened=self._equipment.clock()))
        )

    def prepare(self, handle: str, sink: ProgressSink = quiet) -> CaseView:
        """Index the logs, read the worry, and work out the questions; the case is then asking, or ready."""
        return self._go(handle, sink, until=Stage.CLARIFYING)

    def run(self, handle: str, sink: ProgressSink = quiet) -> CaseView:
        """Go on from the first unfinished stage to the end; open questions get their defaults."""
        return self._go(handle, sink, until=Stage.REPORTING)

    def start(self, handle: str, *, prepare_only: bool = False) -> Callable[[], int | None]:
        """Do the same in a worker process, and return at once with what asks for its exit code."""
        self._shelf.get(handle)
        return self._equipment.launch(handle, prepare_only)

    def stop(self, handle: str) -> None:
        """Ask the run to stop, in whichever process it is."""
        self._shelf.get(handle)
        self._shelf.ask_to_stop(handle, stop=True)

    def follow(self, handle: str, after: int = 0) -> tuple[ProgressRow, ...]:
        """The lines of the progress stream with a higher number."""
        return self._shelf.after(handle, after)

    def cases(self) -> tuple[CaseView, ...]:
        """Every case, newest first."""
        return tuple(map(view, self._shelf.all()))

    def view(self, handle: str) -> CaseView:
        return view(self._shelf.get(handle))

    def answer(self, handle: str, answers: Mapping[str, str]) -> CaseView:
        """Take late or first answers: what depends on them is planned again, nothing is fetched twice."""
        for slot in answers:
            _known_slot(slot)
        case = self._shelf.get(handle)
        request = case.request.model_copy(update={"answers": {**case.request.answers, **answers}})
        self._shelf.forget_from(handle, Stage.CLARIFYING)
        asked = tuple(question for question in case.questions if question.slot not in request.answers)
        run = RunState.ASKING if any(question.asked for question in asked) and case.run is RunState.ASKING else None
        self._shelf.put(case.model_copy(update={"request": request, "questions": asked, "run": run or RunState.READY}))
        return self.view(handle)

    def plan(self, handle: str) -> Plan | None:
        """The plan with its quote, once there is one."""
        saved = self._shelf.load(handle, Stage.PLANNING)
        return None if saved is None else Plan.model_validate_json(saved)

    def index_report(self, handle: str) -> IndexReport | None:
        """What became of each log file, once they were read."""
        saved = self._shelf.load(handle, OPENING)
        return None if saved is None else IndexReport.model_validate_json(saved)

    def document(self, handle: str) -> CaseDocument:
        """The case document; raises NotFinished."""
        saved = self._shelf.load(handle, Stage.REPORTING)
        if saved is None:
            self._shelf.get(handle)
            raise NotFinished(f"case {handle} is not finished; `investigator resume {handle}` goes on with it")
        return CaseDocument.model_validate_json(saved)

    def record(self, handle: str, evidence_id: str) -> JsonValue:
        """The raw record or AWS answer, secrets redacted; raises LookupError for one that the case does not hold."""
        return self._cited(handle).shown(evidence_id)

    def search(self, handle: str, expression: str, *, limit: int = 200) -> tuple[Event, ...]:
        """The first matching events of the case's evidence; raises NotASearch."""
        store = self._equipment.opened(self._shelf.get(handle))
        return tuple(store.events(parse_search(expression), limit=limit))

    def export(self, handle: str, form: str) -> Iterator[bytes]:
        """The finished case in a form of `exporters.FORMATS`; raises ValueError for another one."""
        return self._equipment.export(form, self.document(handle), self._cited(handle))

    def close(self, handle: str, code: ClosureCode) -> CaseView:
        """Close the case with a closure code; closed is final."""
        case = self._shelf.get(handle)
        header = case.header.model_copy(update={"status": CaseStatus.CLOSED})
        self._shelf.put(case.model_copy(update={"header": header, "closure": code}))
        return self.view(handle)

    def _cited(self, handle: str) -> Cited:
        return Cited(self._equipment, self._shelf.get(handle))

    def _go(self, handle: str, sink: ProgressSink, until: Stage) -> CaseView:
        owner = f"{os.getpid()}/{secrets.token_hex(4)}"
        self._shelf.take(handle, owner)
        try:
            self._shelf.ask_to_stop(handle, stop=False)
            course = Course(self._equipment, handle, self._watched(handle, owner, sink))
            self._guarded(course, until)
        finally:
            self._shelf.release(handle, owner)
        return self.view(handle)

    def _guarded(self, course: Course, until: Stage) -> None:
        try:
            course.open_evidence()
            _run_graph(course, until)
        except Stopped:
            course.mark(RunState.STOPPED, "stopped by the user")
            raise
        except (NoCredentials, OSError) as trouble:
            course.mark(RunState.STOPPED, str(trouble))
            raise
        except BaseException as bug:
            course.mark(RunState.FAILED, f"{type(bug).__name__}: {bug}")
            raise

    def _watched(self, handle: str, owner: str, sink: ProgressSink) -> ProgressSink:
        renewed = monotonic()

        def report(progress: Progress) -> None:
            nonlocal renewed
            stop = self._shelf.append(handle, progress)
            if monotonic() - renewed > RENEWAL:
                self._shelf.take(handle, owner)
                renewed = monotonic()
            sink(progress)
            if stop:
                raise Stopped(f"case {handle} was stopped; `investigator resume {handle}` goes on")

        return report


def _run_graph(course: Course, until: Stage) -> None:
    """The stages as a graph: it starts at the first unfinished one, and ends where nothing is left to do."""
    from langgraph.graph import END, START, StateGraph  # noqa: PLC0415  (0.8 s, needed by a run alone)

    def onward(_: Position) -> str:
        return course.first_unfinished(until) or END

    graph: StateGraph[Position, None, Position, Position] = StateGraph(Position)
    graph.add_conditional_edges(START, onward)
    for stage in Stage:
        graph.add_node(stage.value, _node(course, stage))  # pyright: ignore[reportUnknownMemberType]
        graph.add_conditional_edges(stage.value, onward)
    compiled = graph.compile()  # pyright: ignore[reportUnknownMemberType]
    compiled.invoke({"handle": course.handle}, {"recursion_limit": 40})  # pyright: ignore[reportUnknownMemberType]


class Node(Protocol):
    def __call__(self, state: Position) -> Position: ...


def _node(course: Course, stage: Stage) -> Node:
    def run(state: Position) -> Position:
        course.run(stage)
        return state

    return run


def _known_slot(slot: str) -> None:
    if slot not in SLOTS:
        raise ValueError(f"no question {slot!r}; there are {', '.join(SLOTS)}")


def _title(words: str) -> str:
    first = words.strip().splitlines()[0] if words.strip() else "Untitled case"
    return first if len(first) <= 100 else first[:99].rstrip() + "…"
