"""Where claims get their records from: the untouched files that the evidence store points to."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from investigator.domain.ids import EvidenceId
from investigator.domain.places import Place
from investigator.ports.store import Originals
from investigator.proof.reader import find
from investigator.proof.record import Record, fullest


class Records(Protocol):
    def read(self, ids: Iterable[EvidenceId]) -> Mapping[EvidenceId, Record]:
        """The raw record of each id; an id whose record is not found is left out."""
        ...


class OriginalRecords:
    """Records read again from their original files, each file once."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals

    def read(self, ids: Iterable[EvidenceId]) -> Mapping[EvidenceId, Record]:
        wanted = sorted(set(ids))
        copies: dict[EvidenceId, list[Record]] = {}
        for path, places in sorted(_by_file(self._originals.places(wanted)).items()):
            for evidence, record in find(path, places):
                copies.setdefault(evidence, []).append(record)
        return {evidence: fullest(copies[evidence]) for evidence in wanted if evidence in copies}


def _by_file(places: Mapping[EvidenceId, Sequence[Place]]) -> Mapping[Path, dict[EvidenceId, list[Place]]]:
    files: dict[Path, dict[EvidenceId, list[Place]]] = {}
    for evidence, copies in places.items():
        for place in copies:
            files.setdefault(place.path, {}).setdefault(evidence, []).append(place)
    return files
