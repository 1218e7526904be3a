"""Reporting: claims are evaluated against the raw records, then the document is put together from what holds."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from investigator.domain.case import Header
from investigator.domain.claim import Claim
from investigator.domain.finding import Finding
from investigator.domain.gap import Gap
from investigator.domain.ids import digest16
from investigator.domain.report import CaseDocument, Judgement, Measures, ProducedBy, Summary
from investigator.domain.stage_results import Assessed, Clarified, Linked, Proposed
from investigator.domain.timeline import TimelineEntry
from investigator.domain.words import Confidence, Verdict
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


def document(
    draft: Draft, proven: Sequence[Claim], model: Model | None, frame: tuple[Callable[[], Measures], ProducedBy]
) -> CaseDocument:
    """The case document over claims that `proof` has evaluated; what does not hold supports nothing any more.

    It is measured after the model wrote: that is a request too.
    """
    assessed = draft.assessed
    holding = {claim.id for claim in proven if claim.holds}
    findings = tuple(finding for finding in assessed.findings if holding.issuperset(finding.claims))
    kept = {finding.id for finding in findings}
    written = _written(model, proven, assessed)
    claims, overview = _with_prose(proven, tuple(id_ for id_ in assessed.overview if id_ in holding), written)
    measured, produced_by = frame
    return CaseDocument(
        case=draft.header.model_copy(update={"id": _document_id(draft, claims, findings)}),
        questions=draft.clarified.questions,
        answers=draft.clarified.answers,
        verdict=_verdict(assessed.verdict, kept),
        summary=Summary(overview=overview, notes=_notes(draft, proven, written)),
        claims=claims,
        findings=findings,
        timeline=tuple(_why_kept(entry, kept) for entry in assessed.timeline),
        timeline_rest=assessed.timeline_rest,
        gaps=(*assessed.gaps, *_unproven(proven)),
        actions=tuple(action for action in draft.proposed.actions if kept.intersection(action.needs)),
        entities=assessed.entities,
        credentials=draft.linked.credentials,
        coverage=assessed.cells,
        measures=measured(),
        produced_by=produced_by,
    )


def _verdict(judgement: Judgement, kept: set[str]) -> Judgement:
    supports = tuple(id_ for id_ in judgement.supports if id_ in kept)
    against = tuple(id_ for id_ in judgement.against if id_ in kept)
    update: dict[str, object] = {"supports": supports, "against": against}
    lost = (judgement.supports and not supports) or (judgement.against and not against and not supports)
    if lost:
        update |= {"value": Verdict.INCONCLUSIVE, "confidence": Confidence.LOW}
    return judgement.model_copy(update=update)


def _why_kept(entry: TimelineEntry, kept: set[str]) -> TimelineEntry:
    gone = entry.why.startswith("f") and entry.why[1:].isdigit() and entry.why not in kept
    return entry.model_copy(update={"why": entry.actor.arn}) if gone else entry


def _written(model: Model | None, proven: Sequence[Claim], assessed: Assessed) -> Written | None:
    if model is None:
        return None
    shown = [claim for claim in proven if claim.holds and claim.id in assessed.overview]
    return model.write(shown, assessed.verdict.value)


def _with_prose(
    proven: Sequence[Claim], overview: tuple[str, ...], written: Written | None
) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The model's sentences as inferred claims before the proven ones that they rest on."""
    prose = tuple(
        Claim(id=f"c{len(proven) + n}", text=line.text, basis="inferred", rests_on=line.claims, holds=True)
        for n, line in enumerate(written.sentences if written else (), 1)
    )
    return (*proven, *prose), (*(claim.id for claim in prose), *overview)


def _notes(draft: Draft, proven: Sequence[Claim], written: Written | None) -> tuple[str, ...]:
    notes = [*draft.notes, *(f"Assumed: {text}" for text in draft.clarified.assumptions)]
    failed = sum(not claim.holds for claim in proven)
    if failed:
        notes.append(f"{failed} sentence(s) did not hold against the raw records and are not shown.")
    if written is not None:
        notes += _about_the_model(written)
    return tuple(notes)


def _unproven(proven: Sequence[Claim]) -> tuple[Gap, ...]:
    """A Gap that names the records of sentences that did not hold: what they say is open, not undone."""
    cited = [id_ for claim in proven if not claim.holds and claim.basis == "observed" for id_ in claim.evidence]
    if not cited:
        return ()
    names = ", ".join(dict.fromkeys(cited))
    return (
        Gap.of(
            what=f"what the records {names[:2_000]} say",
            why="sentences about them did not hold when the original records were read again",
            effect="these sentences are not shown, and findings that rest on them are left out",
            close="look at these records; a changed or damaged file or store is the likely cause",
        ),
    )


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
