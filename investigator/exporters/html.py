"""The report as one HTML file: no remote content, no link but anchors inside, nothing in it can run but its own script.

Every value passes one gate, `_gate`: secrets redacted, control characters visible, then escaped by the template.
"""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from investigator.domain.report import CaseDocument
from investigator.exporters import wording
from investigator.exporters.coverage import GLYPHS
from investigator.exporters.page import page
from investigator.exporters.text import shown, shown_command
from investigator.ports.exports import CitedEvidence

TEMPLATES = Path(__file__).parent / "templates"


def export(document: CaseDocument, evidence: CitedEvidence) -> Iterator[bytes]:
    """UTF-8; no clock and no measure in it."""
    view = page(document, evidence)
    style, script = _asset("report.css"), _asset("report.js")
    parts = (
        _environment()
        .get_template("report.html")
        .generate(
            page=view,
            document=document,
            anchors=view.anchors,
            known=view.known,
            GLYPHS=GLYPHS,
            say=wording,
            command=_command,
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
        )
    )
    for part in parts:
        yield part.encode("utf-8", "backslashreplace")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_gate,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _gate(value: object) -> object:
    return value if isinstance(value, Markup) else shown(str(value))


def _command(text: str) -> Markup:
    return escape(shown_command(text))


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
