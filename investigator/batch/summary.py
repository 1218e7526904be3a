"""The summary of a batch: one row a case, as CSV and as one HTML page."""

import base64
import csv
import hashlib
import html
import io
from collections import Counter
from collections.abc import Mapping, Sequence

from pydantic import Field

from investigator.domain.exits import Exit
from investigator.domain.report import CaseDocument
from investigator.domain.safe_text import inert_cell, redact, visible
from investigator.domain.value import Value
from investigator.domain.words import Severity

COLUMNS = ("name", "verdict", "confidence", *Severity, "gaps", "open questions", "seconds", "trouble")


class Row(Value):
    """What became of one case."""

    name: str
    entry: str
    """The digest of what the batch file says of it."""
    case: str
    """Its handle."""
    exit: Exit
    verdict: str = ""
    confidence: str = ""
    severities: Mapping[str, int] = Field(default={})
    gaps: int = 0
    open_questions: int = 0
    """Questions that a default stands in for."""
    seconds: float = 0
    trouble: str = ""
    """Why there is no report."""

    @property
    def finished(self) -> bool:
        return bool(self.verdict)

    def cells(self) -> tuple[str, ...]:
        counts = (str(self.severities.get(word, 0)) for word in Severity)
        tail = (str(self.gaps), str(self.open_questions), f"{self.seconds:.1f}", redact(self.trouble))
        return (self.name, self.verdict, self.confidence, *counts, *tail)


def with_report(row: Row, document: CaseDocument) -> Row:
    """The row of a finished case."""
    return row.model_copy(
        update={
            "verdict": document.verdict.value.value,
            "confidence": document.verdict.confidence.value,
            "severities": dict(Counter(finding.severity.value for finding in document.findings)),
            "gaps": len(document.gaps),
            "open_questions": sum(answer.source == "default" for answer in document.answers),
            "seconds": document.measures.seconds,
        }
    )


def as_csv(rows: Sequence[Row]) -> str:
    """The rows as CSV; a cell that a spreadsheet would compute is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(map(inert_cell, row.cells()))
    return out.getvalue()


def as_html(rows: Sequence[Row]) -> str:
    """The rows as one page that loads nothing; each name leads to the case's report beside it."""
    head = "".join(f"<th>{html.escape(column)}</th>" for column in COLUMNS)
    body = "\n".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    allowed = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return _PAGE.format(style=_STYLE, allowed=allowed, head=head, body=body)


def _cells(row: Row) -> str:
    name, *rest = (html.escape(visible(cell)) for cell in row.cells())
    link = f'<td><a href="{name}/report.html">{name}</a></td>' if row.finished else f"<td>{name}</td>"
    return link + "".join(f"<td>{cell}</td>" for cell in rest)


_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 80rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #8886; padding: .4rem .6rem; text-align: left; vertical-align: top }
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Batch summary</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{allowed}'">
<meta name="viewport" content="width=device-width">
<style>{style}</style></head>
<body><h1>Batch summary</h1><table><thead><tr>{head}</tr></thead><tbody>
{body}
</tbody></table></body></html>
"""
