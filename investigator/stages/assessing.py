"""Assessing: from linked records and hits to findings, roles, timeline and one of five verdicts (specification 9.7)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from investigator.domain.claim import Claim, Count
from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.event import Event
from investigator.domain.finding import Finding
from investigator.domain.gap import Gap
from investigator.domain.index_report import FileReport
from investigator.domain.report import Judgement
from investigator.domain.search import Search
from investigator.domain.stage_results import Assessed
from investigator.domain.timeline import TimelineEntry
from investigator.domain.times import to_text
from investigator.domain.words import Severity, Tactic
from investigator.stages.assessment.blast_radius import blast_radii
from investigator.stages.assessment.blind_spots import blind_spots
from investigator.stages.assessment.conclusion import Conclusion, not_critical
from investigator.stages.assessment.counting import Ledger
from investigator.stages.assessment.gap_groups import grouped
from investigator.stages.assessment.judging import Opinion, judge
from investigator.stages.assessment.merging import merged
from investigator.stages.assessment.of_clearance import cleared_findings
from investigator.stages.assessment.of_cost import cost_findings
from investigator.stages.assessment.of_credentials import credential_findings
from investigator.stages.assessment.of_effects import effect_findings
from investigator.stages.assessment.of_hits import hit_findings
from investigator.stages.assessment.of_leaving import leaving_findings
from investigator.stages.assessment.of_response import alert_findings, response_findings
from investigator.stages.assessment.of_secrets import secret_findings
from investigator.stages.assessment.of_sign_ins import sign_in_findings
from investigator.stages.assessment.proving import Proof, after, lost_gap, proven, sentences_of, without
from investigator.stages.assessment.responders import Responder, responders
from investigator.stages.assessment.roles import roles, unaccused
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.timeline_of import cited_events, reasons, rest_by_hour, timeline
from investigator.stages.assessment.told import is_exposed, planned
from investigator.stages.assessment.tracing import trace
from investigator.stages.assessment.wording import clock
from investigator.stages.matter import Matter, in_order

LONGEST_SUMMARY = 120
"""Words (specification 9.10)."""

MOST_SUPPORTS = 8
"""Claims that the verdict rests on."""


def assess(matter: Matter, files: tuple[FileReport, ...], proof: Proof) -> Assessed:
    """The judgement over everything that was gathered, formed from the findings whose claims hold."""
    refused, asked = grouped(matter.gathered.gaps, matter.gathered.cells)
    cells = numbered_cells((*asked, *matter.store.cells()))
    held = _held(matter, cells, proof)
    opinion = judge(held.trace, held.conclusions, matter, lost=bool(held.lost))
    accusing = opinion.accuses or (is_exposed(matter) and not planned(matter))
    held = held if opinion.accuses else replace(held, conclusions=tuple(map(not_critical, held.conclusions)))
    numbered, findings = _numbered(held.conclusions)
    claims = (*(_holds(claim) for claim in numbered), *(() if findings else _what_was_read(matter, cells, proof)))
    verdict_claim, overview = _overview(opinion, held.conclusions, findings, claims)
    left_open = (gap for conclusion in held.conclusions for gap in conclusion.gaps)
    spots = blind_spots(held.trace, matter, cells, files)
    told = (*claims, verdict_claim, *after(len(claims) + 1, held.failed))
    reached = blast_radii(held.trace, matter, cells, proof).numbered(len(told))
    gaps = _unique((*spots, *refused, *matter.linked.gaps, *left_open, *held.lost, *reached.gaps))
    shown = _shown(held, findings, matter)
    cast = roles(held.trace, held.responded, matter)
    return Assessed(
        verdict=_judgement(opinion, held.conclusions, findings, gaps),
        claims=(*told, *reached.claims),
        overview=overview,
        findings=findings,
        timeline=_timeline(shown, held, findings, matter),
        timeline_rest=rest_by_hour(matter, shown),
        entities=cast if accusing else unaccused(cast),
        gaps=gaps,
        cells=cells,
        blast=reached.radii,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """What proof left: the trace, the responders and the conclusions, and a Gap for what was lost."""

    trace: Trace
    responded: tuple[Responder, ...]
    conclusions: tuple[Conclusion, ...]
    lost: tuple[Gap, ...] = ()
    failed: tuple[Claim, ...] = ()
    """The sentences of what was lost first; what rested on them is not told again."""


def _held(matter: Matter, cells: tuple[Cell, ...], proof: Proof) -> _Held:
    """The conclusions that hold; what rests on a lost one is drawn again without it, until nothing more is lost."""
    found, gaps, failed = trace(matter), (), ()
    while True:
        responded = responders(found, matter)
        drawn = _in_order(merged(_conclusions(found, responded, matter, cells)))
        claims, _ = _numbered(drawn)
        judged = proof.judged(claims, cells)
        changed = proof.changed(cited_events(drawn, matter.store))
        kept, lost = proven(drawn, judged, changed)
        gaps, failed = gaps or lost_gap(lost, judged, changed), failed or sentences_of(lost, judged)
        left = without(found, lost)
        if len(left.tainted) == len(found.tainted):
            return _Held(left, _holding(responded, lost), kept, gaps, failed)
        found = left


def _holding(responded: tuple[Responder, ...], lost: Sequence[Conclusion]) -> tuple[Responder, ...]:
    """The responders of whom a finding is left."""
    gone = {name for conclusion in lost if conclusion.tactic is Tactic.RESPONSE for name in conclusion.entities}
    return tuple(responder for responder in responded if responder.principal not in gone)


def numbered_cells(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells in document order, with their ids v1 …"""
    ordered = sorted(cells, key=lambda cell: cell.model_dump_json(exclude={"id"}))
    return tuple(cell.model_copy(update={"id": f"v{number}"}) for number, cell in enumerate(ordered, 1))


def _conclusions(
    found: Trace, responded: tuple[Responder, ...], matter: Matter, cells: tuple[Cell, ...]
) -> list[Conclusion]:
    responding = frozenset(event.id for responder in responded for event in responder.events)
    others = frozenset((*(event.principal for event in found.events), *(one.principal for one in responded)))
    ledger = Ledger(matter.store, cells, matter.window)
    return [
        *credential_findings(found, matter, ledger),
        *hit_findings(found, matter, responding, ledger),
        *effect_findings(found, matter, ledger),
        *sign_in_findings(found, ledger),
        *secret_findings(found, matter, ledger),
        *leaving_findings(found, matter, ledger),
        *cost_findings(found, matter),
        *alert_findings(matter, found),
        *response_findings(responded),
        *cleared_findings(found.cleared, others, ledger),
    ]


def _in_order(conclusions: list[Conclusion]) -> list[Conclusion]:
    return sorted(
        conclusions,
        key=lambda c: (c.when is None, to_text(c.when) if c.when else "", c.sentences[0].text),
    )


def _numbered(conclusions: Sequence[Conclusion]) -> tuple[tuple[Claim, ...], tuple[Finding, ...]]:
    claims: list[Claim] = []
    findings: list[Finding] = []
    for number, conclusion in enumerate(conclusions, 1):
        ids: list[str] = []
        for sentence in conclusion.sentences:
            claim = Claim(
                id=f"c{len(claims) + 1}",
                text=sentence.text,
                basis="observed",
                predicates=sentence.predicates,
                evidence=sentence.evidence,
            )
            claims.append(claim)
            ids.append(claim.id)
        findings.append(_finding(f"f{number}", tuple(ids), conclusion))
    return tuple(claims), tuple(findings)


def _finding(id_: str, claims: tuple[str, ...], conclusion: Conclusion) -> Finding:
    return Finding(
        id=id_,
        claims=claims,
        confidence=conclusion.confidence,
        severity=conclusion.severity,
        tactic=conclusion.tactic,
        techniques=conclusion.techniques,
        rules=conclusion.rules,
        entities=tuple(name for name in conclusion.entities if name),
        evidence=conclusion.evidence,
        against=conclusion.against,
        outcome=conclusion.outcome,
    )


def _overview(
    opinion: Opinion, conclusions: Sequence[Conclusion], findings: Sequence[Finding], claims: Sequence[Claim]
) -> tuple[Claim, tuple[str, ...]]:
    """The verdict as an inferred claim, and the sentences of the summary in the order to read."""
    pairs = [(c, f) for c, f in zip(conclusions, findings, strict=True) if c.headline]
    by_weight = _by_weight(pairs, conclusions)
    chosen = _short([opinion.because, *(conclusion.sentences[0].text for conclusion, _ in by_weight)])
    told = {finding.id for _, finding in by_weight[: chosen - 1]}
    in_time = [finding.claims[0] for finding in findings if finding.id in told]
    supporting = [f.claims[0] for c, f in zip(conclusions, findings, strict=True) if c.headline and c.hostile]
    verdict = Claim(
        id=f"c{len(claims) + 1}",
        text=opinion.because,
        basis="inferred",
        rests_on=tuple(supporting[:MOST_SUPPORTS]) or tuple(in_time) or tuple(claim.id for claim in claims[:1]),
    )
    return verdict.model_copy(update={"holds": bool(verdict.rests_on)}), (verdict.id, *in_time)


def _by_weight(
    pairs: Sequence[tuple[Conclusion, Finding]], conclusions: Sequence[Conclusion]
) -> list[tuple[Conclusion, Finding]]:
    """What the summary tells first: the credential with which most was done, then what was done, then the others."""
    done = Counter[str]()
    for conclusion in conclusions:
        if conclusion.hostile:
            done.update(dict.fromkeys(conclusion.entities, conclusion.severity.number))

    def weight(pair: tuple[Conclusion, Finding]) -> tuple[int, int, int]:
        told = pair[0]
        return (told.headline, -max((done[name] for name in told.entities), default=0), -told.severity.number)

    ordered = sorted(pairs, key=weight)
    first = [pair for pair in ordered if pair[0].headline == ordered[0][0].headline]
    return [*first[:1], *ordered[len(first) :], *first[1:]]


def _holds(claim: Claim) -> Claim:
    return claim.model_copy(update={"holds": True})


def _what_was_read(matter: Matter, cells: tuple[Cell, ...], proof: Proof) -> tuple[Claim, ...]:
    """What a verdict without any finding rests on: how many records of the time in question were read."""
    window = matter.window
    logs = tuple(cell for cell in cells if cell.source == LOG_FILES)
    if not logs:
        return ()
    where = Search().within(window.start, window.end)
    n = matter.store.count(where, "events", logs)
    text = f"The records given hold {n:,} calls from {clock(window.start)} until {clock(window.end)}."
    count = Count(where=str(where), n=n, cells=tuple(cell.id for cell in logs))
    return proof.judged((Claim(id="c1", text=text, basis="observed", predicates=(count,)),), cells)


def _short(sentences: Sequence[str]) -> int:
    """How many of the sentences fit into a summary; always the first two."""
    words = list(accumulate(len(sentence.split()) for sentence in sentences))
    return max(2, sum(total <= LONGEST_SUMMARY for total in words))


def _judgement(
    opinion: Opinion, conclusions: Sequence[Conclusion], findings: Sequence[Finding], gaps: Sequence[Gap]
) -> Judgement:
    pairs = list(zip(conclusions, findings, strict=True))
    weighty = [f.id for c, f in pairs if c.supports and (c.hostile or c.severity.number >= Severity.MEDIUM.number)]
    return Judgement(
        value=opinion.verdict,
        confidence=opinion.confidence,
        supports=tuple(weighty),
        against=tuple(f.id for c, f in pairs if not c.supports),
        unknown=tuple(gap.id for gap in gaps),
        would_change_it=opinion.would_change_it,
    )


def _unique(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    return tuple(sorted({gap.id: gap for gap in gaps}.values(), key=lambda gap: gap.id))


def _shown(held: _Held, findings: Sequence[Finding], matter: Matter) -> tuple[Event, ...]:
    """The records that the timeline holds."""
    acts = (event for responder in held.responded for event in responder.events)
    return in_order((*held.trace.events, *acts, *cited_events(findings, matter.store)))


def _timeline(
    shown: Sequence[Event], held: _Held, findings: Sequence[Finding], matter: Matter
) -> tuple[TimelineEntry, ...]:
    actors = {event.id: taint.credential.id for taint in held.trace.tainted for event in taint.events}
    actors |= {event.id: event.principal for responder in held.responded for event in responder.events}
    alerts = [alert for alert in matter.alerts if alert.type_at]
    pairs = zip(held.conclusions, findings, strict=True)
    clearing = frozenset(finding.id for conclusion, finding in pairs if conclusion.clears)
    return timeline(shown, alerts, reasons(findings, actors, clearing))
