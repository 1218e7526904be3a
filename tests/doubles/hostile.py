"""Strings that attack a terminal or a screen, and a case that has them in every field."""

from pydantic import JsonValue

from investigator.domain.case import CaseView
from investigator.domain.report import CaseDocument
from investigator.domain.safe_text import visible

HOSTILE = (
    "\x1b]0;pwned\x07",
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1bP+q544e\x1b\\",
    "\x1b_Gpayload\x1b\\",
    "\x1b[2J\x1b[H",
    "\x9b31m",
    "\x00\x08\x7f",
    "a\r\nb\tc",
    "\u202egnp.exe",
    "\u2066\u200b\ufeff",
    "\U000e0041\U000e0042",
    "[/bold]",
    "[@click=app.quit]x[/]",
    "[link=https://example.com]x[/link]",
    "\\x1b[31m",
)
ATTACK = "".join(HOSTILE)

_KEPT = {
    "id", "slot", "kind", "basis", "state", "status", "role", "severity", "confidence", "tactic", "outcome", "phase", "risk",
    "value", "schema", "scenario", "time", "last", "hour", "from", "to", "start", "end", "as_of", "opened", "source", "certainty",
    "evidence", "by", "a", "b", "records", "parent", "claims", "needs", "for", "against", "unknown", "overview", "rests_on",
    "cells", "where", "events", "scope",
}  # fmt: skip


def attacked(document: CaseDocument) -> CaseDocument:
    """The document with the attack behind every free text; ids, times and closed words stay."""
    return CaseDocument.model_validate(_attacked(document.model_dump(mode="json"), ""))


def attacked_view(view: CaseView) -> CaseView:
    header = view.case.model_copy(update={"title": view.case.title + ATTACK})
    return view.model_copy(update={"case": header})


def attacked_record(record: JsonValue) -> JsonValue:
    """Every key and every value of a record attacked."""
    if isinstance(record, dict):
        return {key + ATTACK: attacked_record(value) for key, value in record.items()}
    if isinstance(record, list):
        return [attacked_record(value) for value in record]
    return record + ATTACK if isinstance(record, str) else record


def _attacked(value: JsonValue, key: str) -> JsonValue:
    if isinstance(value, dict):
        return {name: _attacked(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_attacked(inner, key) for inner in value]
    return value + ATTACK if isinstance(value, str) and key not in _KEPT else value


def acts_on_a_terminal(text: str) -> bool:
    """Whether the text holds a control, bidi or hidden character."""
    plain = text.replace("\\", "")
    return visible(plain) != plain
