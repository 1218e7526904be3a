"""The last minutes of an event history: CloudTrail delivers late, so they are asked for again, once (9.6)."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from investigator.domain.plan import Step
from investigator.domain.stage_results import StepReport
from investigator.domain.words import CellState
from investigator.ports.catalog import Catalog
from investigator.stages.case_facts import window_text
from investigator.stages.planning import step_id
from investigator.stages.steps.filling import WINDOW
from investigator.stages.steps.means import Means
from investigator.stages.steps.quoting import tool_of
from investigator.stages.steps.step_cells import is_late, late_window


class Again:
    """What was asked again in one run, and what it answered."""

    def __init__(self, means: Means, catalog: Catalog) -> None:
        self._means = means
        self._catalog = catalog
        self._answered: dict[str, float] = {}
        """When each step was answered in this run; those of earlier runs are not there."""
        self._asked: dict[str, StepReport | None] = {}
        """By the step about the last minutes; None when it had no answer."""

    def answered(self, report: StepReport) -> None:
        """Note when a step was answered for the first time."""
        self._answered[report.step.id] = self._means.seconds()

    def due(self, reports: Iterable[StepReport]) -> Iterator[Step]:
        """The questions about the last minutes that may have another answer by now, and were not put again."""
        for report in reports:
            step = step_again(report, self._catalog) if self._waited(report) else None
            if step is not None and step.id not in self._asked:
                yield step

    def _waited(self, report: StepReport) -> bool:
        wait = self._means.again_after
        asked = self._answered.get(report.step.id, float("-inf"))
        return wait is not None and self._means.seconds() - asked >= wait

    def answer(self, step: Step, ask: Callable[[Step], StepReport]) -> StepReport:
        """The answer that an earlier run kept, else a new one."""
        kept = self._means.kept.get(step.id)
        return kept.model_copy(update={"step": step}) if kept else ask(step)

    def take(self, report: StepReport) -> bool:
        """Keep an answer; False for a refusal, and for saved answers to which it was not put: nothing changes then."""
        whole = all(cell.state in (CellState.SEEN, CellState.PARTIAL) for cell in report.cells)
        self._asked[report.step.id] = report if whole else None
        if whole:
            self._means.keep(report)
        return whole

    def completed(self, reports: Sequence[StepReport]) -> Iterator[StepReport]:
        """The reports, and after them what was answered again in place of their last minutes."""
        later: list[StepReport] = []
        for report in reports:
            step = step_again(report, self._catalog)
            again = self._asked.get(step.id) if step else None
            if step is None or again is None:
                yield report
                continue
            yield report.model_copy(update={"cells": tuple(cell for cell in report.cells if not is_late(cell))})
            later.append(again.model_copy(update={"step": step}))
        yield from later


def step_again(report: StepReport, catalog: Catalog) -> Step | None:
    """The same question about the minutes that may be incomplete; None when there are none, or it is about them."""
    window = late_window(report.cells)
    if window is None:
        return None
    tool = tool_of(report.step, catalog)
    name = next((name for name, fact in tool.facts.items() if fact == WINDOW), None)
    if name is None or report.step.inputs.get(name) == window_text(window):
        return None
    inputs = {**report.step.inputs, name: window_text(window)}
    id_ = step_id(tool, report.step.account, report.step.region, inputs)
    return report.step.model_copy(update={"id": id_, "inputs": inputs})
