"""Untouched log files in a folder, read to the end: the records that a bundle cites, and what its cells hold.

Slow and obvious on purpose: every file is read once with the independent reader, and every question is put to every
record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.canonical import digest
from investigator.domain.coverage import Cell
from investigator.domain.event import EventGroup
from investigator.domain.ids import EvidenceId
from investigator.domain.paths import texts
from investigator.domain.search import Search
from investigator.proof.completeness import ATTRIBUTES, CATEGORIES
from investigator.proof.matching import matches
from investigator.proof.reader import file_records, originals_in
from investigator.proof.record import Record, is_named, time_of
from investigator.proof.unpack import TooLarge

EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Question:
    """What a completeness predicate asks of the records of its cells."""

    where: Search
    over: str
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class Tally:
    """The different events that match, when, and with which values; copies of one event count once."""

    events: dict[str, list[Mapping[str, JsonValue]]] = field(default_factory=dict[str, list[Mapping[str, JsonValue]]])
    values: set[str] = field(default_factory=set[str])
    times: set[datetime] = field(default_factory=set[datetime])

    def add(self, record: Record, over: str) -> None:
        known = self.events.setdefault(record.text("eventID") or digest(record.document), [])
        if not any(_agree(record.value, other) for other in known):
            known.append(record.value)
        self.values.update(texts(record.document, over) if over != EVENTS else ())
        if (moment := time_of(record)) is not None:
            self.times.add(moment)

    @property
    def count(self) -> int:
        return sum(map(len, self.events.values()))


def _agree(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]) -> bool:
    """Copies of one event may lack fields, but hold no different ones."""
    return all(other[key] == value for key, value in one.items() if key in other)


class Folder:
    """What a folder of originals says to the questions and citations of one bundle (`ports.store.Coverage`)."""

    def __init__(self, folder: Path, wanted: Iterable[EvidenceId], questions: Sequence[Question]) -> None:
        self.records: dict[EvidenceId, list[Record]] = {}
        self.too_large: dict[Path, str] = {}
        """Files that were not read to their end, and why."""
        self._tallies = {_key(question): (question, Tally()) for question in questions}
        by_name = _by_name(wanted)
        for path in originals_in(folder):
            try:
                for record in file_records(path):
                    self._take(record, by_name)
            except TooLarge as why:
                self.too_large[path] = str(why)

    def _take(self, record: Record, wanted: Mapping[str, Sequence[EvidenceId]]) -> None:
        name = record.text("eventID") or digest(record.document)
        for evidence in wanted.get(name, ()):
            if is_named(record, evidence):
                self.records.setdefault(evidence, []).append(record)
        for question, tally in self._tallies.values():
            if matches(record, question.where) and any(_in_cell(record, cell) for cell in question.cells):
                tally.add(record, question.over)

    def cells(self) -> tuple[Cell, ...]:
        """None of its own: a bundle brings the cells that its claims speak of."""
        return ()

    def count(self, where: Search, over: str, cells: Sequence[Cell]) -> int:
        """Events, or distinct values of a record path, that match in these cells."""
        tally = self._tally(where, over, cells)
        return tally.count if over == EVENTS else len(tally.values)

    def extent(self, where: Search, cells: Sequence[Cell]) -> EventGroup:
        """How many events match in these cells, the first and the last."""
        tally = self._tally(where, EVENTS, cells)
        first, last = min(tally.times, default=None), max(tally.times, default=None)
        return EventGroup(where=str(where), count=tally.count, first=first, last=last)

    def _tally(self, where: Search, over: str, cells: Sequence[Cell]) -> Tally:
        return self._tallies[_key(Question(where, over, tuple(cells)))][1]


def _key(question: Question) -> tuple[str, str, tuple[str, ...]]:
    return (str(question.where), question.over, tuple(cell.id for cell in question.cells))


def _by_name(wanted: Iterable[EvidenceId]) -> Mapping[str, list[EvidenceId]]:
    names: dict[str, list[EvidenceId]] = {}
    for evidence in wanted:
        names.setdefault(evidence.partition(":")[2].partition("@")[0], []).append(evidence)
    return names


def _in_cell(record: Record, cell: Cell) -> bool:
    moment = time_of(record)
    account = record.text("recipientAccountId") or record.text("userIdentity.accountId")
    return (
        moment is not None
        and moment in cell.window
        and account.zfill(12) == cell.account.zfill(12)
        and record.text("awsRegion") == cell.region
        and kind_of_record(record) == cell.events
        and all(record.text(ATTRIBUTES.get(name, "")) == value for name, value in (cell.filter or {}).items() if value)
    )


def kind_of_record(record: Record) -> str:
    """management, data:<service>, insight or network, as the record itself says."""
    category = record.text("eventCategory")
    if category == "Data" or (not category and record.text("managementEvent") == "false"):
        return "data:" + record.text("eventSource").removesuffix(".amazonaws.com")
    return CATEGORIES.get(category, "management")
