"""An Investigation that a test scripts: the same methods, everything in memory, one progress row a look."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from investigator.domain.case import CaseView, Header, OpenCase
from investigator.domain.progress import Progress, ProgressRow
from investigator.domain.question import Answer
from investigator.domain.report import CaseDocument
from investigator.domain.trouble import NoSuchCase, NotFinished
from investigator.domain.words import CaseStatus, ClosureCode, RunState, Stage
from tests.doubles import fake_case

HANDLE = "482915503617"
PREPARATION = (
    Progress(kind="stage", stage=Stage.INTAKE),
    Progress(kind="progress", stage=Stage.INTAKE, text="reading logs", done=1_400, total=2_900, unit="events", rate=9_000.0, seconds_left=0.2),
    Progress(kind="progress", stage=Stage.INTAKE, text="reading logs", done=2_900, total=2_900, unit="events", rate=9_000.0, seconds_left=0),
    Progress(kind="stage", stage=Stage.CLARIFYING),
)  # fmt: skip
COURSE = (
    Progress(kind="stage", stage=Stage.PLANNING),
    Progress(kind="stage", stage=Stage.GATHERING),
    Progress(kind="step", stage=Stage.GATHERING, text="calls by key AKIAIOSFODNN7EXAMPLE", done=3, total=12, unit="calls", rate=1.9, seconds_left=5),
    Progress(kind="gap", stage=Stage.GATHERING, text="S3 object reads: no trail logs S3 data events"),
    Progress(kind="step", stage=Stage.GATHERING, text="sessions of role deploy", done=12, total=12, unit="calls", rate=1.9, seconds_left=0),
    Progress(kind="stage", stage=Stage.LINKING),
    Progress(kind="stage", stage=Stage.ASSESSING),
    Progress(kind="stage", stage=Stage.PROPOSING),
    Progress(kind="stage", stage=Stage.REPORTING),
    Progress(kind="finished", stage=Stage.REPORTING),
)  # fmt: skip


class FakeInvestigation:
    """Holds cases; `start` queues rows, each `follow` hands out the next one, the last one settles the state."""

    def __init__(
        self, *views: CaseView, document: CaseDocument | None = None, records: Mapping[str, JsonValue] = {}
    ) -> None:
        self._views = {view.id: view for view in views}
        self._document = document
        self._records = {**{fake_case.evidence_id(n): fake_case.raw_record(n) for n in range(1, 8)}, **records}
        self._rows: list[ProgressRow] = []
        self._queue: list[Progress] = []
        self.opened: list[OpenCase] = []
        self.answers: dict[str, str] = {}
        self.expects_cases = False

    def open(self, request: OpenCase) -> CaseView:
        if not request.worry.strip():
            raise ValueError("say what happened")
        self.opened.append(request)
        header = Header(name="ir-5b0c1f22a9d4", title=request.worry.strip().splitlines()[0], description=request.worry)
        self._views[HANDLE] = CaseView(id=HANDLE, case=header, run=RunState.OPENING, opened=fake_case.START)
        return self._views[HANDLE]

    def start(self, handle: str, *, prepare_only: bool = False) -> None:
        self._queue = list(PREPARATION if prepare_only else COURSE)
        self._put(handle, run=RunState.OPENING if prepare_only else RunState.RUNNING)

    def expect_cases(self) -> None:
        self.expects_cases = True

    def stop(self, handle: str) -> None:
        self._queue.clear()
        self._put(handle, run=RunState.STOPPED, trouble="stopped by the user")

    def follow(self, handle: str, after: int = 0) -> tuple[ProgressRow, ...]:
        if self._queue:
            self._rows.append(ProgressRow(number=len(self._rows) + 1, progress=self._queue.pop(0)))
            if not self._queue:
                self._settle(handle)
        return tuple(row for row in self._rows if row.number > after)

    def report(self, *progress: Progress) -> None:
        """Put rows into the stream at once."""
        self._rows += [ProgressRow(number=len(self._rows) + nth, progress=row) for nth, row in enumerate(progress, 1)]

    def _settle(self, handle: str) -> None:
        if self._views[handle].run is RunState.OPENING:
            self._put(handle, run=RunState.ASKING, questions=fake_case.QUESTIONS)
        else:
            self._put(handle, run=RunState.FINISHED, verdict=self._made().verdict.value)

    def cases(self) -> tuple[CaseView, ...]:
        return tuple(self._views.values())

    def view(self, handle: str) -> CaseView:
        if handle not in self._views:
            raise NoSuchCase(f"no case {handle}")
        return self._views[handle]

    def answer(self, handle: str, answers: Mapping[str, str]) -> CaseView:
        self.answers.update(answers)
        given = tuple(Answer(slot=slot, value=value, source="user") for slot, value in self.answers.items())
        self._put(handle, run=RunState.READY, answers=given)
        return self.view(handle)

    def document(self, handle: str) -> CaseDocument:
        if self.view(handle).run is not RunState.FINISHED:
            raise NotFinished(f"case {handle} is not finished")
        return self._made()

    def _made(self) -> CaseDocument:
        return self._document or fake_case.document()

    def record(self, handle: str, evidence_id: str) -> JsonValue:
        return self._records[evidence_id]

    def export(self, handle: str, format: str) -> Iterator[bytes]:  # noqa: A002  (the real one's name)
        yield f"<!doctype html><title>{format} of {handle}</title>".encode()

    def close(self, handle: str, code: ClosureCode) -> CaseView:
        header = self._views[handle].case.model_copy(update={"status": CaseStatus.CLOSED})
        self._put(handle, case=header)
        return self.view(handle)

    def _put(self, handle: str, **changes: object) -> None:
        self._views[handle] = self._views[handle].model_copy(update=changes)


def finished(handle: str = HANDLE, title: str = "Access key of user build was pushed to GitHub") -> CaseView:
    """A finished case as the list shows it."""
    made = fake_case.document(handle)
    header = made.case.model_copy(update={"title": title})
    return CaseView(id=handle, case=header, run=RunState.FINISHED, verdict=made.verdict.value, opened=fake_case.START)
