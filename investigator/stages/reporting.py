"""Reporting: the document is put together from what holds; a model may write over it, never into it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from investigator.domain.case import Header
from investigator.domain.claim import Claim
from investigator.domain.finding import Finding
from investigator.domain.ids import digest16
from investigator.domain.report import CaseDocument, Measures, ProducedBy, Summary
from investigator.domain.stage_results import Assessed, Clarified, Linked, Proposed
from investigator.ports.model import Model, Written


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that the document is made of, before proof."""

    header: Header
    clarified: Clarified
    linked: Linked
    assessed: Assessed
    proposed: Proposed
    notes: tuple[str, ...] = ()


def document(draft: Draft, model: Model | None, frame: tuple[Callable[[], Measures], ProducedBy]) -> CaseDocument:
    """The case document over claims that hold: they were proven before the verdict was formed of them.

    It is measured after the model wrote: that is a request too.
    """
    assessed = draft.assessed
    written = _written(model, assessed)
    claims, overview = _with_prose(assessed, written)
    measured, produced_by = frame
    return CaseDocument(
        case=draft.header.model_copy(update={"id": _document_id(draft, claims, assessed.findings)}),
        questions=draft.clarified.questions,
        answers=draft.clarified.answers,
        verdict=assessed.verdict,
        summary=Summary(overview=overview, notes=_notes(draft, written)),
        claims=claims,
        findings=assessed.findings,
        timeline=assessed.timeline,
        timeline_rest=assessed.timeline_rest,
        gaps=assessed.gaps,
        actions=draft.proposed.actions,
        entities=assessed.entities,
        credentials=draft.linked.credentials,
        blast=assessed.blast,
        coverage=assessed.cells,
        measures=measured(),
        produced_by=produced_by,
    )


def _written(model: Model | None, assessed: Assessed) -> Written | None:
    if model is None:
        return None
    shown = [claim for claim in assessed.claims if claim.holds and claim.id in assessed.overview]
    return model.write(shown, assessed.verdict.value)


def _with_prose(assessed: Assessed, written: Written | None) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The model's sentences as inferred claims before the proven ones that they rest on."""
    proven = assessed.claims
    holding = {claim.id for claim in proven if claim.holds}
    prose = tuple(
        Claim(id=f"c{len(proven) + n}", text=line.text, basis="inferred", rests_on=line.claims, holds=True)
        for n, line in enumerate(written.sentences if written else (), 1)
    )
    return (*proven, *prose), (
        *(claim.id for claim in prose),
        *(id_ for id_ in assessed.overview if id_ in holding),
    )


def _notes(draft: Draft, written: Written | None) -> tuple[str, ...]:
    notes = [*draft.notes, *(f"Assumed: {text}" for text in draft.clarified.assumptions)]
    failed = sum(not claim.holds for claim in draft.assessed.claims)
    if failed:
        notes.append(f"{failed} sentence(s) did not hold against the raw records and are not shown.")
    if written is not None:
        notes += _about_the_model(written)
    return tuple(notes)


def _about_the_model(written: Written) -> list[str]:
    notes: list[str] = []
    if written.sentences:
        notes.append("The first sentences of the summary were written by a model over proven claims; check them.")
    if written.disagrees:
        notes.append(f"The model disagrees: it would say “{written.disagrees}”. The verdict above is the code's.")
    if written.dropped:
        notes.append(f"{written.dropped} sentence(s) of the model were dropped: they cited nothing that says so.")
    if not written.sentences and not written.trouble:
        notes.append("The model wrote no summary that can be shown.")
    if written.trouble:
        notes.append(f"{written.trouble[0].upper()}{written.trouble[1:]}.")
    return notes


def _document_id(draft: Draft, claims: Sequence[Claim], findings: Sequence[Finding]) -> str:
    cited = {id_ for claim in claims for id_ in claim.evidence} | {i for f in findings for i in f.evidence}
    answers = json.dumps([answer.model_dump() for answer in draft.clarified.answers], sort_keys=True)
    return digest16(draft.header.name, draft.header.description, answers, *sorted(cited))
