"""Conclusions before they have numbers: sentences with predicates, and what the finding is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from investigator.domain.claim import Exists, Predicate
from investigator.domain.event import Event
from investigator.domain.ids import MAX_IDS, EvidenceId
from investigator.domain.search import Operator, Search, Term, equals
from investigator.domain.words import Confidence, Done, Severity, Tactic

SHOWN = 20
"""The most records that one sentence cites; the finding lists the rest."""
_DATED_NAMES = ("lambda.amazonaws.com", "cloudfront.amazonaws.com")
"""Services whose eventName carries a date suffix, which the column `name` does not."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One claim before it has a number."""

    text: str
    predicates: tuple[Predicate, ...]
    evidence: tuple[EvidenceId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """One finding before it has a number."""

    sentences: tuple[Sentence, ...]
    when: datetime | None
    tactic: Tactic
    severity: Severity
    confidence: Confidence = Confidence.HIGH
    techniques: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    evidence: tuple[EvidenceId, ...] = ()
    against: tuple[EvidenceId, ...] = ()
    outcome: Done = Done.DONE
    hostile: bool = True
    """Whether it speaks of the intruder; what responders did and what clears somebody does not."""
    headline: int = 0
    """Its place in the summary: 1 first; 0 is not in it."""
    supports: bool = True
    """Whether it speaks for the verdict or against it."""
    looks_further: bool = True
    """Whether it joins records that single rules see apart; what a hit says of the same records is told by it."""
    effect: bool = False
    """Whether something was changed, taken or spent."""
    core: tuple[EvidenceId, ...] = ()
    """The records that it is about, of all that it cites: a hit on these alone adds nothing but its rule."""


def record_search(event: Event) -> Search:
    """The record as the store's columns describe it, in record paths: a wrong column makes a claim fail."""
    paths = (
        ("eventSource", event.source),
        ("awsRegion", event.region),
        ("sourceIPAddress", event.ip),
        ("userAgent", event.agent),
        ("errorCode", event.error),
        ("userIdentity.type", event.identity),
        ("userIdentity.arn", event.arn),
        ("userIdentity.userName", event.user),
        ("userIdentity.accessKeyId", event.key),
        ("userIdentity.sessionContext.sessionIssuer.arn", event.issuer),
        ("userIdentity.sessionContext.attributes.creationDate", event.session_start),
        ("requestID", event.request_id),
    )
    terms = [equals("outcome", event.outcome), *_name_terms(event)]
    terms += [equals(path, value) for path, value in paths if value]
    end = event.time + timedelta(seconds=1) if event.time else None
    return Search(terms=tuple(terms), start=event.time, end=end)


def _name_terms(event: Event) -> Sequence[Term]:
    if event.source not in _DATED_NAMES:
        return [equals("eventName", event.name)]
    at_least = equals("eventName", event.name).model_copy(update={"op": Operator.AT_LEAST})
    return [at_least, equals("eventName", event.name + "~").model_copy(update={"op": Operator.BELOW})]


def recorded(event: Event) -> Exists:
    """The predicate that a record is there, with these values."""
    return Exists(where=str(record_search(event)))


def sentence(text: str, events: Iterable[Event], *more: Predicate) -> Sentence:
    """A sentence that cites these records (at most 20) and says how each looks."""
    cited = tuple(events)[:SHOWN]
    return Sentence(text, (*map(recorded, cited), *more), tuple(event.id for event in cited))


def ids_of(events: Iterable[Event]) -> tuple[EvidenceId, ...]:
    """The ids of the events, at most 1,000."""
    return tuple(event.id for event in events)[:MAX_IDS]
