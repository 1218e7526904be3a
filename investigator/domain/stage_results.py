"""What each stage hands to the next; every result is kept in the case database as JSON."""

from collections.abc import Mapping

from investigator.domain.action import Action
from investigator.domain.alert import Alert
from investigator.domain.blast import BlastRadius
from investigator.domain.claim import Claim
from investigator.domain.coverage import Cell
from investigator.domain.credential import Credential
from investigator.domain.entity import Entity, EntityRef
from investigator.domain.finding import Finding
from investigator.domain.gap import Gap
from investigator.domain.observation import SavedObservation
from investigator.domain.plan import Lead, Step
from investigator.domain.question import Answer, Question
from investigator.domain.report import Judgement
from investigator.domain.timeline import HourCount, TimelineEntry
from investigator.domain.value import Value
from investigator.domain.words import Scenario


class Intake(Value):
    """What the words or the alert say."""

    title: str
    description: str
    """The worry with secrets redacted."""
    scenarios: tuple[Scenario, ...]
    entities: tuple[EntityRef, ...] = ()
    answers: tuple[Answer, ...] = ()
    """Facts lifted from the text or alert."""
    alerts: tuple[Alert, ...] = ()
    notes: tuple[str, ...] = ()
    """Such as: a secret key stood in the text, treat it as exposed."""


class Clarified(Value):
    """The questions, and one answer for every slot of the playbook: given, looked up, or a default."""

    questions: tuple[Question, ...]
    answers: tuple[Answer, ...]
    assumptions: tuple[str, ...] = ()
    """The defaults in use, as sentences."""
    given: Mapping[str, str] = {}
    """What the user had answered by then; when more comes later, the stage runs again."""


class StepReport(Value):
    """One finished step: what it saw."""

    step: Step
    observations: tuple[SavedObservation, ...] = ()
    cells: tuple[Cell, ...] = ()
    calls: int = 0


class Gathered(Value):
    """Everything that gathering learnt; records stand in the evidence store."""

    steps: tuple[StepReport, ...] = ()
    leads: tuple[Lead, ...] = ()
    gaps: tuple[Gap, ...] = ()
    cells: tuple[Cell, ...] = ()
    aws_calls: int = 0

    @property
    def observations(self) -> tuple[SavedObservation, ...]:
        return tuple(observation for report in self.steps for observation in report.observations)


class Reach(Value):
    """Which records one credential signed, as a search expression."""

    credential: str
    where: str


class Linked(Value):
    """The forest of credentials around the suspects; linking joins, it accuses nobody."""

    credentials: tuple[Credential, ...] = ()
    reach: tuple[Reach, ...] = ()
    suspects: tuple[EntityRef, ...] = ()
    """What the forest grew from: named by the user or an alert, or raised by evidence."""
    gaps: tuple[Gap, ...] = ()


class Assessed(Value):
    """The judgement; claims, findings and timeline carry the ids of document order."""

    verdict: Judgement
    claims: tuple[Claim, ...] = ()
    overview: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    timeline_rest: tuple[HourCount, ...] = ()
    entities: tuple[Entity, ...] = ()
    gaps: tuple[Gap, ...] = ()
    cells: tuple[Cell, ...] = ()
    blast: tuple[BlastRadius, ...] = ()


class Proposed(Value):
    """The actions that findings call for, in the order to run."""

    actions: tuple[Action, ...] = ()
