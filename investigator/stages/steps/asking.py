"""One step asked: observations, coverage and calls; the only place where a refusal is caught."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event as Signal
from threading import Lock

from pydantic import JsonValue

from investigator.domain.coverage import Cell
from investigator.domain.event import Event, EventGroup
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.observation import Observation, SavedObservation
from investigator.domain.plan import Step
from investigator.domain.source import LOOKUP_EVENTS
from investigator.domain.stage_results import StepReport
from investigator.domain.trouble import Stopped
from investigator.ports.aws import Aws, Page, Refused
from investigator.ports.store import Store
from investigator.ports.tool import Tool
from investigator.stages.steps.filling import model_of
from investigator.stages.steps.sourcing import World, event_source
from investigator.stages.steps.step_cells import LATE, answer_cell, cut_cell, history_cells, log_cells


@dataclass
class Watched:
    """An `Aws` whose pages are counted, and which ends between two pages when the run stops."""

    aws: Aws
    stop: Signal
    lock: Lock = field(default_factory=Lock)
    calls: int = 0

    @property
    def account(self) -> str:
        return self.aws.account

    @property
    def region(self) -> str:
        return self.aws.region

    @property
    def as_of(self) -> datetime:
        return self.aws.as_of

    def pages(self, service: str, operation: str, **parameters: JsonValue) -> Iterator[Page]:
        """The pages of the door; raises Stopped between two of them."""
        for page in self.aws.pages(service, operation, **parameters):
            with self.lock:
                self.calls += 1
            yield page
            if self.stop.is_set():
                raise Stopped(f"stopped while reading {service}.{operation}")


@dataclass
class Harvest:
    """What a step yielded so far, and the refusal that ended it."""

    kept: list[SavedObservation] = field(default_factory=list[SavedObservation])
    events: dict[EvidenceId, datetime | None] = field(default_factory=dict[EvidenceId, datetime | None])
    """Every event that was yielded, itself or in a group, with a time that it is not later than."""
    refusal: Refused | None = None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(seen for seen in self.kept if isinstance(seen, Gap))

    def take(self, observations: Iterator[Observation]) -> None:
        """Everything that is yielded; a refusal ends it and becomes a gap."""
        try:
            for observation in observations:
                if isinstance(observation, Event):
                    self.events[observation.id] = observation.time
                    continue
                self.kept.append(observation)
                if isinstance(observation, EventGroup):
                    self.events.update((event, observation.last) for event in observation.ids)
        except Refused as refusal:
            self.refusal = refusal
            self.kept.append(refusal.gap)


def ask_store(step: Step, tool: Tool, store: Store, world: World) -> StepReport:
    """Put a question to the evidence store."""
    harvest = Harvest()
    harvest.take(tool.gather(model_of(tool, step.inputs), store))
    return StepReport(step=step, observations=tuple(harvest.kept), cells=log_cells(step, tool, world.logs, world.as_of))


def ask_aws(step: Step, tool: Tool, aws: Watched, world: World) -> StepReport:
    """Put a question in one account and Region; raises NoCredentials and Stopped."""
    harvest = Harvest()
    harvest.take(tool.gather(model_of(tool, step.inputs), aws))
    cells = tuple(_cells(step, tool, harvest, world.as_of))
    late = [LATE] if any(cell.gap == LATE.id for cell in cells) else []
    return StepReport(step=step, observations=(*harvest.kept, *late), cells=cells, calls=aws.calls)


def _cells(step: Step, tool: Tool, harvest: Harvest, as_of: datetime) -> Iterator[Cell]:
    """A refusal cuts the cell; a gap that is yielded on the way says only that the newest events may be missing."""
    records = len(harvest.events) or len(harvest.kept) - len(harvest.gaps)
    if harvest.refusal is not None:
        cut = cut_cell(step, tool, records, as_of)
        yield cut.model_copy(update={"state": harvest.refusal.state, "gap": harvest.refusal.gap.id})
    elif event_source(tool) is LOOKUP_EVENTS:
        late = harvest.gaps[-1] if harvest.gaps else LATE
        for cell in history_cells(step, tool, tuple(harvest.events.values()), as_of):
            yield cell.model_copy(update={"gap": late.id}) if cell.gap else cell
    else:
        yield answer_cell(step, tool, records, as_of)
