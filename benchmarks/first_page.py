"""What is on the first page: a month of a company, and one intrusion of sixty steps in it.

`python -m benchmarks.first_page [EVENTS]` prints how many events are flagged, and which of the intrusion's main steps
are missing from the first fifty lines of `detect` and of a case's report. On a line of `detect` a step stands when a
rule that is named there tells of calls of this kind alone; in the report when its event name does.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.noise import noise, write_records
from benchmarks.planted import ACCOUNT, BEGIN, STEPS, planted
from investigator.cli.detect import MOST_FOLDED
from investigator.domain.case import OpenCase, Sources
from investigator.domain.hit import Hit, lines
from investigator.domain.words import Severity
from investigator.evidence.library import EvidenceLibrary
from investigator.investigation import Investigation
from investigator.ports.progress import quiet
from investigator.settings import Settings
from investigator.wiring import detector, equipment

PAGE = 50
ACTIONS = {f"planted-{number:02}": step.action for number, step in enumerate(STEPS)}
MAIN = {f"planted-{number:02}": step.action for number, step in enumerate(STEPS) if step.main}
WORRY = f"On {BEGIN:%d %B %Y} in the afternoon somebody switched the trail of account {ACCOUNT} off. What happened?"


def detected(folder: Path, logs: Path) -> Iterator[str]:
    """The page of `detect`."""
    library = EvidenceLibrary(folder / "evidence")
    number = library.index([logs], quiet).distinct
    hits, _ = detector(Settings(case_dir=folder / "cases")).run(library.open(library.pin([logs])))
    flagged = {id_ for hit in hits if hit.level.number >= Severity.LOW.number for id_ in hit.event_ids}
    yield f"{number:,} events, {len(STEPS)} of them the intrusion's; flagged {100 * len(flagged) / number:.2f} %"
    page = lines(hits)[: PAGE - 1]
    told = [_ids(hit) for line in page for hit in (line.hit, *line.also[:MOST_FOLDED])]
    named = {id_ for ids in told if len({ACTIONS.get(id_) for id_ in ids}) == 1 for id_ in ids}
    yield f"detect: {_missing(MAIN.keys() - named)}"
    others = sum(ACTIONS.keys().isdisjoint(_ids(line.hit)) for line in page)
    yield f"detect: {others} of the first {PAGE} lines are about something else"


def _ids(hit: Hit) -> set[str]:
    return {id_.removeprefix("ct:") for id_ in hit.event_ids}


def reported(folder: Path, logs: Path) -> Iterator[str]:
    """The page of the report."""
    investigation = Investigation(equipment(Settings(case_dir=folder / "cases")))
    handle = investigation.open(OpenCase(worry=WORRY, sources=Sources(logs=(logs,)), ask=False)).id
    investigation.run(handle)
    document = investigation.document(handle)
    text = b"".join(investigation.export(handle, "markdown")).decode()
    page = "\n".join(text.splitlines()[:PAGE])
    names = {id_: action.partition(":")[2] for id_, action in MAIN.items()}
    yield f"report: {document.verdict.value}, {_missing(id_ for id_, name in names.items() if name not in page)}"


def _missing(ids: Iterable[str]) -> str:
    missing = sorted({MAIN[id_] for id_ in ids})
    steps = len(set(MAIN.values()))
    on = f"{steps - len(missing)} of {steps} kinds of main steps are on the first page"
    return f"{on}; not {', '.join(missing)}" if missing else on


def main() -> None:
    """Print the figures."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in write_records(folder / "logs", planted(noise(events))):
            pass
        for lines_ in (detected, reported):
            for line in lines_(folder, folder / "logs"):
                print(line, flush=True)


if __name__ == "__main__":
    main()
