"""Case: one investigation, how it is opened, and how the faces see it."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.question import Answer, Question
from investigator.domain.times import Instant, Window
from investigator.domain.value import Value
from investigator.domain.words import CaseStatus, ClosureCode, RunState, Scenario, Stage, Verdict


class Sources(Value):
    """Where a case may look for evidence."""

    logs: tuple[Path, ...] = ()
    """CloudTrail files and folders."""
    store: Path | None = None
    """An evidence store to use in place of the default one."""
    keep_originals: bool = False
    responses: Path | None = None
    """A folder of saved AWS answers."""
    aws: bool = False
    """Ask a live account."""
    profile: str | None = None
    regions: tuple[str, ...] = ()
    roles: Mapping[str, str] = {}
    """Account id to the ARN of the reader role there."""
    save_responses: Path | None = None
    endpoint: str | None = None
    """A loopback endpoint; set by the demo only."""


class OpenCase(Value):
    """The request that opens a case: a worry in words, or an alert."""

    worry: str = ""
    alert: JsonValue = None
    sources: Sources = Sources()
    answers: Mapping[str, str] = {}
    playbook: str | None = None
    ask: bool = True
    """False starts at once, with defaults."""
    now: Instant | None = None
    model: str | None = None
    idempotency_key: str | None = None
    anew: bool = False
    """Open a case of its own, even for an alert that has an open one."""


class Header(Value):
    """The head of the case document."""

    id: str = ""
    """16 hex over description, alert, answers and cited evidence; computed at reporting."""
    name: str
    title: str
    description: str
    status: CaseStatus = CaseStatus.SUBMITTED
    as_of: Instant | None = None
    scenario: tuple[Scenario, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    window: Window | None = None


class Case(Value):
    """A case as it is kept: what was asked for, where it stands, and what it pinned."""

    handle: str
    """12 random decimal digits; the only name of a case on the command line and in the API."""
    request: OpenCase
    header: Header
    opened: Instant
    alert_key: str | None = None
    """The same for the same alert, asked about in the same way: one open case answers for it."""
    run: RunState = RunState.OPENING
    stage: Stage | None = None
    questions: tuple[Question, ...] = ()
    answers: tuple[Answer, ...] = ()
    snapshot: str | None = None
    """The id of the evidence snapshot that every stage reads."""
    verdict: Verdict | None = None
    closure: ClosureCode | None = None
    trouble: str | None = None
    """Why the run failed or stopped, in words for the user."""
    launcher: int | None = None
    """The id of the process that asked a worker to run it."""
    queued: bool = False
    """A run was asked for, and has not begun."""

    @property
    def going(self) -> bool:
        """Whether a process works on it, or was asked to."""
        return self.run in (RunState.OPENING, RunState.RUNNING)


class CaseView(Value):
    """What `cases --json` lists and the API shows."""

    id: str
    case: Header
    run: RunState
    stage: Stage | None = None
    questions: tuple[Question, ...] = ()
    answers: tuple[Answer, ...] = ()
    verdict: Verdict | None = None
    opened: Instant | None = None
    trouble: str | None = None


def view(case: Case) -> CaseView:
    """The case as the faces see it; closed is final, whatever a run still writes."""
    closed = {"status": CaseStatus.CLOSED} if case.closure else {}
    return CaseView(
        id=case.handle,
        case=case.header.model_copy(update=closed),
        run=case.run,
        stage=case.stage,
        questions=case.questions,
        answers=case.answers,
        verdict=case.verdict,
        opened=case.opened,
        trouble=case.trouble,
    )
