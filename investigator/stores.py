"""The part of the wiring that opens evidence stores: who searches one waits for nothing else to be imported."""

from pathlib import Path

from investigator.evidence.library import EvidenceLibrary
from investigator.ports.store import Library, Snapshot
from investigator.settings import Settings


def library(settings: Settings) -> Library:
    """The evidence store of these settings, or the default one under their data folder."""
    return EvidenceLibrary(_folder(settings))


def everything(settings: Settings) -> Snapshot:
    """All that this store holds."""
    store = EvidenceLibrary(_folder(settings))
    return store.open(store.everything())


def _folder(settings: Settings) -> Path:
    return settings.store or settings.case_dir / "stores"
