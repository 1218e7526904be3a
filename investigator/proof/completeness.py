"""Predicates that speak of everything in their coverage cells: count, first, last, absent.

Every function returns why the predicate does not hold, or "" when it does.
"""

from collections.abc import Mapping, Sequence

from investigator.domain.claim import Absent, Count, First, Last, Predicate
from investigator.domain.coverage import Cell
from investigator.domain.event import EventGroup
from investigator.domain.search import NotASearch, Operator, Search
from investigator.domain.times import Window
from investigator.domain.words import CellState
from investigator.ports.store import Coverage
from investigator.proof.matching import read_where

ATTRIBUTES = {
    "AccessKeyId": "userIdentity.accessKeyId",
    "EventName": "eventName",
    "EventSource": "eventSource",
    "EventId": "eventID",
}
"""Attributes of LookupEvents that say the same as a record path."""
DATA_EVENTS = {
    "data:s3": frozenset(
        """GetObject PutObject DeleteObject DeleteObjects CopyObject HeadObject ListObjects ListObjectVersions
        ListParts GetObjectAcl PutObjectAcl GetObjectTagging PutObjectTagging DeleteObjectTagging RestoreObject
        SelectObjectContent UploadPart UploadPartCopy CreateMultipartUpload CompleteMultipartUpload
        AbortMultipartUpload HeadBucket""".split()
    ),
    "data:lambda": frozenset(["Invoke"]),
    "data:dynamodb": frozenset(
        "GetItem PutItem UpdateItem DeleteItem BatchGetItem BatchWriteItem Query Scan TransactGetItems".split()
    ),
}
"""Names of calls that a trail records as data events (AWS CloudTrail user guide, "Logging data events")."""
CATEGORIES = {"Management": "management", "Insight": "insight", "NetworkActivity": "network"}


class Once:
    """A coverage that is asked each question once: count, first and last of one expression are one look."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._counts: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self._extents: dict[tuple[str, tuple[str, ...]], EventGroup] = {}

    def cells(self) -> tuple[Cell, ...]:
        """The cells of the coverage behind it."""
        return self._coverage.cells()

    def count(self, where: Search, over: str, cells: Sequence[Cell]) -> int:
        """Events, or distinct values of a record path, that match in these cells."""
        asked = (str(where), over, tuple(cell.id for cell in cells))
        if asked not in self._counts:
            self._counts[asked] = self._coverage.count(where, over, cells)
        return self._counts[asked]

    def extent(self, where: Search, cells: Sequence[Cell]) -> EventGroup:
        """The group of the events that match in these cells."""
        asked = (str(where), tuple(cell.id for cell in cells))
        if asked not in self._extents:
            self._extents[asked] = self._coverage.extent(where, cells)
        return self._extents[asked]


def unmet_by_cells(predicate: Predicate, cells: Mapping[str, Cell], coverage: Coverage) -> str:
    """Why a completeness predicate does not hold; "" when it does, or when it is of another kind."""
    if not isinstance(predicate, Count | First | Last | Absent):
        return ""
    unknown = [name for name in predicate.cells if name not in cells]
    if unknown or not predicate.cells:
        return f"there is no coverage cell {', '.join(unknown[:3])}" if unknown else "it names no coverage cell"
    try:
        return _unmet(predicate, read_where(predicate.where), [cells[name] for name in predicate.cells], coverage)
    except NotASearch as unreadable:
        return str(unreadable)


def _unmet(predicate: Count | First | Last | Absent, where: Search, cells: Sequence[Cell], coverage: Coverage) -> str:
    match predicate:
        case Count():
            n = coverage.count(where, predicate.over, cells)
            return "" if n == predicate.n else f"the records of its cells give {n}, not {predicate.n}"
        case First():
            found = coverage.extent(where, cells).first
            return "" if found == predicate.time else "the earliest match has another time"
        case Last():
            found = coverage.extent(where, cells).last
            return "" if found == predicate.time else "the latest match has another time"
        case Absent():
            if predicate.scope == "window" and (reason := not_whole(where, cells)):
                return reason
            n = coverage.count(where, "events", cells)
            return f"{n} records match" if n else ""


def not_whole(where: Search, cells: Sequence[Cell]) -> str:
    """Why absence in these cells proves nothing about their window; "" when it does."""
    if not any(named(where, path) for path in ATTRIBUTES.values()):
        return "it names no access key, event name, event source or event id"
    for cell in cells:
        if cell.state is not CellState.SEEN:
            return f"{cell.id} was not seen whole: {cell.state.value}"
        if not _includes(cell, where):
            return f"{cell.id} does not cover what the claim looks for"
    return _uncovered(where, cells)


def _uncovered(where: Search, cells: Sequence[Cell]) -> str:
    """Which place's cells leave a part of the claim's time open, as a reason."""
    places: dict[tuple[str, str, str], list[Window]] = {}
    for cell in cells:
        places.setdefault((cell.source, cell.account, cell.region), []).append(cell.window)
    for (_, account, region), windows in sorted(places.items()):
        ordered = sorted(windows, key=lambda window: window.start)
        reached = where.start or ordered[0].start
        for window in ordered:
            reached = max(reached, window.end) if window.start <= reached else reached
        if reached < (where.end or max(window.end for window in windows)):
            return f"the cells of {account} {region} do not cover the whole time"
    return ""


def named(where: Search, path: str) -> str:
    """The one value that the expression wants at a path, or ""."""
    wanted = [term.values for term in where.terms if term.field == path and term.op is Operator.EQUALS]
    asked = [term for term in where.terms if term.field == path and not term.negated]
    return wanted[0][0] if len(asked) == 1 and wanted and len(wanted[0]) == 1 else ""


def _includes(cell: Cell, where: Search) -> bool:
    if cell.events != kind_of(where):
        return False
    filters = (cell.filter or {}).items()
    return all(value and named(where, ATTRIBUTES.get(attribute, "")) == value for attribute, value in filters)


def kind_of(where: Search) -> str:
    """The kind of events that an expression is confined to; "" when it is open to several."""
    if category := named(where, "eventCategory"):
        return CATEGORIES.get(category, "")
    if named(where, "managementEvent") == "true":
        return "management"
    name = named(where, "eventName")
    if not name:
        return ""
    return next((kind for kind, names in DATA_EVENTS.items() if name in names), "management")
