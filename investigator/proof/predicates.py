"""Each kind of predicate that speaks of cited evidence, evaluated on raw records and saved answers.

Every function returns why the predicate does not hold, or "" when it does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from investigator.domain.citations import ANSWER_KIND, RECORD_KINDS, cited_by
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
from investigator.domain.paths import select, text_of, texts
from investigator.domain.search import NotASearch
from investigator.proof.answers import Answers, whole_answer
from investigator.proof.links import leads
from investigator.proof.matching import matches, read_where
from investigator.proof.measures import compares, measured
from investigator.proof.permissions import unmet_by_details
from investigator.proof.record import Record, issued_key, signing_key, time_of

EVENTS = "events"
"""What a count is over when it is not over the values of a path."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a claim may rest on: the cited records and the saved answers."""

    records: Mapping[EvidenceId, Record]
    answers: Answers
    redacted: bool = False
    """Whether secret values were replaced, as in a bundle."""

    def missing(self, ids: Sequence[EvidenceId]) -> str:
        """Which of the cited records and answers cannot be read, as a reason."""
        lost = [
            cited
            for cited in ids
            if (cited.startswith(RECORD_KINDS) and cited not in self.records)
            or (cited.startswith(ANSWER_KIND) and not self.answers.saved(cited))
        ]
        return f"{', '.join(lost[:3])} cannot be read again" if lost else ""

    def those(self, ids: Sequence[EvidenceId]) -> tuple[Record, ...]:
        return tuple(self.records[cited] for cited in ids if cited in self.records)


def unmet(predicate: Predicate, claim: Claim, evidence: Evidence) -> str:
    """Why a predicate does not hold on cited evidence; "" when it does.

    One of completeness can only be contradicted here: what its cells hold beyond these is counted elsewhere.
    """
    if reason := evidence.missing(cited_by(predicate)):
        return reason
    if isinstance(predicate, StateIs | MeasureIs):
        return _unmet_by_answer(predicate, whole_answer(evidence.answers.saved(predicate.answer)))
    if isinstance(predicate, Permits | Reaches):
        return unmet_by_details(predicate, evidence.answers.saved(predicate.answer))
    if isinstance(predicate, Count | First | Last | Absent):
        return _contradicted(predicate, evidence.those(claim.evidence))
    named = claim.evidence if isinstance(predicate, Exists) else cited_by(predicate)
    return _unmet_by_records(predicate, evidence.those(named))


def _unmet_by_records(predicate: Predicate, records: Sequence[Record]) -> str:
    match predicate:
        case Exists():
            return _exists(predicate, records)
        case Before():
            return _before(records)
        case SameCredential():
            return _same_credential(predicate, records)
        case Issued():
            return _issued(predicate, records)
        case Linked():
            return _linked(predicate, records)
        case _:
            return ""


def _contradicted(predicate: Count | First | Last | Absent, records: Sequence[Record]) -> str:
    """What among the cited records speaks against a statement on all records."""
    try:
        where = read_where(predicate.where)
    except NotASearch as unreadable:
        return str(unreadable)
    matching = [record for record in records if matches(record, where)]
    times = [moment for record in matching if (moment := time_of(record)) is not None]
    match predicate:
        case Count():
            counted = predicate.over == EVENTS and len(matching) > predicate.n
            return f"{len(matching)} cited records match, not {predicate.n}" if counted else ""
        case First():
            return "a cited record is earlier" if any(moment < predicate.time for moment in times) else ""
        case Last():
            return "a cited record is later" if any(moment > predicate.time for moment in times) else ""
        case Absent():
            return "a cited record matches" if matching else ""


def _unmet_by_answer(predicate: StateIs | MeasureIs, answer: JsonValue) -> str:
    try:
        return _state(predicate, answer) if isinstance(predicate, StateIs) else _measure(predicate, answer)
    except ValueError as unreadable:
        return str(unreadable)


def _exists(predicate: Exists, records: Sequence[Record]) -> str:
    try:
        where = read_where(predicate.where)
    except NotASearch as unreadable:
        return str(unreadable)
    return "" if any(matches(record, where) for record in records) else f"no cited record matches {predicate.where}"


def _before(records: Sequence[Record]) -> str:
    first, second = time_of(records[0]), time_of(records[-1])
    holds = first is not None and second is not None and first < second
    return "" if holds else "the first record is not earlier than the second"


def _same_credential(predicate: SameCredential, records: Sequence[Record]) -> str:
    signed = bool(records) and all(signing_key(record) == predicate.key for record in records)
    return "" if signed else f"not every record was signed with {predicate.key}"


def _issued(predicate: Issued, records: Sequence[Record]) -> str:
    handed_out = bool(predicate.key) and all(issued_key(record) == predicate.key for record in records)
    return "" if handed_out else f"{predicate.by} did not hand out {predicate.key}"


def _linked(predicate: Linked, records: Sequence[Record]) -> str:
    holds = leads(predicate.rule, predicate.parent, predicate.child, records)
    return "" if holds else f"rule {predicate.rule} does not lead from {predicate.parent} to {predicate.child}"


def _state(predicate: StateIs, answer: JsonValue) -> str:
    values = [*texts(answer, predicate.path), *map(_whole, select(answer, predicate.path))]
    holds = predicate.value in values
    return "" if holds else f"{predicate.answer} does not say {predicate.value} at {predicate.path}"


def _whole(value: JsonValue) -> str:
    """A value as one text; a list of scalars as path picks write it, joined by commas."""
    if isinstance(value, list) and not any(isinstance(element, list | dict) for element in value):
        return ",".join(map(text_of, value))
    return text_of(value)


def _measure(predicate: MeasureIs, answer: JsonValue) -> str:
    amount = measured(predicate, answer)
    if amount is None:
        return f"{predicate.answer} has no such amount at {predicate.path}"
    return "" if compares(amount, predicate.op, predicate.value) else f"the {predicate.agg} is {amount}"
