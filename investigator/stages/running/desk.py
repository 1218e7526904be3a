"""The desk of one case: its row, its finished stages, and its evidence, opened when first needed."""

from datetime import datetime
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel

from investigator.detections.loader import Rules, load_rules
from investigator.domain.case import Case
from investigator.domain.index_report import FileReport, IndexReport
from investigator.domain.playbook import Playbook
from investigator.domain.stage_results import Clarified, Gathered, Intake, StepReport
from investigator.domain.words import Scenario, Stage
from investigator.ports.audit import Audit
from investigator.ports.aws import Accounts
from investigator.ports.model import Model
from investigator.ports.progress import quiet
from investigator.ports.store import Snapshot
from investigator.stages.case_facts import CaseFacts
from investigator.stages.running.equipment import Equipment
from investigator.stages.running.opening import OPENING, evidence_paths
from investigator.stages.steps.again import step_again
from investigator.stages.steps.sourcing import World
from investigator.stages.steps.step_cells import DELIVERY

AGAIN = 60.0
"""CloudTrail delivers by the minute; what is asked sooner again is the same."""
Result = TypeVar("Result", bound=BaseModel)


class Desk:
    """Everything that the stages of one run share."""

    def __init__(self, equipment: Equipment, handle: str) -> None:
        self.equipment = equipment
        self.shelf = equipment.shelf
        self.handle = handle

    @property
    def case(self) -> Case:
        return self.shelf.get(self.handle)

    def change(self, **update: object) -> None:
        """Change fields of the case's row."""
        self.shelf.change(self.handle, lambda case: case.model_copy(update=update))

    def loaded(self, stage: Stage, kind: type[Result]) -> Result:
        """The result of a stage that ended before."""
        saved = self.shelf.load(self.handle, stage)
        assert saved is not None, f"{stage} runs before"
        return kind.model_validate_json(saved)

    def kept(self) -> dict[str, StepReport]:
        """The steps that are finished, by id."""
        return {id_: StepReport.model_validate_json(body) for id_, body in self.shelf.kept(self.handle).items()}

    def keep(self, report: StepReport) -> None:
        self.shelf.keep(self.handle, report.step.id, report.model_dump_json())

    @cached_property
    def snapshot(self) -> Snapshot:
        return self.equipment.opened(self.case)

    def take(self, opened: Snapshot) -> None:
        """Ask evidence that is open already."""
        self.__dict__["snapshot"] = opened

    def refresh(self) -> Snapshot:
        """Index what AWS answered so far, and pin a snapshot that holds it."""
        library = self.equipment.library(self.case.request.sources.store)
        answers = self.equipment.answers_folder(self.case)
        if answers.is_dir():
            library.index([answers], quiet)
        self.change(snapshot=library.pin(evidence_paths(self.equipment, self.case)))
        self.__dict__.pop("snapshot", None)
        return self.snapshot

    @cached_property
    def audit(self) -> Audit:
        folder = self.equipment.folder(self.case)
        folder.mkdir(parents=True, exist_ok=True)
        return self.equipment.audit(folder)

    @cached_property
    def accounts(self) -> Accounts | None:
        case = self.case
        return self.equipment.accounts(case, self.equipment.answers_folder(case), self.audit)

    @cached_property
    def model(self) -> Model | None:
        name = self.case.request.model or self.equipment.default_model
        return self.equipment.model(name, self.audit) if name else None

    @cached_property
    def rules(self) -> Rules:
        return load_rules(None)

    @property
    def as_of(self) -> datetime:
        as_of = self.case.header.as_of
        assert as_of is not None, "opening sets it"
        return as_of

    @property
    def again_after(self) -> float | None:
        """Seconds after which AWS may tell more about the last minutes: never, when all was delivered at opening."""
        sources = self.case.request.sources
        if sources.responses is not None:
            return 0
        return AGAIN if sources.aws and self.case.opened < self.as_of + DELIVERY else None

    def may_learn_more(self) -> bool:
        """Whether a live account was not asked again, and has everything by now."""
        saved = self.shelf.load(self.handle, Stage.GATHERING)
        if saved is None or not self.case.request.sources.aws or self.again_after is None:
            return False
        reports = Gathered.model_validate_json(saved).steps
        delivered = self.equipment.clock() >= self.as_of + DELIVERY
        return delivered and any(step_again(report, self.equipment.catalog) for report in reports)

    @property
    def playbook(self) -> Playbook:
        """The one that was asked for, else that of the first scenario."""
        scenarios = self.loaded(Stage.INTAKE, Intake).scenarios
        chosen = self.case.request.playbook or next(iter(scenarios), Scenario.GENERAL)
        return self.equipment.catalog.playbooks()[chosen]

    @property
    def facts(self) -> CaseFacts:
        return CaseFacts(self.loaded(Stage.CLARIFYING, Clarified).answers, self.loaded(Stage.INTAKE, Intake).alerts)

    @property
    def world(self) -> World:
        """What planning may choose from."""
        logs = self.snapshot.cells() if self.case.request.sources.logs else ()
        cells = self.accounts.cells() if self.accounts else ()
        return World(self.playbook, self.equipment.catalog, self.as_of, logs, cells)

    @property
    def files(self) -> tuple[FileReport, ...]:
        """What became of the log files."""
        saved = self.shelf.load(self.handle, OPENING)
        return IndexReport.model_validate_json(saved).files if saved else ()
