"""The one API that all faces use, and the stages in order as a LangGraph.

Pausing is ending: with questions open the graph ends, and an answer starts it again. What is finished is a row in
our own case database, never read off the graph; the graph's state holds the case's handle and nothing else.
"""

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from itertools import islice
from typing import Protocol, TypedDict

from pydantic import JsonValue

from investigator.detections.loader import load_rules
from investigator.domain.case import Case, CaseView, OpenCase, view
from investigator.domain.event import Event
from investigator.domain.index_report import IndexReport
from investigator.domain.plan import Plan
from investigator.domain.progress import Progress, ProgressRow
from investigator.domain.report import CaseDocument
from investigator.domain.search import parse_search
from investigator.domain.trouble import CaseBusy, CaseLost, NoCredentials, NotFinished, Stopped
from investigator.domain.words import ClosureCode, RunState, Stage
from investigator.ports.catalog import Catalog
from investigator.ports.progress import ProgressSink, quiet
from investigator.ports.store import Snapshot
from investigator.stages.running.cited import Cited
from investigator.stages.running.course import Course
from investigator.stages.running.equipment import Equipment
from investigator.stages.running.lines import Lines
from investigator.stages.running.opening import OPENING
from investigator.stages.running.requests import check, check_slots, new_case
from investigator.stages.running.standing import answered, launched, lost, still_open
from investigator.stages.running.tenure import Tenure, tenure

WORKER_PATIENCE = 600.0
"""Seconds that a worker waits for another process to let go of the case."""


LONGEST_COURSE = 400
"""Stages run in one go; every late answer adds some."""


class Position(TypedDict):
    """The state of the graph."""

    handle: str


class Investigation:
    """Opens, asks, runs, stops, follows and exports cases."""

    def __init__(self, equipment: Equipment, worker_patience: float = WORKER_PATIENCE) -> None:
        self._equipment = equipment
        self._worker_patience = worker_patience
        self._shelf = equipment.shelf

    @property
    def catalog(self) -> Catalog:
        return self._equipment.catalog

    def open(self, request: OpenCase) -> CaseView:
        """Record a case and return at once; raises ValueError as `check` does, KeyReused.

        An alert that has an open case gives that one, unless the request is for one `anew`.
        """
        self.check(request)
        return view(self._shelf.add(new_case(request, self._equipment.clock())))

    def check(self, request: OpenCase) -> None:
        """Raises ValueError for a request that names nothing to look into, or what does not exist."""
        check(request, self.catalog.playbooks())

    def prepare(self, handle: str, sink: ProgressSink = quiet) -> CaseView:
        """Index the logs, read the worry, and work out the questions; the case is then asking, or ready."""
        return self._go(handle, sink, Stage.CLARIFYING)

    def run(self, handle: str, sink: ProgressSink = quiet) -> CaseView:
        """Go on from the first unfinished stage to the end; open questions get their defaults."""
        return self._go(handle, sink, Stage.REPORTING)

    def start(self, handle: str, *, prepare_only: bool = False) -> Callable[[], int | None]:
        """Do the same in a worker process, and return at once with what asks for its exit code."""
        self._shelf.change(handle, lambda case: launched(still_open(case), os.getpid(), prepare_only))
        self._shelf.ask_to_stop(handle, stop=False)
        return self._equipment.launch(handle, prepare_only)

    def expect_cases(self) -> None:
        """Said by a face that will `start` cases: the first worker gets ready meanwhile."""
        self._equipment.expect()

    def warm(self) -> None:
        """Load what a run needs, before there is one."""
        import_module("langgraph.graph")
        self._equipment.library(None)
        load_rules(None)

    def work(self, handle: str, *, prepare_only: bool) -> None:
        """What a worker does of `start`: it waits for its turn, and heeds a request to stop that came since."""
        try:
            with self._turn(handle, self._worker_patience) as turn:
                _run(self._equipment, handle, quiet, turn).go(Stage.CLARIFYING if prepare_only else Stage.REPORTING)
        except CaseLost:
            raise
        except CaseBusy as busy:
            self._shelf.change(handle, partial(Case.model_copy, update={"trouble": str(busy)}))
            raise

    def stop(self, handle: str) -> None:
        """Ask the run to stop, in whichever process it is."""
        self._shelf.get(handle)
        self._shelf.ask_to_stop(handle, stop=True)

    def follow(self, handle: str, after: int = 0) -> tuple[ProgressRow, ...]:
        """The lines of the progress stream with a higher number."""
        return self._shelf.after(handle, after)

    def cases(self) -> tuple[CaseView, ...]:
        """Every case, newest first."""
        return tuple(map(self._seen, self._shelf.all()))

    def page(self, after: str, limit: int, wanted: Callable[[CaseView], bool]) -> tuple[CaseView, ...]:
        """At most `limit` wanted cases, newest first, from the one after a handle on; raises NoSuchCase."""
        return tuple(islice(filter(wanted, map(self._seen, self._shelf.all(after))), limit))

    def view(self, handle: str) -> CaseView:
        return self._seen(self._shelf.get(handle))

    def _seen(self, case: Case) -> CaseView:
        return view(lost(case) if case.going and self._shelf.abandoned(case.handle, case.launcher) else case)

    def answer(self, handle: str, answers: Mapping[str, str]) -> CaseView:
        """Take late or first answers: what depends on them is planned again, nothing is fetched twice.

        A run that goes on takes them in at its next stage. Raises ValueError for an unknown slot, CaseClosed.
        """
        check_slots(answers)
        case = self._shelf.change(handle, lambda case: answered(still_open(case), answers))
        if not case.going:
            self._shelf.forget_from(handle, Stage.CLARIFYING)
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
        return tuple(self.evidence(handle).events(parse_search(expression), limit=limit))

    def evidence(self, handle: str) -> Snapshot:
        """The evidence that the case pinned; raises LookupError when it has read none yet."""
        return self._equipment.opened(self._shelf.get(handle))

    def export(self, handle: str, form: str) -> Iterator[bytes]:
        """The finished case in a form of `exporters.FORMATS`; raises ValueError for another one."""
        return self._equipment.export(form, self.document(handle), self._cited(handle))

    def close(self, handle: str, code: ClosureCode) -> CaseView:
        """Close the case with a closure code; closed is final."""
        self._shelf.change(handle, lambda case: still_open(case).model_copy(update={"closure": code}))
        self.stop(handle)
        return self.view(handle)

    def _cited(self, handle: str) -> Cited:
        return Cited(self._equipment, self._shelf.get(handle))

    def _go(self, handle: str, sink: ProgressSink, until: Stage) -> CaseView:
        with self._turn(handle) as turn:
            self._shelf.ask_to_stop(handle, stop=False)
            _run(self._equipment, handle, sink, turn).go(until)
        return self.view(handle)

    @contextmanager
    def _turn(self, handle: str, patience: float = 0) -> Generator[Tenure]:
        still_open(self._shelf.get(handle))
        with tenure(self._shelf, handle, patience) as held:
            yield held


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a case by this process, for as long as the case is its own."""

    equipment: Equipment
    handle: str
    sink: ProgressSink
    turn: Tenure
    lines: Lines

    def go(self, until: Stage) -> None:
        """From the first unfinished stage on; why it ended early is kept in the case, and raised."""
        course = Course(self.equipment, self.handle, self.report)
        try:
            course.begin(until)
            course.open_evidence()
            self._run_graph(course, until)
            while not course.settled():
                self._run_graph(course, until)
        except CaseLost:
            raise
        except (Stopped, KeyboardInterrupt):
            course.mark(RunState.STOPPED, "stopped by the user")
            raise
        except (NoCredentials, OSError) as trouble:
            course.mark(RunState.STOPPED, str(trouble))
            raise
        except BaseException as bug:
            course.mark(RunState.FAILED, f"{type(bug).__name__}: {bug}")
            raise
        if course.end is not None:
            self._show(course.end)

    def _run_graph(self, course: Course, until: Stage) -> None:
        try:
            _run_graph(course, until)
        finally:
            self.lines.flush()

    def _show(self, end: Progress) -> None:
        """Show the last line, which is kept already; to stop is too late by then."""
        with suppress(Stopped):
            self.sink(end)

    def report(self, progress: Progress) -> None:
        """Keep a line of progress, and show it; raises Stopped, CaseLost."""
        self.turn.check()
        stop = self.lines.add(progress)
        self.sink(progress)
        if stop:
            raise Stopped(f"case {self.handle} was stopped; `investigator resume {self.handle}` goes on")


def _run(equipment: Equipment, handle: str, sink: ProgressSink, turn: Tenure) -> _Run:
    """A run whose every write is checked against its tenure."""
    shelf = equipment.shelf.held_by(turn.owner)
    return _Run(replace(equipment, shelf=shelf), handle, sink, turn, Lines(shelf, handle))


def _run_graph(course: Course, until: Stage) -> None:
    """The stages as a graph: it starts at the first unfinished one, and ends where nothing is left to do."""
    from langgraph.graph import END, START, StateGraph  # noqa: PLC0415  (0.9 s, needed by a run alone)

    def onward(_: Position) -> str:
        return course.first_unfinished(until) or END

    graph: StateGraph[Position, None, Position, Position] = StateGraph(Position)
    graph.add_conditional_edges(START, onward)
    for stage in Stage:
        graph.add_node(stage.value, _node(course, stage))  # pyright: ignore[reportUnknownMemberType]
        graph.add_conditional_edges(stage.value, onward)
    compiled = graph.compile()  # pyright: ignore[reportUnknownMemberType]
    compiled.invoke({"handle": course.handle}, {"recursion_limit": LONGEST_COURSE})  # pyright: ignore[reportUnknownMemberType]


class Node(Protocol):
    def __call__(self, state: Position) -> Position: ...


def _node(course: Course, stage: Stage) -> Node:
    def run(state: Position) -> Position:
        course.run(stage)
        return state

    return run
