"""Opening: logs are read before the first stage, so that accounts, Regions and the case's present are known."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copy2, copytree

from investigator.domain.case import Case
from investigator.domain.index_report import IndexReport
from investigator.domain.search import Search
from investigator.domain.times import parse_instant
from investigator.ports.progress import ProgressSink
from investigator.ports.store import Snapshot
from investigator.stages.running.equipment import Equipment

OPENING = "opening"
"""The name under which the index report is kept; opening is no stage."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening found out."""

    report: IndexReport
    snapshot: str
    store: Snapshot
    """The snapshot, open."""
    as_of: datetime
    accounts: tuple[str, ...]
    regions: tuple[str, ...]


def open_evidence(equipment: Equipment, case: Case, sink: ProgressSink) -> Opened:
    """Index the case's logs, pin them, and fix the moment from which the case looks back.

    Saved answers are pinned when they are asked for, as those of a live account are: both give the same case.
    """
    library = equipment.library(case.request.sources.store)
    if case.request.sources.keep_originals:
        _copy(equipment, case)
    logs = log_paths(equipment, case)
    report = library.index(logs, sink)
    snapshot = library.pin(logs)
    store = library.open(snapshot)
    store.warm()
    cells = store.cells()
    paths = evidence_paths(equipment, case)
    everything = store if paths == logs else library.open(library.pin(paths))
    return Opened(
        report=report,
        snapshot=snapshot,
        store=store,
        as_of=_as_of(case, everything),
        accounts=_values(cell.account for cell in cells),
        regions=_values(cell.region for cell in cells),
    )


def evidence_paths(equipment: Equipment, case: Case) -> tuple[Path, ...]:
    """The files and folders whose records belong to the case: its logs and what LookupEvents answered."""
    answers = equipment.answers_folder(case)
    return (*log_paths(equipment, case), *((answers,) if answers.is_dir() else ()))


def log_paths(equipment: Equipment, case: Case) -> tuple[Path, ...]:
    """The case's logs where the user has them, or their copies in the case's folder."""
    logs = case.request.sources.logs
    if not case.request.sources.keep_originals:
        return logs
    return tuple(equipment.folder(case) / "originals" / f"{number}" for number, _ in enumerate(logs, 1))


def _copy(equipment: Equipment, case: Case) -> None:
    """Copy the logs into the case's folder; links are not followed."""
    for path, kept in zip(case.request.sources.logs, log_paths(equipment, case), strict=True):
        if path.is_dir():
            copytree(path, kept, symlinks=True, dirs_exist_ok=True)
        else:
            kept.mkdir(parents=True, exist_ok=True)
            copy2(path, kept / path.name)


def _values(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text}))


def _as_of(case: Case, store: Snapshot) -> datetime:
    """`--now`, else the moment saved with the answers, else the newest record, else the clock."""
    sources = case.request.sources
    if case.request.now is not None:
        return case.request.now
    if sources.responses is not None and (saved := _saved_moment(sources.responses)) is not None:
        return saved
    if not sources.aws and (newest := store.group(Search()).last) is not None:
        return newest
    return case.opened


def _saved_moment(folder: Path) -> datetime | None:
    try:
        session = json.loads((folder / "session.json").read_text(encoding="utf-8"))
        return parse_instant(session["as_of"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
