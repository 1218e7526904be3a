"""A batch over an investigation that a test scripts: what is run, what is written, how it ends."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from investigator.batch import NotABatch, run_batch
from investigator.domain.case import CaseView, Header, OpenCase
from investigator.domain.index_report import FileReport, IndexReport
from investigator.domain.playbook import Playbook
from investigator.domain.progress import Progress
from investigator.domain.report import CaseDocument
from investigator.domain.trouble import Stopped
from investigator.domain.words import RunState
from investigator.ports.progress import quiet
from tests.doubles import fake_case

FINISHED = {"confirmed": 0, "damaged": 4, "failing claim": 5}


class Scripted:
    """Ends each case as its worry says, at the second look; the same idempotency key, or alert, gives the same case."""

    def __init__(self, playbooks: Mapping[str, Playbook] = {}) -> None:
        self.cases: dict[str, OpenCase] = {}
        self.runs: dict[str, RunState] = {}
        self.started: list[str] = []
        self.stopped: list[str] = []
        self._playbooks = playbooks

    @property
    def catalog(self) -> "Scripted":
        return self

    def playbooks(self) -> Mapping[str, Playbook]:
        return self._playbooks

    def check(self, request: OpenCase) -> None:
        if "key" not in request.answers and request.answers:
            raise ValueError("no such question")

    def open(self, request: OpenCase) -> CaseView:
        handle = next(
            (
                handle
                for handle, case in self.cases.items()
                if case.idempotency_key == request.idempotency_key or (case.alert and case.alert == request.alert)
            ),
            f"{len(self.cases):012}",
        )
        self.cases.setdefault(handle, request)
        self.runs.setdefault(handle, RunState.OPENING)
        return self.view(handle)

    def start(self, handle: str) -> Callable[[], int | None]:
        self.started.append(handle)
        looks = iter((None, 0))
        ends = {"bug": RunState.FAILED, "no credentials": RunState.STOPPED}
        self.runs[handle] = ends.get(self.cases[handle].worry, RunState.FINISHED)
        return lambda: next(looks, 0)

    def stop(self, handle: str) -> None:
        self.stopped.append(handle)

    def view(self, handle: str) -> CaseView:
        worry = self.cases[handle].worry
        header = Header(name="ir-1", title=worry, description=worry)
        trouble = worry if self.runs[handle] in (RunState.FAILED, RunState.STOPPED) else None
        return CaseView(id=handle, case=header, run=self.runs[handle], trouble=trouble)

    def document(self, handle: str) -> CaseDocument:
        document = fake_case.document(handle)
        holds = self.cases[handle].worry != "failing claim"
        return document.model_copy(
            update={"claims": tuple(c.model_copy(update={"holds": holds}) for c in document.claims)}
        )

    def index_report(self, handle: str) -> IndexReport:
        status = "partial" if self.cases[handle].worry == "damaged" else "ok"
        file = FileReport(path="a.json", status=status, records=1, quarantined=0, sha256="0" * 64)
        return IndexReport(files=(file,), records=1, distinct=1, quarantined=0, seconds=0)

    def export(self, handle: str, form: str) -> Iterator[bytes]:
        yield f"{form} of {handle}".encode()


def batch_of(folder: Path, *worries: str, **more: object) -> Path:
    cases = [{"name": f"c{number}", "worry": worry, **more} for number, worry in enumerate(worries, 1)]
    (folder / "batch.jsonl").write_text("\n".join(map(json.dumps, cases)))
    return folder / "batch.jsonl"


def run(
    investigation: Scripted, file: Path, playbook: str | None = None, sink: Callable[[Progress], None] = quiet
) -> int:
    return run_batch(investigation, [file], playbook, file.parent / "out", sink)


def test_every_case_has_a_folder_with_its_reports(tmp_path: Path) -> None:
    code = run(Scripted(), batch_of(tmp_path, "confirmed", "confirmed"))

    assert code == 0
    files = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file())
    reports = ["case.json", "report.html", "report.md", "timeline.csv"]
    assert files == ["batch.json", *(f"c{n}/{name}" for n in (1, 2) for name in reports), "summary.csv", "summary.html"]
    assert (tmp_path / "out/c2/report.md").read_text() == "markdown of 000000000001"


@pytest.mark.parametrize(
    ("worries", "code"),
    [
        (["confirmed"], 0),
        (["confirmed", "damaged"], 4),
        (["damaged", "failing claim"], 5),
        (["failing claim", "no credentials"], 3),
        (["no credentials", "bug", "damaged"], 1),
    ],
)
def test_the_exit_code_is_the_worst_of_the_cases(tmp_path: Path, worries: list[str], code: int) -> None:
    assert run(Scripted(), batch_of(tmp_path, *worries)) == code


def playbook(**more: object) -> Mapping[str, Playbook]:
    book = Playbook(
        name="leaked-access-key", title="t", scenario="leaked-access-key", when=(), slots=(), steps=(), **more
    )
    return {"leaked-access-key": book}


@pytest.mark.parametrize(("bar", "code"), [("confirmed", 10), ("likely", 10), (None, 0)])
def test_a_playbook_says_which_verdict_fails(tmp_path: Path, bar: str | None, code: int) -> None:
    assert run(Scripted(playbook(fail_on=bar)), batch_of(tmp_path, "confirmed"), "leaked-access-key") == code


def test_the_playbook_of_the_scenario_says_so_too(tmp_path: Path) -> None:
    assert run(Scripted(playbook(fail_on="likely")), batch_of(tmp_path, "confirmed", "damaged")) == 4
    assert run(Scripted(playbook(fail_on="likely")), batch_of(tmp_path / "out", "confirmed")) == 10


def test_a_playbook_may_ask_for_more_exports(tmp_path: Path) -> None:
    run(Scripted(playbook(exports=("bundle", "json"))), batch_of(tmp_path, "confirmed"))

    assert {path.name for path in (tmp_path / "out/c1").iterdir()} == {
        "case.json", "report.html", "report.md", "timeline.csv", "bundle.zip",
    }  # fmt: skip


def test_a_second_run_does_only_what_is_left(tmp_path: Path) -> None:
    investigation, file = Scripted(), batch_of(tmp_path, "confirmed", "no credentials", "damaged")
    first = run(investigation, file)
    investigation.started.clear()

    second = run(investigation, file)

    assert (first, second) == (3, 3)
    assert investigation.started == ["000000000001"]
    assert len(investigation.cases) == 3


def test_a_case_that_was_changed_in_the_file_is_run_anew(tmp_path: Path) -> None:
    investigation = Scripted()
    run(investigation, batch_of(tmp_path, "confirmed"))

    run(investigation, batch_of(tmp_path, "confirmed", answers={"key": "AKIAIOSFODNN7EXAMPLE"}))

    assert len(investigation.cases) == 2


def test_lost_reports_are_written_again_without_a_run(tmp_path: Path) -> None:
    investigation, file = Scripted(), batch_of(tmp_path, "confirmed")
    run(investigation, file)
    (tmp_path / "out/c1/case.json").unlink()
    (tmp_path / "out/batch.json").unlink()

    run(investigation, file)

    assert (tmp_path / "out/c1/case.json").is_file()
    assert investigation.started == ["000000000000"]


def alerts(folder: Path) -> Path:
    cases = [{"name": name, "alert": {"id": "a-1"}} for name in ("first", "again")]
    (folder / "batch.jsonl").write_text("\n".join(map(json.dumps, cases)))
    return folder / "batch.jsonl"


def test_one_alert_in_two_entries_is_one_case_and_each_entry_has_its_reports(tmp_path: Path) -> None:
    investigation, told = Scripted(), list[Progress]()

    code = run(investigation, alerts(tmp_path), sink=told.append)

    assert (code, investigation.started) == (0, ["000000000000"])
    assert {(tmp_path / f"out/{name}/report.md").read_text() for name in ("first", "again")} == {
        "markdown of 000000000000"
    }
    assert [row["name"] for row in json.loads((tmp_path / "out/batch.json").read_text())["rows"]] == ["first", "again"]
    counts = [(p.done, p.total) for p in told if p.kind == "progress"]
    assert (counts[0], counts[-1]) == ((0, 2), (2, 2))


def test_an_alert_whose_case_is_finished_is_not_run_again(tmp_path: Path) -> None:
    investigation = Scripted()
    run(investigation, alerts(tmp_path))
    (tmp_path / "elsewhere").mkdir()

    run(investigation, alerts(tmp_path / "elsewhere"))

    assert investigation.started == ["000000000000"]
    assert (tmp_path / "elsewhere/out/again/case.json").is_file()


def test_a_mistake_in_the_last_case_is_found_before_the_first_one_runs(tmp_path: Path) -> None:
    investigation = Scripted()
    file = batch_of(tmp_path, "confirmed")
    file.write_text(file.read_text() + '\n{"name": "last", "worry": "x", "answers": {"nothing": "y"}}')

    with pytest.raises(NotABatch, match="case last: no such question"):
        run(investigation, file)

    assert investigation.cases == {}
    assert not (tmp_path / "out").exists()


def test_a_foreign_batch_json_is_left_alone(tmp_path: Path) -> None:
    file = batch_of(tmp_path, "confirmed")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/batch.json").write_text("{")

    with pytest.raises(NotABatch, match="move it away"):
        run(Scripted(), file)

    assert (tmp_path / "out/batch.json").read_text() == "{"


def test_progress_counts_cases_and_tells_what_became_of_each(tmp_path: Path) -> None:
    told: list[Progress] = []

    run(Scripted(), batch_of(tmp_path, "confirmed", "bug"), sink=told.append)

    assert [(p.kind, p.text) for p in told if p.text] == [("finished", "c1: confirmed"), ("gap", "c2: bug")]
    counts = [(p.done, p.total, p.unit) for p in told if p.kind == "progress"]
    assert (counts[0], counts[-1]) == ((0, 2, "cases"), (2, 2, "cases"))


def test_a_batch_that_is_stopped_stops_its_cases_and_keeps_what_is_done(tmp_path: Path) -> None:
    investigation = Scripted()

    def impatient(progress: Progress) -> None:
        raise Stopped("stopped")

    with pytest.raises(Stopped):
        run(investigation, batch_of(tmp_path, "confirmed", "confirmed"), sink=impatient)

    assert investigation.stopped == ["000000000000", "000000000001"]
    assert json.loads((tmp_path / "out/batch.json").read_text()) == {"rows": []}
