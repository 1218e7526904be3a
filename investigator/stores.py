"""The part of the wiring that opens evidence stores: who searches one waits for nothing else to be imported."""

from pathlib import Path

from investigator.evidence.library import EvidenceLibrary
from investigator.ports.store import Library, Snapshot
from investigator.settings import Settings


def library(settings: Settings, store: Path | None = None) -> Library:
    """The evidence store at a folder, else that of the settings, else the default one under their data folder."""
    return _library(settings, store)


def everything(settings: Settings) -> Snapshot:
    """All that this store holds."""
    store = _library(settings, None)
    return store.open(store.everything())


def _library(settings: Settings, store: Path | None) -> EvidenceLibrary:
    return EvidenceLibrary(store or settings.store or settings.case_dir / "stores")
