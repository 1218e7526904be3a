"""Many cases without a person, in parallel; a later run goes on where this one stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from pydantic import ValidationError

from investigator.batch.entries import Entry, entries, request
from investigator.batch.files import NotABatch
from investigator.batch.summary import Row, as_csv, as_html, with_report
from investigator.domain.case import CaseView, OpenCase
from investigator.domain.exits import Exit, worst
from investigator.domain.ids import digest16
from investigator.domain.outcome import outcome
from investigator.domain.playbook import Playbook
from investigator.domain.progress import Progress
from investigator.domain.report import CaseDocument
from investigator.domain.value import Value
from investigator.domain.words import RunState, Verdict
from investigator.investigation import Investigation
from investigator.ports.progress import ProgressSink

FILES = {
    "json": "case.json",
    "html": "report.html",
    "markdown": "report.md",
    "csv": "timeline.csv",
    "bundle": "bundle.zip",
    "runbook": "runbook.sh",
}
ALWAYS = ("json", "html", "markdown", "csv")
"""Exports of every case; a playbook may ask for more."""
AHEAD = 16
"""Cases handed over at a time; the pool of workers decides how many of them run at once."""
PAUSE = 0.2
Running = tuple[tuple[Entry, ...], Callable[[], int | None]]
"""The entries of a case that was handed over, several when they have one alert; and what asks for its exit code."""
_RETRIED = (Exit.BUG, Exit.ENVIRONMENT)


class Done(Value):
    """`batch.json`: what became of each case; a second run goes on from it."""

    rows: tuple[Row, ...] = ()


def run_batch(
    investigation: Investigation, paths: Sequence[Path], playbook: str | None, out: Path, sink: ProgressSink
) -> int:
    """Run every case that has no report yet; the exit code is the worst of the cases.

    Raises NotABatch for what cannot be run as it is written, OSError for a folder that cannot be written, Stopped.
    """
    batch = Batch(investigation, out.resolve(), playbook, sink)
    wanted = entries(paths)
    for entry in wanted:
        batch.check(entry)
    out.mkdir(parents=True, exist_ok=True)
    batch.recall()
    try:
        batch.run(wanted)
    except BaseException:
        batch.stop()
        raise
    finally:
        batch.save(wanted)
    return worst(batch.rows[entry.name].exit for entry in wanted)


@dataclass
class Batch:
    """One batch on its way."""

    investigation: Investigation
    out: Path
    playbook: str | None
    sink: ProgressSink
    rows: dict[str, Row] = field(default_factory=dict[str, Row])
    running: dict[str, Running] = field(default_factory=dict[str, Running])

    def check(self, entry: Entry) -> None:
        """Raises NotABatch for a case that could not be opened."""
        try:
            self.investigation.check(self._request(entry))
        except ValueError as fault:
            raise NotABatch(f"case {entry.name}: {fault}") from None

    def recall(self) -> None:
        """Know what earlier runs did; raises NotABatch."""
        path = self.out / "batch.json"
        if not path.is_file():
            return
        try:
            done = Done.model_validate_json(path.read_bytes())
        except ValidationError:
            raise NotABatch(f"{path} was not written by a batch; move it away to start again") from None
        self.rows = {row.name: row for row in done.rows}

    def run(self, wanted: Sequence[Entry]) -> None:
        waiting = [entry for entry in wanted if not self._is_done(entry)]
        pace = Pace(len(wanted), len(waiting))
        while waiting or self.running:
            while waiting and len(self.running) < AHEAD:
                self._begin(waiting.pop(0))
            for handle, (_, code) in list(self.running.items()):
                if code() is not None:
                    self._end(handle)
                    self.save(wanted)
            self.sink(pace.told(len(waiting) + sum(len(shared) for shared, _ in self.running.values())))
            sleep(PAUSE)

    def stop(self) -> None:
        """Ask the cases that still run to stop; the next batch goes on with them."""
        for handle in self.running:
            self.investigation.stop(handle)

    def save(self, wanted: Sequence[Entry]) -> None:
        """Write what is done, and the summary of the wanted cases."""
        rows = [self.rows[entry.name] for entry in wanted if entry.name in self.rows]
        _write(self.out / "batch.json", Done(rows=tuple(self.rows.values())).model_dump_json(indent=1).encode())
        _write(self.out / "summary.csv", as_csv(rows).encode())
        _write(self.out / "summary.html", as_html(rows).encode())

    def _is_done(self, entry: Entry) -> bool:
        row = self.rows.get(entry.name)
        same = row is not None and row.entry == self._digest(entry) and row.exit not in _RETRIED
        return same and (self.out / entry.name / FILES["json"]).is_file()

    def _digest(self, entry: Entry) -> str:
        return digest16(entry.digest, self.playbook or "")

    def _begin(self, entry: Entry) -> None:
        """Hand the case to a worker: the one that was opened for the same entry or the same alert, or a new one."""
        key = f"batch {digest16(str(self.out), self._digest(entry))}"
        view = self.investigation.open(self._request(entry).model_copy(update={"idempotency_key": key}))
        if view.id in self.running:
            shared, code = self.running[view.id]
            self.running[view.id] = ((*shared, entry), code)
        else:
            finished = view.run is RunState.FINISHED
            self.running[view.id] = ((entry,), (lambda: 0) if finished else self.investigation.start(view.id))

    def _end(self, handle: str) -> None:
        view = self.investigation.view(handle)
        for entry in self.running.pop(handle)[0]:
            self._tell(entry, handle, view)

    def _tell(self, entry: Entry, handle: str, view: CaseView) -> None:
        row = Row(name=entry.name, entry=self._digest(entry), case=handle, exit=Exit.FINISHED)
        if view.run is RunState.FINISHED:
            self.rows[entry.name] = self._delivered(entry, row)
            self.sink(Progress(kind="finished", text=f"{entry.name}: {self.rows[entry.name].verdict}"))
        else:
            code = Exit.BUG if view.run is RunState.FAILED else Exit.ENVIRONMENT
            trouble = view.trouble or "the run ended without a report"
            self.rows[entry.name] = row.model_copy(update={"exit": code, "trouble": trouble})
            self.sink(Progress(kind="gap", text=f"{entry.name}: {trouble}"))

    def _delivered(self, entry: Entry, row: Row) -> Row:
        document = self.investigation.document(row.case)
        chosen = self._playbook_of(entry, document)
        folder = self.out / entry.name
        folder.mkdir(exist_ok=True)
        for form in dict.fromkeys((*ALWAYS, *(chosen.exports if chosen else ()))):
            _write(folder / FILES[form], b"".join(self.investigation.export(row.case, form)))
        bar = Verdict(chosen.fail_on) if chosen and chosen.fail_on else None
        code = outcome(document, self.investigation.index_report(row.case), bar)
        return with_report(row.model_copy(update={"exit": code}), document)

    def _request(self, entry: Entry) -> OpenCase:
        return request(entry, self.playbook, self._named(entry))

    def _named(self, entry: Entry) -> Playbook | None:
        return self.investigation.catalog.playbooks().get(entry.playbook or self.playbook or "")

    def _playbook_of(self, entry: Entry, document: CaseDocument) -> Playbook | None:
        scenario = next(iter(document.case.scenario), "")
        return self._named(entry) or self.investigation.catalog.playbooks().get(scenario)


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a batch is, and how long the rest will take."""

    total: int
    to_do: int
    began: float = field(default_factory=monotonic)

    def told(self, left: int) -> Progress:
        done = self.to_do - left
        seconds = left * (monotonic() - self.began) / done if done else None
        return Progress(kind="progress", done=self.total - left, total=self.total, unit="cases", seconds_left=seconds)


def _write(path: Path, content: bytes) -> None:
    """The whole file or none of it."""
    aside = path.with_name(path.name + ".part")
    aside.write_bytes(content)
    aside.replace(path)
