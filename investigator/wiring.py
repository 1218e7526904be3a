"""The only file that knows everybody: it builds one Investigation out of ports and their implementations.

Whatever is heavy (DuckDB, boto3, LangChain) is imported when a case needs it, not before.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, JsonValue

from investigator import __version__
from investigator.adapters.cases import CaseDatabase
from investigator.adapters.files import load_playbooks, prompt
from investigator.adapters.workers import Recipe, Workers
from investigator.detections.rule import Refusal
from investigator.domain.case import Case, OpenCase, Sources
from investigator.domain.hit import Hit
from investigator.domain.plain_json import plain_json
from investigator.domain.playbook import Playbook
from investigator.domain.report import CaseDocument
from investigator.domain.safe_text import redact_json
from investigator.domain.site import Site, mode
from investigator.investigation import Investigation
from investigator.ports.audit import Audit
from investigator.ports.aws import Accounts
from investigator.ports.exports import CitedEvidence
from investigator.ports.model import Model
from investigator.ports.store import Library, Snapshot
from investigator.ports.tool import Tool
from investigator.settings import Settings
from investigator.stages.running.equipment import Equipment
from investigator.stages.running.standing import lost


class LoadedCatalog:
    """The tools that `CATALOG` and the entry-point group `investigator.tools` name, and the packaged playbooks."""

    def __init__(self) -> None:
        self._tools = tuple(sorted(_tools(), key=lambda tool: (tool.name, tool.source)))
        self._named = {name: tuple(found) for name, found in groupby(self._tools, key=lambda tool: tool.name)}
        self._playbooks = load_playbooks()

    def tools(self) -> tuple[Tool, ...]:
        return self._tools

    def named(self, name: str) -> tuple[Tool, ...]:
        if name not in self._named:
            raise LookupError(f"no tool {name}; `investigator tools` lists them")
        return self._named[name]

    def playbooks(self) -> Mapping[str, Playbook]:
        return self._playbooks


def _tools() -> Iterator[Tool]:
    names: tuple[str, ...] = import_module("investigator.tools").CATALOG
    plugins = sorted(point.value for point in entry_points(group="investigator.tools"))
    for name in (*names, *plugins):
        yield from (value for value in vars(import_module(name)).values() if isinstance(value, Tool))


@cache
def catalog() -> LoadedCatalog:
    """The one catalog of this process."""
    return LoadedCatalog()


def build(settings: Settings) -> Investigation:
    """An Investigation over the data folder of these settings."""
    return Investigation(equipment(settings))


def equipment(settings: Settings) -> Equipment:
    """What an Investigation works with, over the data folder of these settings."""
    settings.case_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    shelf = CaseDatabase(settings.case_dir)
    workers = _workers(settings, shelf)
    return Equipment(
        shelf=shelf,
        catalog=catalog(),
        clock=lambda: datetime.now(UTC),
        library=lambda store: library(settings, store),
        accounts=lambda case, folder, audit: _accounts(case, folder, audit, shelf),
        audit=_audit,
        model=lambda name, audit: _model(settings, name, audit),
        export=_export,
        launch=workers.launch,
        expect=workers.warm,
        cases_folder=settings.case_dir / "cases",
        version=__version__,
        responders=settings.responders,
        site=site(settings),
        known_networks=settings.known_networks,
        default_model=settings.model,
    )


def site(settings: Settings) -> Site:
    """What the operator says of his own accounts."""
    return Site(frozenset(settings.automation_roles), tuple(map(mode, settings.rule_modes)))


def library(settings: Settings, store: Path | None) -> Library:
    """The evidence store at a folder, or the default one under the data folder."""
    from investigator import stores  # noqa: PLC0415

    return stores.library(settings, store)


def _accounts(case: Case, folder: Path, audit: Audit, shelf: CaseDatabase) -> Accounts | None:
    sources = case.request.sources
    if sources.responses is not None:
        return import_module("investigator.tools.aws").SavedAccounts(sources.responses, audit)
    if not sources.aws:
        return None
    as_of = case.header.as_of
    assert as_of is not None, "opening sets it"
    return import_module("investigator.tools.aws").LiveAccounts(
        profile=sources.profile,
        regions=sources.regions,
        roles=sources.roles,
        endpoint=sources.endpoint,
        folder=folder,
        rate=shelf,
        audit=audit,
        session_name=case.header.name,
        as_of=as_of,
    )


def _audit(folder: Path) -> Audit:
    from investigator.adapters.audit import AuditLog  # noqa: PLC0415

    return AuditLog(folder / "audit.jsonl")


def _model(settings: Settings, name: str, audit: Audit) -> Model:
    from investigator.adapters.model import LangChainModel, chat_model  # noqa: PLC0415
    from investigator.adapters.model_requests import Limits  # noqa: PLC0415

    limits = Limits(seconds=settings.model_seconds, answer=settings.model_seconds / 2)
    make = partial(chat_model, name, settings.model_url, limits.answer)
    return LangChainModel(make, lambda of: prompt(of).text, audit, limits)


def _export(form: str, document: CaseDocument, evidence: CitedEvidence) -> Iterator[bytes]:
    from investigator.exporters import FORMATS, exporter  # noqa: PLC0415

    if form not in FORMATS:
        raise ValueError(f"no format {form!r}; there are {', '.join(FORMATS)}")
    return exporter(form)(document, evidence)


def _workers(settings: Settings, shelf: CaseDatabase) -> Workers:
    """Processes that run cases; none is started before the first one is asked for."""
    home = str(Path(__file__).parents[1])
    recipe = Recipe(
        command=(sys.executable, "-m", "investigator.worker"),
        greeting=settings.model_dump_json(),
        log=settings.case_dir / "workers.log",
        # Without these two, a folder of evidence that we stand in could bring code of its own.
        environment={"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join((home, *_python_path()))},
    )

    def died(handle: str, worker: int) -> None:
        shelf.change(handle, lambda case: lost(case) if case.going and shelf.abandoned(handle, worker) else case)

    return Workers(recipe, settings.workers or os.cpu_count() or 1, died)


def _python_path() -> tuple[str, ...]:
    return tuple(filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))


@dataclass(frozen=True, slots=True)
class Detector:
    """Rules, to run over a snapshot without a case."""

    run: Callable[[Snapshot], tuple[tuple[Hit, ...], int]]
    """The hits in the order to read them, and how many the site's settings leave out."""
    count: int
    """Rules and correlations that are run."""
    refused: Sequence[Refusal]


def detector(settings: Settings, folder: Path | None = None) -> Detector:
    """The shipped rules, or the Sigma rules of a folder, told as the site wants it."""
    from investigator.detections.detect import detect  # noqa: PLC0415
    from investigator.detections.loader import load_rules  # noqa: PLC0415
    from investigator.detections.ranking import for_reading  # noqa: PLC0415

    rules, of = load_rules(folder), site(settings)

    def run(snapshot: Snapshot) -> tuple[tuple[Hit, ...], int]:
        hits = detect(snapshot, rules)
        return for_reading(hits, snapshot, of.judged, habits=folder is None), sum(map(of.is_off, hits))

    return Detector(run, len(rules.rules) + len(rules.correlations), rules.refused)


def raw_record(snapshot: Snapshot, evidence: str) -> JsonValue:
    """The original record, secrets redacted; raises LookupError when its file has moved."""
    from investigator.proof.records import OriginalRecords  # noqa: PLC0415

    found = OriginalRecords(snapshot).read([evidence])
    if evidence not in found:
        raise LookupError(f"{evidence} cannot be read again; its file has moved")
    return redact_json(plain_json(found[evidence].original))


def check_aws(settings: Settings, profile: str | None) -> str:
    """Who AWS takes us for, in words; raises NoCredentials, or Refused by way of the door."""
    folder = settings.case_dir / "doctor"
    folder.mkdir(parents=True, exist_ok=True)
    accounts: Accounts = import_module("investigator.tools.aws").LiveAccounts(
        profile=profile,
        regions=(),
        roles={},
        endpoint=None,
        folder=folder,
        rate=CaseDatabase(settings.case_dir),
        audit=_audit(folder),
        session_name="doctor",
        as_of=datetime.now(UTC),
    )
    cells = accounts.cells()
    return f"account {', '.join(sorted({account for account, _ in cells}))}, {len(cells)} Regions are on"


def check_model(settings: Settings, name: str) -> str | None:
    """One small request; what went wrong, or None."""
    folder = settings.case_dir / "doctor"
    folder.mkdir(parents=True, exist_ok=True)
    return _model(settings, name, _audit(folder)).understand("Nothing happened.", ("account",)).trouble


def verify(bundle: Path, originals: Path | None) -> BaseModel:
    """What became of every claim, hash and chain of a bundle."""
    return import_module("investigator.proof.verify").verify(bundle, originals)


def permissions(playbook: str | None) -> JsonValue:
    """The exact read-only IAM policy of a playbook, or of every tool; raises ValueError for an unknown playbook."""
    loaded = catalog()
    if playbook is None:
        tools = loaded.tools()
    elif playbook in loaded.playbooks():
        names = {step.tool for step in loaded.playbooks()[playbook].steps}
        tools = tuple(tool for tool in loaded.tools() if tool.name in names)
    else:
        raise ValueError(f"no playbook {playbook}; there are {', '.join(loaded.playbooks())}")
    return import_module("investigator.tools._policy").permissions(tools)


def demo_case(folder: Path, scenario: str) -> OpenCase:
    """The request that opens the embedded case, written into a folder."""
    case = import_module("investigator.demo").write_case(folder, scenario)
    sources = Sources(logs=(case.logs,), responses=case.responses)
    return OpenCase(worry=case.worry, sources=sources, answers=case.answers, now=case.now, ask=False)


def demo_scenarios() -> tuple[str, ...]:
    return import_module("investigator.demo").SCENARIOS


def demo_world(scenario: str) -> AbstractContextManager[str]:
    """A loopback AWS that holds the embedded case; raises ImportError without the extra `demo`."""
    return import_module("investigator.demo.world").serve_scenario(scenario)
