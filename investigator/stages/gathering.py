"""Gathering: the plan's steps are asked, what they reveal becomes leads, and leads become steps, within the budget."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import groupby
from threading import Event as Signal
from typing import Literal

from investigator.domain.coverage import Cell
from investigator.domain.gap import Gap
from investigator.domain.plan import Plan, Step
from investigator.domain.progress import Progress, gap_line
from investigator.domain.source import LOOKUP_EVENTS
from investigator.domain.stage_results import Gathered, StepReport
from investigator.domain.times import Window
from investigator.domain.words import Stage
from investigator.ports.tool import Tool
from investigator.stages.case_facts import CaseFacts
from investigator.stages.planning import steps_of_lead
from investigator.stages.steps.again import Again
from investigator.stages.steps.asking import Watched, ask_aws, ask_store
from investigator.stages.steps.leads import Trail, find_leads
from investigator.stages.steps.limits import (
    Spent,
    budget_gap,
    gaps_of,
    leads_gap,
    over_budget,
    planned_gaps,
    unanswered_gap,
    unique_gaps,
)
from investigator.stages.steps.means import Means
from investigator.stages.steps.quoting import tool_of
from investigator.stages.steps.sourcing import World, event_source, out_of_reach
from investigator.stages.steps.step_cells import forgotten_cells

WORKERS = 8
"""Cells asked at once; more only wait on the two cores and on each other's rate."""
TICK = 0.5
"""Seconds between two looks at whether the user asked to stop."""


def gather(plan: Plan, facts: CaseFacts, world: World, means: Means) -> Gathered:
    """Everything that the plan and its leads show. Raises Stopped and NoCredentials; finished steps are kept by then.

    AWS is asked first, until its answers raise no new lead; then the evidence store, which holds those answers.
    """
    with ThreadPoolExecutor(WORKERS, "gathering") as pool:
        run = Run(plan, world, means, pool)
        try:
            trail = _asked(run, facts, world)
        finally:
            run.stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
    run.ask_evidence()
    return run.gathered(trail, facts.window(world.as_of))


def _asked(run: "Run", facts: CaseFacts, world: World) -> Trail:
    """Ask AWS round by round; the trail that all answers together show."""
    added = run.add(run.plan.steps)
    trail = Trail(())
    while added or run.ask_again():
        run.ask_accounts()
        trail = _trail(run, facts, world)
        added = run.add(_steps_of(trail, facts, world))
    run.order((*run.plan.steps, *_steps_of(trail, facts, world)))
    return trail


def _steps_of(trail: Trail, facts: CaseFacts, world: World) -> Iterator[Step]:
    return (step for lead in trail.leads for step in steps_of_lead(lead, facts, world))


def _trail(run: "Run", facts: CaseFacts, world: World) -> Trail:
    if run.store is None:
        return Trail(())
    return find_leads(facts, facts.window(world.as_of), run.store, run.plan.budget.leads)


class Run:
    """The steps of one run: which are asked, what they showed, and what was left out."""

    def __init__(self, plan: Plan, world: World, means: Means, pool: ThreadPoolExecutor) -> None:
        self.plan = plan
        self.store = means.store
        self._world = world
        self._means = means
        self._pool = pool
        self.stop = Signal()
        self._began = means.seconds()
        self._steps: dict[str, Step] = {}
        self._reports: dict[str, StepReport] = {}
        self._left_out: dict[str, Gap] = {}
        self._spent = Spent()
        self.again = Again(means, world.catalog)

    def add(self, steps: Iterable[Step]) -> int:
        """Take steps that are not there yet; how many those are."""
        before = len(self._steps)
        for step in steps:
            self._steps.setdefault(step.id, step)
        return len(self._steps) - before

    def ask_accounts(self) -> None:
        """Ask AWS what it was not asked yet, and take the records that it answered into the store."""
        pending = [step for step in self._steps.values() if self._is_open(step) and step.account]
        for _, wave in groupby(pending, key=lambda step: (step.tool, step.source, sorted(step.inputs.items()))):
            self._wave(tuple(wave))
        if any(event_source(self._tool(step)) is LOOKUP_EVENTS for step in pending):
            self.store = self._means.refresh() or self.store

    def ask_again(self) -> bool:
        """Ask for the last minutes once more where more may have come; whether any of it was answered."""
        came = False
        due = [step for step in self.again.due(self._reports.values()) if not self._over_budget(step)]
        for answer in [self._pool.submit(self.again.answer, step, self._ask) for step in due]:
            if self.again.take(answer.result()):
                came = True
                self._tell("step", "the last minutes, once more")
        if came:
            self.store = self._means.refresh() or self.store
        return came

    def _over_budget(self, step: Step) -> str:
        return over_budget(self._tool(step), self._spent, self._elapsed / 60, self.plan.budget)

    def order(self, steps: Iterable[Step]) -> None:
        """Put the steps in the order, and under the words, of what is known at the end: rounds leave no trace."""
        last = {step.id: step for step in steps}
        self._steps = {**last, **{id_: step for id_, step in self._steps.items() if id_ not in last}}

    def ask_evidence(self) -> None:
        """Put the questions to the evidence store, in order."""
        for step in [step for step in self._steps.values() if self._is_open(step)]:
            if self.store is not None:
                self._finish(ask_store(step, self._tool(step), self.store, self._world))

    def gathered(self, trail: Trail, window: Window) -> Gathered:
        """Reports in the order of the plan, then of the leads; the same for the same answers."""
        first = ((self._reports[id_], step) for id_, step in self._steps.items() if id_ in self._reports)
        reports = tuple(self.again.completed([report.model_copy(update={"step": step}) for report, step in first]))
        seen = tuple(gap for report in reports for gap in gaps_of(report))
        planned = planned_gaps(self.plan, reports, self._world.catalog)
        cut = (leads_gap(self.plan.budget),) if trail.cut else ()
        return Gathered(
            steps=reports,
            leads=trail.leads,
            gaps=unique_gaps((*planned, *seen, *self._left_out.values(), *cut)),
            cells=(
                *(cell for report in reports if report.step.account for cell in report.cells),
                *_forgotten(self.plan, window, self._world),
            ),
            aws_calls=self._spent.calls,
        )

    def _take(self, report: StepReport) -> None:
        self._reports[report.step.id] = report
        self._spent.take(report, self._tool(report.step))

    @property
    def _elapsed(self) -> float:
        return self._means.seconds() - self._began

    def _tool(self, step: Step) -> Tool:
        return tool_of(step, self._world.catalog)

    def _is_open(self, step: Step) -> bool:
        return step.id not in self._reports and step.id not in self._left_out

    def _wave(self, steps: Sequence[Step]) -> None:
        """One question in all its cells at once, the budget checked before it."""
        fresh = [step for step in steps if not self._recall(step)]
        why = self._over_budget(fresh[0]) if fresh else ""
        if why:
            gap = budget_gap(fresh[0], why)
            self._left_out.update((step.id, gap) for step in fresh)
            return
        futures = [self._pool.submit(self._ask, step) for step in fresh]
        try:
            waiting = set(futures)
            while waiting:
                ended, waiting = wait(waiting, TICK, FIRST_COMPLETED)
                for future in (future for future in futures if future in ended):
                    self._finish(future.result())
                self._tell("progress", f"{self._spent.calls} calls made")
        finally:
            self._settle(futures)

    def _recall(self, step: Step) -> bool:
        """Whether an earlier run finished the step; its report then stands under the words of this plan."""
        kept = self._means.kept.get(step.id)
        if kept is not None:
            self._take(kept.model_copy(update={"step": step}))
        return kept is not None

    def _ask(self, step: Step) -> StepReport:
        if self._means.accounts is None:
            raise LookupError(f"the plan asks {step.account}, and there are no accounts")
        aws = Watched(self._means.accounts.at(step.account, step.region), self.stop)
        return ask_aws(step, self._tool(step), aws, self._world)

    def _settle(self, futures: Sequence[Future[StepReport]]) -> None:
        """After trouble: end what still runs, and keep every step that finished."""
        if any(not future.done() for future in futures):
            self.stop.set()
        for future in futures:
            future.cancel()
        wait(futures)
        for future in futures:
            if not future.cancelled() and future.exception() is None:
                self._store_report(future.result())

    def _finish(self, report: StepReport) -> None:
        self._store_report(report)
        cell = f" in {report.step.account} {report.step.region}" if report.step.account else ""
        self._tell("step", f"{report.step.tool}{cell}")
        for gap in gaps_of(report):
            self._means.sink(gap_line(Stage.GATHERING, gap))

    def _store_report(self, report: StepReport) -> None:
        if report.step.id not in self._reports:
            self._take(report)
            self.again.answered(report)
            self._means.keep(report)

    def _tell(self, kind: Literal["step", "progress"], text: str) -> None:
        total = len(self._steps) - len(self._left_out)
        self._means.sink(_line(kind, text, (len(self._reports), total), max(self._elapsed, 0.001)))


def _line(kind: Literal["step", "progress"], text: str, count: tuple[int, int], elapsed: float) -> Progress:
    done, total = count
    return Progress(
        kind=kind,
        stage=Stage.GATHERING,
        text=text,
        done=done,
        total=total,
        unit="steps",
        rate=round(done / elapsed, 1),
        seconds_left=round((total - done) * elapsed / done, 1) if done else None,
    )


def _forgotten(plan: Plan, window: Window, world: World) -> Iterator[Cell]:
    """What the event history was not asked for, because it does not reach back so far."""
    beyond = out_of_reach(LOOKUP_EVENTS, world.as_of)
    if beyond in plan.gaps:
        gap = unanswered_gap(beyond, world.catalog)
        yield from forgotten_cells(world.cells, window, world.as_of, gap.id)
