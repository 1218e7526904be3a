"""Hands over a finished case: as text for people, or in a format, to standard output or a file."""

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from investigator.cli.mistakes import Mistake, usage
from investigator.cli.opening import Telling
from investigator.cli.output import pour, say, tell
from investigator.cli.report import print_report

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.investigation import Investigation

SUFFIXES = {".html": "html", ".md": "markdown", ".json": "json", ".csv": "csv", ".zip": "bundle", ".sh": "runbook"}
"""The format that a file name stands for when none was chosen."""


def deliver(investigation: "Investigation", handle: str, telling: Telling) -> None:
    """Tell the outcome as the options want it; raises Mistake for a format that is not there."""
    chosen = "json" if telling.json else telling.format
    if chosen or telling.out:
        export(investigation, handle, chosen, telling.out)
        return
    print_report(investigation.document(handle))
    tell("")
    tell(f"Next: investigator export {handle} --format html --out report.html")


def export(investigation: "Investigation", handle: str, form: str | None, out: Path | None) -> None:
    """Write the case in a format; raises Mistake."""
    chosen = form or _format_of(out)
    with usage("--format"):
        content = b"".join(investigation.export(handle, chosen))
    if out is None:
        if chosen == "bundle" and sys.stdout.isatty():
            raise Mistake("--out: a bundle is a zip file; say where to write it")
        pour([content])
        return
    if out.is_dir():
        raise Mistake(f"--out: {out} is a folder; name a file")
    out.write_bytes(content)
    say(f"wrote {out}")
    if chosen == "bundle":
        say(f"manifest {_manifest_hash(content)}")


def _format_of(out: Path | None) -> str:
    if out is None or out.suffix.lower() not in SUFFIXES:
        raise Mistake(f"--format: takes {', '.join(SUFFIXES.values())}")
    return SUFFIXES[out.suffix.lower()]


def _manifest_hash(bundle: bytes) -> str:
    """The last field of the manifest: SHA-256 of the rest."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        manifest: dict[str, str] = json.loads(archive.read("manifest.json"))
    return list(manifest.values())[-1]
