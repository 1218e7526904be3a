"""Which fields of a record the report's claims speak of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from investigator.domain.claim import (
    Absent,
    Before,
    Claim,
    Count,
    Exists,
    First,
    Issued,
    Last,
    Linked,
    MeasureIs,
    Permits,
    Predicate,
    Reaches,
    SameCredential,
    StateIs,
)
from investigator.domain.ids import EvidenceId
from investigator.domain.paths import parse_path
from investigator.domain.search import NotASearch, parse_search

RECORD_PATHS: Mapping[str, str] = {
    "time": "eventTime",
    "source": "eventSource",
    "name": "eventName",
    "account": "recipientAccountId",
    "region": "awsRegion",
    "ip": "sourceIPAddress",
    "agent": "userAgent",
    "error": "errorCode",
    "error_message": "errorMessage",
    "outcome": "errorCode",
    "identity": "userIdentity.type",
    "arn": "userIdentity.arn",
    "user": "userIdentity.userName",
    "key": "userIdentity.accessKeyId",
    "issuer": "userIdentity.sessionContext.sessionIssuer.arn",
    "request_id": "requestID",
    "shared_id": "sharedEventID",
}


@dataclass(frozen=True, slots=True)
class Marks:
    """Paths (as keys, from any depth on) and values that a reader should see first."""

    paths: frozenset[tuple[str, ...]] = frozenset()
    values: frozenset[str] = frozenset()

    def cover(self, path: tuple[str, ...]) -> bool:
        """Whether the path is marked, or ends with a marked one (answers nest what claims name)."""
        return any(path[-len(marked) :] == marked for marked in self.paths)


def marks(claims: Iterable[Claim], evidence: EvidenceId) -> Marks:
    """What the claims that cite this evidence say about it."""
    predicates = [
        p for claim in claims if evidence in claim.evidence or _named(claim, evidence) for p in claim.predicates
    ]
    paths = {keys for predicate in predicates for path in _paths(predicate) if (keys := _keys(path))}
    return Marks(frozenset(paths), frozenset(value for predicate in predicates for value in _values(predicate)))


def _named(claim: Claim, evidence: EvidenceId) -> bool:
    return any(evidence in _records(predicate) for predicate in claim.predicates)


def _records(predicate: Predicate) -> tuple[EvidenceId, ...]:
    match predicate:
        case Before(a=a, b=b):
            return (a, b)
        case SameCredential(records=records):
            return records
        case Issued(by=by):
            return (by,)
        case Linked(through=through):
            return through
        case StateIs(answer=answer) | MeasureIs(answer=answer) | Permits(answer=answer) | Reaches(answer=answer):
            return (answer,)
        case _:
            return ()


def _paths(predicate: Predicate) -> tuple[str, ...]:  # noqa: PLR0911  (one answer for each kind)
    match predicate:
        case Exists(where=where) | Absent(where=where):
            return _fields(where)
        case Count(where=where, over=over):
            return (*_fields(where), *(() if over == "events" else (over,)))
        case First(where=where) | Last(where=where):
            return (*_fields(where), "eventTime")
        case Before():
            return ("eventTime",)
        case SameCredential():
            return ("userIdentity.accessKeyId",)
        case StateIs(path=path) | MeasureIs(path=path):
            return (path,)
        case Issued() | Linked() | Permits() | Reaches():
            return ()


def _values(predicate: Predicate) -> tuple[str, ...]:
    match predicate:
        case Issued(key=key) | SameCredential(key=key):
            return (key,)
        case Linked(parent=parent, child=child):
            return (parent, child)
        case Permits(principal=principal, resource=resource):
            return (principal, resource)
        case Reaches(principal=principal):
            return (principal,)
        case _:
            return ()


def _fields(where: str) -> tuple[str, ...]:
    try:
        wanted = parse_search(where)
    except NotASearch:
        return ()
    times = ("eventTime",) if wanted.start or wanted.end else ()
    return (*(RECORD_PATHS.get(term.field, term.field) for term in wanted.terms if term.field), *times)


def _keys(path: str) -> tuple[str, ...]:
    try:
        return tuple(key for key, _ in parse_path(path))
    except ValueError:
        return ()
