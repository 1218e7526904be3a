"""One file per format; each turns a case document and the evidence it cites into bytes."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from investigator.domain.report import CaseDocument
from investigator.ports.exports import CitedEvidence

Exporter = Callable[[CaseDocument, CitedEvidence], Iterator[bytes]]

FORMATS: Mapping[str, str] = {
    "bundle": "investigator.exporters.bundle.export",
    "csv": "investigator.exporters.timeline_csv.export",
    "html": "investigator.exporters.html.export",
    "json": "investigator.exporters.case_json.export",
    "markdown": "investigator.exporters.markdown.export",
    "runbook": "investigator.exporters.runbook.export",
}
"""Format to the dotted name of the function that writes it."""

SUFFIXES: Mapping[str, str] = {
    "bundle": ".zip",
    "csv": ".csv",
    "html": ".html",
    "json": ".json",
    "markdown": ".md",
    "runbook": ".sh",
}
"""How the name of an exported file ends."""


def exporter(name: str) -> Exporter:
    """The exporter of a format, loaded when asked for; raises LookupError that names the formats there are."""
    if name not in FORMATS:
        raise LookupError(f"there is no export format {name!r}; there are {', '.join(sorted(FORMATS))}")
    module, _, function = FORMATS[name].rpartition(".")
    return getattr(import_module(module), function)
