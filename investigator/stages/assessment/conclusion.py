"""Conclusions before they have numbers: sentences with predicates, and what the finding is about."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from investigator.domain.claim import Exists, Predicate
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.ids import MAX_IDS, EvidenceId
from investigator.domain.search import Search, equals
from investigator.domain.words import Confidence, Done, Severity, Tactic
from investigator.stages.assessment.record_terms import record_terms
from investigator.stages.assessment.wording import targets

SHOWN = 20
"""The most records that one sentence cites; the finding lists the rest."""


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
    before_leaving: bool = False
    """Whether it tells what a person did while they still might: a fact, and no harm by itself."""
    effect: bool = False
    """Whether something was changed, taken or spent."""
    core: tuple[EvidenceId, ...] = ()
    """The records that it is about, of all that it cites: a hit on these alone adds nothing but its rule."""
    credential: str = ""
    """The credential that it shows to be in the intruder's hands: without it, nothing is laid at its door."""
    gaps: tuple[Gap, ...] = ()
    """What its sentences leave open, and name."""

    @property
    def clears(self) -> bool:
        """Whether it speaks of everyday use."""
        return not self.hostile and not self.supports and self.tactic is not Tactic.RESPONSE


def not_critical(conclusion: Conclusion) -> Conclusion:
    """The same in a case that shows no misuse, where nothing is critical."""
    return replace(conclusion, severity=min(conclusion.severity, Severity.HIGH, key=lambda word: Severity(word).number))


def record_search(event: Event) -> Search:
    """The record as the store's columns describe it, in record paths: a wrong column makes a claim fail."""
    end = event.time + timedelta(seconds=1) if event.time else None
    terms = (term for term in record_terms(event) if term.values != ("null",) or term.negated)
    return Search(terms=tuple(dict.fromkeys(terms)), start=event.time, end=end)


def recorded(event: Event) -> Exists:
    """The predicate that a record is there, with these values, and about what its request names."""
    about = (equals(f"requestParameters.{path}", name) for path, name in targets(event))
    return Exists(where=str(record_search(event).also(*about)))


def sentence(text: str, events: Iterable[Event], *more: Predicate) -> Sentence:
    """A sentence that cites these records (at most 20) and says how each looks."""
    cited = tuple(events)[:SHOWN]
    return Sentence(text, (*map(recorded, cited), *more), tuple(event.id for event in cited))


def exemplars(events: Sequence[Event], *named: tuple[Callable[[Event], str], int]) -> tuple[Event, ...]:
    """The first and the last record, and one for each of the first so many names that a sentence gives of each kind."""
    chosen = {event.id: event for event in (events[0], events[-1])}
    for name, most in named:
        by_name: dict[str, Event] = {}
        for event in events:
            by_name.setdefault(name(event), event)
        shown = (event for told, event in by_name.items() if told)
        chosen |= {event.id: event for _, event in zip(range(most), shown, strict=False)}
    return tuple(chosen.values())


def ids_of(events: Iterable[Event], *others: EvidenceId) -> tuple[EvidenceId, ...]:
    """The ids of other evidence first, then of the events; at most 1,000."""
    return tuple(dict.fromkeys((*others, *(event.id for event in events))))[:MAX_IDS]
