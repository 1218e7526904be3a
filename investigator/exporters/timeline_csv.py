"""The timeline as a table for spreadsheets, one entry a row."""

import csv
import io
from collections.abc import Iterator, Sequence

from investigator.domain.report import CaseDocument
from investigator.domain.timeline import TimelineEntry
from investigator.domain.times import to_text
from investigator.exporters.text import cell
from investigator.ports.exports import CitedEvidence

COLUMNS = (
    "id time last count source action outcome actor credential ip agent on account region tactic phase why evidence"
).split()


def export(document: CaseDocument, evidence: CitedEvidence) -> Iterator[bytes]:
    """RFC 4180 in UTF-8; every field is quoted, and none is a formula."""
    yield _line(COLUMNS)
    for entry in document.timeline:
        yield _line(_row(entry))


def _row(entry: TimelineEntry) -> list[str]:
    return [
        entry.id,
        to_text(entry.time) if entry.time else "",
        to_text(entry.last) if entry.last else "",
        str(entry.count),
        entry.source,
        entry.action,
        entry.outcome.value,
        entry.actor.arn,
        entry.credential,
        entry.origin.ip,
        entry.origin.agent,
        " ".join(entry.on),
        entry.place.account,
        entry.place.region,
        entry.tactic.value if entry.tactic else "",
        entry.phase,
        entry.why,
        " ".join(entry.evidence),
    ]


def _line(fields: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(map(cell, fields))
    return line.getvalue().encode()
