"""The course of one case: which stage is next, and what the case says of it; a stage's result is kept when it ends."""

from functools import partial

from investigator.domain.progress import Progress, gap_line
from investigator.domain.report import CaseDocument
from investigator.domain.safe_text import redact, visible
from investigator.domain.stage_results import Assessed, Clarified
from investigator.domain.words import CaseStatus, RunState, Stage
from investigator.ports.progress import ProgressSink
from investigator.stages.clarifying import clarify_again
from investigator.stages.raising import raised
from investigator.stages.running.desk import Desk
from investigator.stages.running.equipment import Equipment
from investigator.stages.running.gaps_told import ToldOnce, new_gaps
from investigator.stages.running.opening import OPENING, open_evidence
from investigator.stages.running.stage_work import StageWork
from investigator.stages.running.standing import finished, prepared


class Course:
    """One run of one case, from whatever was finished before."""

    def __init__(self, equipment: Equipment, handle: str, sink: ProgressSink) -> None:
        self.handle = handle
        self._desk = Desk(equipment, handle)
        self._sink = ToldOnce(sink)
        self._work = StageWork(self._desk, self._sink)
        self.end: Progress | None = None
        """The last line of the stream, once the case is finished."""

    def begin(self, until: Stage) -> None:
        """Say in the case that the run which was asked for is on its way."""
        if until is Stage.REPORTING:
            self._desk.change(queued=False)
            if self._desk.may_learn_more():
                self._desk.shelf.forget_from(self.handle, Stage.GATHERING)

    def open_evidence(self) -> None:
        """Index the logs and pin the snapshot, unless that was done."""
        desk = self._desk
        if desk.shelf.load(self.handle, OPENING) is not None:
            return
        desk.change(run=RunState.OPENING, trouble=None)
        opened = open_evidence(desk.equipment, desk.case, self._sink)
        desk.take(opened.store)
        found = {"as_of": opened.as_of, "accounts": opened.accounts, "regions": opened.regions}
        header = desk.case.header.model_copy(update={**found, "status": CaseStatus.DETECTION})
        desk.change(header=header, snapshot=opened.snapshot)
        desk.shelf.save(self.handle, OPENING, opened.report)

    def first_unfinished(self, until: Stage) -> str | None:
        """The stage to run next, or None when everything up to `until` is finished for the answers of now."""
        order = list(Stage)
        if self._answered_since():
            self._desk.shelf.forget_from(self.handle, Stage.CLARIFYING)
        for stage in order[: order.index(until) + 1]:
            if self._desk.shelf.load(self.handle, stage) is None:
                return stage.value
        return None

    def _answered_since(self) -> bool:
        saved = self._desk.shelf.load(self.handle, Stage.CLARIFYING)
        return saved is not None and Clarified.model_validate_json(saved).given != self._desk.case.request.answers

    def run(self, stage: Stage) -> None:
        """Run one stage and keep its result."""
        before_asking = stage in (Stage.INTAKE, Stage.CLARIFYING)
        self._desk.change(run=RunState.OPENING if before_asking else RunState.RUNNING, stage=stage)
        self._sink(Progress(kind="stage", stage=stage, text=stage.value))
        result = self._work.result(stage)
        if isinstance(result, Assessed):
            self._ask_again(result)
        self._desk.shelf.save(self.handle, stage, result)
        for gap in new_gaps(result, self._desk):
            self._sink(gap_line(stage, gap))

    def _ask_again(self, assessed: Assessed) -> None:
        """Add the second round of questions; the run waits for nobody, and takes an answer in whenever it comes."""
        clarified = clarify_again(self._desk.loaded(Stage.CLARIFYING, Clarified), raised(assessed))
        self._desk.shelf.save(self.handle, Stage.CLARIFYING, clarified)
        self._desk.change(questions=clarified.questions, answers=clarified.answers)

    def settled(self) -> bool:
        """Say in the case what the finished stages came to: its report, else its questions.

        False when an answer came that they have not heard of: it is to be taken in first.
        """
        heard = self._desk.loaded(Stage.CLARIFYING, Clarified).given
        report = self._report()
        settle = partial(finished, report=report) if report else prepared
        end = Progress(kind="finished", text=report.verdict.value) if report else None
        case = self._desk.shelf.change(
            self.handle, lambda case: settle(case) if case.request.answers == heard else case, end
        )
        if case.request.answers != heard:
            return False
        self.end = end
        return True

    def _report(self) -> CaseDocument | None:
        saved = self._desk.shelf.load(self.handle, Stage.REPORTING)
        return CaseDocument.model_validate_json(saved) if saved else None

    def mark(self, run: RunState, trouble: str) -> None:
        """Say in the case why a run ended early."""
        self._desk.change(run=run, trouble=visible(redact(trouble)))
