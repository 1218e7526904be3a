"""Playbook runs without a person: many cases from a file, in parallel, resumed where they stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from investigator.batch.entries import Entry, entries, request
from investigator.batch.summary import Row, as_csv, as_html, row_of
from investigator.domain.ids import digest16
from investigator.domain.progress import Progress
from investigator.domain.value import Value
from investigator.domain.words import RunState
from investigator.investigation import Investigation
from investigator.ports.progress import ProgressSink

FILES = {"case.json": "json", "report.html": "html", "report.md": "markdown", "timeline.csv": "csv"}
PARALLEL = 2
"""Cases at a time; each runs in a process of its own."""
PAUSE = 0.2


class Done(Value):
    """`batch.json`: the rows of finished cases; a second run goes on from it."""

    rows: tuple[Row, ...] = ()


@dataclass
class _Batch:
    investigation: Investigation
    out: Path
    playbook: str | None
    rows: dict[str, Row] = field(default_factory=dict[str, Row])

    def handle(self, entry: Entry) -> str:
        """The case of an entry: the one that an earlier run opened for the same entry and folder, or a new one."""
        key = "batch-" + digest16(str(self.out.resolve()), entry.model_dump_json(), self.playbook or "")
        opening = request(entry, self.playbook).model_copy(update={"idempotency_key": key})
        return self.investigation.open(opening).id

    def finish(self, entry: Entry, handle: str) -> None:
        view = self.investigation.view(handle)
        if view.run is RunState.FINISHED:
            document = self.investigation.document(handle)
            folder = self.out / entry.name
            folder.mkdir(parents=True, exist_ok=True)
            for name, form in FILES.items():
                _write(folder / name, b"".join(self.investigation.export(handle, form)))
            self.rows[entry.name] = row_of(entry.name, document)
        else:
            self.rows[entry.name] = Row(name=entry.name, trouble=view.trouble or "the run ended without a report")

    def save(self, order: Sequence[Entry]) -> None:
        rows = [self.rows[entry.name] for entry in order if entry.name in self.rows]
        finished = tuple(row for row in rows if row.verdict)
        _write(self.out / "batch.json", Done(rows=finished).model_dump_json(indent=1).encode())
        _write(self.out / "summary.csv", as_csv(rows).encode())
        _write(self.out / "summary.html", as_html(rows).encode())


def run_batch(
    investigation: Investigation, paths: Sequence[Path], playbook: str | None, out: Path, sink: ProgressSink
) -> int:
    """Run every case that is not done yet; the exit code is 0, or 3 when a case could not finish.

    Raises NotABatch for a file that cannot be read, OSError for a folder that cannot be written, Stopped.
    """
    wanted = entries(list(paths))
    out.mkdir(parents=True, exist_ok=True)
    batch = _Batch(investigation, out, playbook)
    before = out / "batch.json"
    if before.is_file():
        batch.rows = {row.name: row for row in Done.model_validate_json(before.read_bytes()).rows}
    _run(batch, wanted, sink)
    batch.save(wanted)
    return 3 if any(row.trouble for row in batch.rows.values()) else 0


def _run(batch: _Batch, wanted: tuple[Entry, ...], sink: ProgressSink) -> None:
    waiting = [entry for entry in wanted if entry.name not in batch.rows]
    running: dict[str, tuple[Entry, Callable[[], int | None]]] = {}
    started, begun = monotonic(), len(wanted) - len(waiting)
    while waiting or running:
        while waiting and len(running) < PARALLEL:
            entry = waiting.pop(0)
            handle = batch.handle(entry)
            running[handle] = (entry, batch.investigation.start(handle))
        for handle, (entry, ended) in list(running.items()):
            if ended() is not None:
                batch.finish(entry, handle)
                batch.save(wanted)
                del running[handle]
        done = len(batch.rows)
        rate = (done - begun) / max(monotonic() - started, 0.001)
        left = (len(wanted) - done) / rate if rate else None
        sink(Progress(kind="progress", done=done, total=len(wanted), unit="cases", rate=rate, seconds_left=left))
        sleep(PAUSE)


def _write(path: Path, content: bytes) -> None:
    """The whole file or none of it."""
    aside = path.with_name(path.name + ".part")
    aside.write_bytes(content)
    aside.replace(path)
