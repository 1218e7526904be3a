"""What a sentence says against what its predicates say: numbers, times, addresses, keys and names."""

import re
from collections.abc import Iterator

from investigator.domain.claim import Absent, Claim, Count, StateIs
from investigator.domain.report import CaseDocument

_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC")
_TIMES = re.compile(r"\b(twice|([\d,]+) times)\b")
_THINGS = re.compile(r"^([\d,]+) (?:object|instance)s?\b")
_NAMES = re.compile(r"\b(?:A[KS]IA[A-Z0-9]{12,}|i-[0-9a-f]{8,17}|\d{1,3}(?:\.\d{1,3}){3})\b")
_ABSENCE = re.compile(r"\bno (?:earlier )?(?:call|management event|StartLogging)|\bNo earlier\b")


def uncarried(document: CaseDocument) -> list[str]:
    """What observed sentences of a document say and no predicate of theirs does."""
    return [f"{claim.id}: {word}" for claim in document.claims if claim.basis == "observed" for word in _of(claim)]


def _of(claim: Claim) -> Iterator[str]:
    carried = " ".join(predicate.model_dump_json(by_alias=True) for predicate in claim.predicates)
    counts = {predicate.n for predicate in claim.predicates if isinstance(predicate, Count)}
    counts |= {int(p.value) for p in claim.predicates if isinstance(p, StateIs) and p.value.isdecimal()}
    yield from (f"{day}T{clock}" for day, clock in _TIME.findall(claim.text) if f"{day}T{clock}" not in carried)
    yield from (name for name in _NAMES.findall(claim.text) if name not in carried)
    yield from (text for text, n in _numbers(claim.text) if n not in counts)
    if _ABSENCE.search(claim.text) and not any(isinstance(predicate, Absent) for predicate in claim.predicates):
        yield "an absence"


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    for word, digits in _TIMES.findall(text):
        yield word, 2 if word == "twice" else int(digits.replace(",", ""))
    for digits in _THINGS.findall(text):
        yield digits, int(digits.replace(",", ""))
