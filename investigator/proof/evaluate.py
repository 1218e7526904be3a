"""Claims judged: each predicate on the original records, completeness over its cells, inference on what it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from investigator.domain.citations import RECORD_KINDS, cited_by_claim
from investigator.domain.claim import COMPLETENESS, Claim
from investigator.domain.coverage import Cell
from investigator.domain.ids import EvidenceId
from investigator.ports.store import Coverage
from investigator.proof.answers import Answers
from investigator.proof.completeness import Once, unmet_by_cells
from investigator.proof.hidden import is_hidden
from investigator.proof.predicates import Evidence, unmet
from investigator.proof.records import Records


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one claim; `open` when only the originals can say whether it is complete."""

    reason: str = ""
    open: bool = False

    @property
    def holds(self) -> bool:
        return not self.reason and not self.open


def evaluate(
    claims: Sequence[Claim], cells: Sequence[Cell], records: Records, answers: Answers, coverage: Coverage
) -> tuple[Claim, ...]:
    """The claims with `holds` set; only those that hold may be shown."""
    evidence = Evidence(records.read(cited_records(claims)), answers)
    judged = judge(claims, cells, evidence, Once(coverage))
    return tuple(claim.model_copy(update={"holds": judged[claim.id].holds}) for claim in claims)


def cited_records(claims: Iterable[Claim]) -> tuple[EvidenceId, ...]:
    """The ids of all records that the claims cite, each once, in order."""
    named = (name for claim in claims for name in cited_by_claim(claim))
    return tuple(dict.fromkeys(name for name in named if name.startswith(RECORD_KINDS)))


def judge(
    claims: Sequence[Claim], cells: Sequence[Cell], evidence: Evidence, coverage: Coverage | None
) -> Mapping[str, Judged]:
    """Each claim by id; without coverage, what speaks of completeness stays open."""
    by_id = {cell.id: cell for cell in cells}
    judged = {claim.id: _observed(claim, by_id, evidence, coverage) for claim in claims}
    pending = [claim for claim in claims if claim.basis == "inferred" and judged[claim.id].holds]
    for claim in pending:
        judged[claim.id] = Judged("it rests on itself")
    for _ in pending:
        before = dict(judged)
        for claim in pending:
            judged[claim.id] = _inferred(claim, judged)
        if judged == before:
            break
    return judged


def _observed(claim: Claim, cells: Mapping[str, Cell], evidence: Evidence, coverage: Coverage | None) -> Judged:
    if claim.basis == "observed" and not claim.predicates:
        return Judged("an observed claim needs predicates")
    if reason := evidence.missing(claim.evidence):
        return Judged(reason)
    reasons = [unmet(predicate, claim, evidence) for predicate in claim.predicates]
    if any(reasons) and is_hidden(claim, evidence):
        return Judged(open=True)
    if coverage is not None:
        reasons += [unmet_by_cells(predicate, cells, coverage) for predicate in claim.predicates]
    is_open = coverage is None and any(isinstance(predicate, COMPLETENESS) for predicate in claim.predicates)
    return Judged(next(filter(None, reasons), ""), is_open)


def _inferred(claim: Claim, judged: Mapping[str, Judged]) -> Judged:
    if not claim.rests_on:
        return Judged("an inferred claim needs claims to rest on")
    below = [judged.get(name, Judged(f"there is no claim {name}")) for name in claim.rests_on]
    for name, one in zip(claim.rests_on, below, strict=True):
        if one.reason:
            return Judged(f"{name}, on which it rests, does not hold: {one.reason}")
    return Judged(open=any(one.open for one in below))
