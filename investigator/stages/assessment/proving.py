"""Proof before judgement: a conclusion counts when its sentences hold and its records are as the store says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from investigator.domain.claim import Claim
from investigator.domain.coverage import Cell
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.search import Search
from investigator.ports.store import Coverage
from investigator.proof.answers import Answers
from investigator.proof.columns import Described, described_otherwise
from investigator.proof.evaluate import evaluate
from investigator.proof.records import Records
from investigator.stages.assessment.conclusion import Conclusion, record_search
from investigator.stages.assessment.record_terms import absent_terms
from investigator.stages.assessment.taint import Reason, Tainted, Trace

MOST_NAMED = 2_000
"""Characters of evidence ids that a Gap writes out."""


class Proof(Protocol):
    """Looks at the original evidence again."""

    def judged(self, claims: Sequence[Claim], cells: Sequence[Cell]) -> tuple[Claim, ...]:
        """The claims with `holds` set."""
        ...

    def changed(self, events: Iterable[Event]) -> frozenset[EvidenceId]:
        """The records that are not as the evidence store describes them, or that cannot be read again."""
        ...


@dataclass(frozen=True, slots=True)
class RawProof:
    """Proof on the original files, the saved answers and the cells of one snapshot."""

    records: Records
    answers: Answers
    coverage: Coverage

    def judged(self, claims: Sequence[Claim], cells: Sequence[Cell]) -> tuple[Claim, ...]:
        """The claims, evaluated."""
        return evaluate(claims, cells, self.records, self.answers, self.coverage)

    def changed(self, events: Iterable[Event]) -> frozenset[EvidenceId]:
        """Every column of these records is compared with the record itself."""
        return described_otherwise({event.id: Described(event, _whole(event)) for event in events}, self.records)


def _whole(event: Event) -> Search:
    """Every column of a record, those that say nothing too."""
    return record_search(event).also(*absent_terms(event))


def proven(
    conclusions: Sequence[Conclusion], claims: Sequence[Claim], changed: frozenset[EvidenceId]
) -> tuple[tuple[Conclusion, ...], tuple[Conclusion, ...]]:
    """The conclusions whose every sentence holds on records that are unchanged, and the others."""
    failing = {(claim.text, claim.evidence) for claim in claims if not claim.holds}

    def holds(conclusion: Conclusion) -> bool:
        told = {(sentence.text, sentence.evidence) for sentence in conclusion.sentences}
        about = {*conclusion.evidence, *(id_ for _, evidence in told for id_ in evidence)}
        return changed.isdisjoint(about) and failing.isdisjoint(told)

    kept = tuple(filter(holds, conclusions))
    return kept, tuple(conclusion for conclusion in conclusions if not holds(conclusion))


def sentences_of(lost: Sequence[Conclusion], claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims of lost conclusions, none of which may be shown."""
    told = {(sentence.text, sentence.evidence) for conclusion in lost for sentence in conclusion.sentences}
    return tuple(claim.model_copy(update={"holds": False}) for claim in claims if (claim.text, claim.evidence) in told)


def after(number: int, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims, numbered on from the last of the document."""
    return tuple(claim.model_copy(update={"id": f"c{n}"}) for n, claim in enumerate(claims, number + 1))


def without(trace: Trace, lost: Sequence[Conclusion]) -> Trace:
    """The trace without credentials whose finding was lost, and without what they alone are said to have issued."""
    credentials = {conclusion.credential for conclusion in lost}
    kept = [taint for taint in trace.tainted if taint.credential.id not in credentials]
    hostile = {event.id for taint in kept for event in taint.events}
    while (left := [taint for taint in kept if _is_rooted(taint, hostile)]) != kept:
        kept = left
        hostile = {event.id for taint in kept for event in taint.events}
    return replace(trace, tainted=tuple(kept))


def _is_rooted(taint: Tainted, hostile: set[EvidenceId]) -> bool:
    return taint.reason is not Reason.ISSUED or taint.credential.by in hostile


def lost_gap(lost: Sequence[Conclusion], claims: Sequence[Claim], changed: frozenset[EvidenceId]) -> tuple[Gap, ...]:
    """A Gap that names the records of findings that were left out: what they say is open, not undone."""
    if not lost:
        return ()
    unheld = (id_ for claim in claims if not claim.holds for id_ in claim.evidence)
    names = ", ".join(dict.fromkeys((*sorted(changed), *unheld)))
    return (
        Gap.of(
            what=f"what the records {names[:MOST_NAMED]} say",
            why="sentences about them did not hold when the original records were read again",
            effect=f"{len(lost)} finding(s) that rest on them are left out, and the verdict is formed without them",
            close="look at these records; a changed or damaged file or store is the likely cause",
        ),
    )
