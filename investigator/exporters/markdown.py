"""The report as Markdown: values and commands as code, everything else as plain words."""

from collections.abc import Callable, Iterator, Sequence

from investigator.domain.blast import Used
from investigator.domain.claim import Claim
from investigator.domain.finding import Finding
from investigator.domain.report import CaseDocument
from investigator.domain.timeline import TimelineEntry
from investigator.exporters import markdown_actions, proven
from investigator.exporters.coverage import Line, lines
from investigator.exporters.text import code, entities
from investigator.exporters.wording import (
    DONE,
    STATES,
    VERDICTS,
    clock,
    counted,
    later,
    period,
    sentence,
    title,
)
from investigator.ports.exports import CitedEvidence

Lines = Iterator[str]
MOST_CRITICAL = 30
"""Severe findings that the summary lists."""


def export(document: CaseDocument, evidence: CitedEvidence) -> Iterator[bytes]:
    """UTF-8 text; no clock and no measure in it."""
    for section in SECTIONS:
        if text := "\n".join(section(document)):
            yield f"{text}\n\n".encode()


def _head(document: CaseDocument) -> Lines:
    case, verdict = document.case, document.verdict
    yield f"# {entities(case.title)}"
    yield ""
    yield f"**{VERDICTS[verdict.value]}**, confidence {verdict.confidence.value} · case {code(case.name)}"
    yield ""
    yield f"- Accounts: {_codes(case.accounts) or 'none named'}"
    yield f"- Regions: {_codes(case.regions) or 'none named'}"
    yield f"- Window: {period(case.window)}"
    yield ""
    yield f"> {entities(case.description)}"


def _summary(document: CaseDocument) -> Lines:
    yield "## Summary"
    yield ""
    yield from map(_claim, proven.overview(document))
    yield from _critical(document)
    if document.summary.notes:
        yield ""
        yield from (f"- {entities(note)}" for note in document.summary.notes)
    if document.verdict.would_change_it:
        yield ""
        yield "What would change the verdict:"
        yield ""
        yield from (f"- {entities(reason)}" for reason in document.verdict.would_change_it)


def _critical(document: CaseDocument) -> Lines:
    """The severe findings, a line each, so that one page tells what happened."""
    severe, claims = list(proven.critical(document)), proven.held(document)
    if severe:
        yield ""
        yield "Critical findings:"
        yield ""
    for finding in severe[:MOST_CRITICAL]:
        told = proven.sentences(finding.claims, claims)[0]
        yield f"- {finding.severity.value} · {entities(told.text)} ({finding.id})"
    if len(severe) > MOST_CRITICAL:
        yield f"- and {counted(len(severe) - MOST_CRITICAL, 'more finding')} of high severity below"


def _claim(claim: Claim) -> str:
    label = " *(inferred)*" if claim.basis == "inferred" else ""
    return f"- {entities(claim.text)}{label} [{claim.id}]"


def _findings(document: CaseDocument) -> Lines:
    yield "## Findings"
    claims = proven.held(document)
    found = proven.findings(document)
    if not found:
        yield ""
        yield "None in the accounts, Regions, window and sources under Coverage."
    for finding in found:
        yield ""
        yield f"### {finding.id} · {title(finding.tactic.value)} · {finding.severity.value}"
        yield ""
        yield from map(_claim, proven.sentences(finding.claims, claims))
        yield ""
        yield from _details(finding)


def _details(finding: Finding) -> Lines:
    yield f"- Outcome: {DONE[finding.outcome]}; confidence {finding.confidence.value}"
    if finding.techniques or finding.rules:
        yield f"- ATT&CK {_codes(finding.techniques) or 'none'}; rules {_codes(finding.rules) or 'none'}"
    if finding.entities:
        yield f"- Entities: {_codes(finding.entities)}"
    yield f"- Evidence: {_codes(finding.evidence[:10])}{_more(len(finding.evidence) - 10)}"
    if finding.against:
        yield f"- Against: {_codes(finding.against[:10])}{_more(len(finding.against) - 10)}"


def _codes(values: Sequence[str]) -> str:
    return ", ".join(map(code, values))


def _more(n: int) -> str:
    return f" and {n:,} more" if n > 0 else ""


def _timeline(document: CaseDocument) -> Lines:
    yield "## Timeline"
    yield ""
    yield "All times are UTC."
    yield ""
    yield "| Time | Action | Outcome | Actor | From | On | Why |"
    yield "|---|---|---|---|---|---|---|"
    yield from map(_entry, document.timeline)
    if document.timeline_rest:
        rest = counted(sum(hour.records for hour in document.timeline_rest), "other record")
        yield ""
        yield f"{rest} in {counted(len(document.timeline_rest), 'hour')} stand in the case document as counts."


def _entry(entry: TimelineEntry) -> str:
    times = f" ×{entry.count:,} until {later(entry.last, entry.time)}" if entry.count > 1 else ""
    fields = (
        f"{clock(entry.time)}{times}",
        _in_table(code(entry.action)),
        entry.outcome.value,
        _in_table(code(entry.actor.arn)),
        _in_table(code(entry.origin.ip)),
        _in_table(", ".join(map(code, entry.on))),
        _in_table(code(entry.why)),
    )
    return f"| {' | '.join(fields)} |"


def _in_table(text: str) -> str:
    """A pipe would end the cell even inside a code span."""
    return text.replace("|", "\\|")


def _credentials(document: CaseDocument) -> Lines:
    yield "## Credentials"
    yield ""
    yield "| Credential | Issued to | Issued by | Record | Rule | Certainty |"
    yield "|---|---|---|---|---|---|"
    for credential in document.credentials:
        parts = (credential.id, credential.issued_to, credential.parent or "", credential.by or "")
        values = " | ".join(_in_table(code(part)) for part in parts)
        yield f"| {values} | {entities(credential.rule or '')} | {credential.certainty} |"


def _blast(document: CaseDocument) -> Lines:
    """Three lists that are never mixed; nothing where no rights were read."""
    if document.blast:
        yield "## What the credentials could do"
    claims = proven.held(document)
    for radius in document.blast:
        yield ""
        yield f"### {code(radius.principal)}"
        yield ""
        yield "Could:"
        yield ""
        yield from map(_claim, proven.sentences(radius.claims, claims))
        yield from (f"- not known, see Gaps: {entities(what)}" for what in proven.open_questions(radius, document))
        yield ""
        yield "| Credential | Done | Tried in vain |"
        yield "|---|---|---|"
        yield from (f"| {_in_table(code(u.credential))} | {_calls(u.done)} | {_calls(u.tried)} |" for u in radius.used)


def _calls(used: Sequence[Used]) -> str:
    return _in_table(", ".join(f"{code(one.action)} ×{one.count:,}" for one in used)) or "nothing seen"


def _entities(document: CaseDocument) -> Lines:
    yield "## Entities"
    yield ""
    yield "| Entity | Kind | Role |"
    yield "|---|---|---|"
    for entity in document.entities:
        yield f"| {_in_table(code(entity.value))} | {title(entity.kind.value)} | {title(entity.role.value)} |"


def _actions(document: CaseDocument) -> Lines:
    yield from markdown_actions.section(document.actions)


def _questions(document: CaseDocument) -> Lines:
    yield "## Questions and assumptions"
    yield ""
    yield from (f"- {entities(question.text)} ({entities(question.slot)})" for question in document.questions)
    yield ""
    yield "| Fact | Value | From |"
    yield "|---|---|---|"
    for answer in document.answers:
        note = f" ({entities(answer.note)})" if answer.note else ""
        yield f"| {entities(answer.slot)} | {_in_table(code(answer.value))}{note} | {title(answer.source)} |"


def _coverage(document: CaseDocument) -> Lines:
    yield "## Coverage"
    yield ""
    yield "| Source | Events | Filter | State | Where | Window | Records | Cells |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from map(_covered, lines(document.coverage))


def _covered(line: Line) -> str:
    told = " | ".join(_in_table(code(value)) for value in (line.source, line.events, line.filter))
    where = _in_table(_codes(line.places))
    cells = line.cells[0].id if len(line.cells) == 1 else f"{line.cells[0].id} … {line.cells[-1].id}"
    return f"| {told} | {STATES[line.state]} | {where} | {period(line.window)} | {line.records:,} | {cells} |"


def _gaps(document: CaseDocument) -> Lines:
    yield "## Gaps"
    yield ""
    for gap in document.gaps:
        yield f"- **{entities(gap.what)}**: {entities(gap.why)}"
        yield f"  - Effect: {entities(gap.effect)}"
        yield f"  - To close it: {entities(gap.close)}"


def _evidence(document: CaseDocument) -> Lines:
    yield "## Evidence"
    yield ""
    yield "Each sentence above holds because its predicates do; `investigator verify` checks them again."
    for claim in proven.held(document).values():
        yield ""
        yield f"**{claim.id}** {entities(claim.text)}"
        yield ""
        yield from (f"- {code(sentence(predicate))}" for predicate in claim.predicates)
        if claim.rests_on:
            yield f"- inferred from {', '.join(claim.rests_on)}"
        if claim.evidence:
            yield f"- cites {_codes(claim.evidence[:10])}{_more(len(claim.evidence) - 10)}"


SECTIONS: tuple[Callable[[CaseDocument], Lines], ...] = (
    _head,
    _summary,
    _findings,
    _timeline,
    _credentials,
    _blast,
    _entities,
    _actions,
    _questions,
    _coverage,
    _gaps,
    _evidence,
)
