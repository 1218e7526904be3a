"""Files whose records were read before and do not stand there any more: the file is gone, or holds another content."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from investigator.domain.index_report import CHANGED, VANISHED
from investigator.evidence.jobs import FileRead, Seen
from investigator.evidence.manifest import Manifest
from investigator.evidence.walk import Walk

_MISSED = """
WITH gone AS (SELECT unnest($1::VARCHAR[]) AS sha256),
  before AS (SELECT id, sha256(concat_ws(chr(31), {content})) AS content, src_file FROM copies
    WHERE src_file IN (SELECT sha256 FROM gone)),
  now AS (SELECT id, sha256(concat_ws(chr(31), {content})) AS content FROM copies
    WHERE src_file NOT IN (SELECT sha256 FROM gone) AND id IN (SELECT id FROM before))
SELECT DISTINCT src_file FROM before ANTI JOIN now USING (id, content)
"""


def lost(
    folder: Path, manifest: Manifest, found: Walk, reads: Mapping[str, FileRead]
) -> Iterator[tuple[str, FileRead]]:
    """Shown name and report of each; what these files still hold, whatever their names and wrapping, is not lost."""
    there = {read.sha256 for read in reads.values() if read.sha256 and read.records}
    before = [
        (root, path, sha256)
        for root in found.roots
        for path, sha256 in manifest.pinned_under(root)
        if sha256 not in there
    ]
    missed = _missed(folder, manifest, {sha256 for *_, sha256 in before}, there) if before else frozenset[str]()
    rows = {path: (root, sha256) for root, path, sha256 in reversed(before) if sha256 in missed}
    for path, (root, sha256) in rows.items():
        reason = CHANGED if path in reads else VANISHED
        yield _shown(path, root), FileRead(Seen(path, 0, 0), "reject", sha256, reason=reason)


def _missed(folder: Path, manifest: Manifest, gone: set[str], there: set[str]) -> frozenset[str]:
    """The contents that hold a record which none of the others holds."""
    from investigator.evidence.engine import Engine  # noqa: PLC0415  (few runs need it)
    from investigator.evidence.engine_faults import of_engine  # noqa: PLC0415
    from investigator.evidence.folding import CONTENT  # noqa: PLC0415

    contents = sorted(gone | there)
    with of_engine(folder):
        engine = Engine(folder, manifest.holding(contents), contents, None)
        return frozenset(str(sha256) for (sha256,) in engine.rows(_MISSED.format(content=CONTENT), [sorted(gone)]))


def _shown(path: str, root: str) -> str:
    return Path(path).name if path == root else os.path.relpath(path, root).replace(os.sep, "/")
