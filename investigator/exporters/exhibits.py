"""The cited records and answers as exhibits: what a reader sees who follows a sentence to its proof."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup
from pydantic import JsonValue

from investigator.domain.answers import calls_of, merged
from investigator.domain.citations import ANSWER_KIND, RECORD_KINDS, cited_by_claim
from investigator.domain.ids import EvidenceId
from investigator.domain.paths import first_text
from investigator.domain.redaction import redacted_record
from investigator.domain.report import CaseDocument
from investigator.domain.safe_text import redact_json
from investigator.exporters.pretty import pretty
from investigator.exporters.proven import held
from investigator.exporters.read_once import ReadOnce
from investigator.ports.exports import CitedEvidence

OF_A_CLAIM = 20
"""Records that one claim brings into the report; the rest stand in the bundle."""
MOST = 300
"""Exhibits of one report at most."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One record or answer, secrets redacted."""

    anchor: str
    id: EvidenceId
    time: str
    action: str
    by: str
    error: str
    content: Markup


def exhibits(document: CaseDocument, evidence: CitedEvidence) -> Iterator[Exhibit]:
    """What the shown claims cite, in their order, then the first record of each line of the timeline."""
    wanted = tuple(dict.fromkeys(_cited(document)))[:MOST]
    read = ReadOnce(evidence, wanted)
    values = ((name, _value(name, read)) for name in wanted)
    found = ((name, value) for name, value in values if value is not None)
    return (_exhibit(f"r{number}", name, value) for number, (name, value) in enumerate(found, start=1))


def _cited(document: CaseDocument) -> Iterator[EvidenceId]:
    for claim in held(document).values():
        yield from cited_by_claim(claim)[:OF_A_CLAIM]
    for entry in document.timeline:
        yield from entry.evidence[:1]


def _value(name: EvidenceId, evidence: CitedEvidence) -> JsonValue:
    if name.startswith(RECORD_KINDS):
        return redacted_record(evidence.record(name).original)
    if name.startswith((ANSWER_KIND, "alert:")):
        calls = calls_of(evidence.answer(name).decode("utf-8", "replace").splitlines())
        return redact_json(merged([page.body for page in calls[-1] if page.error is None])) if calls else None
    return None


def _exhibit(anchor: str, name: EvidenceId, value: JsonValue) -> Exhibit:
    return Exhibit(
        anchor=anchor,
        id=name,
        time=first_text(value, "eventTime"),
        action=_action(value) or ("AWS answer" if name.startswith(ANSWER_KIND) else "alert"),
        by=first_text(value, "userIdentity.arn"),
        error=first_text(value, "errorCode"),
        content=pretty(value),
    )


def _action(value: JsonValue) -> str:
    service = first_text(value, "eventSource").removesuffix(".amazonaws.com")
    return f"{service}:{first_text(value, 'eventName')}" if service else ""
