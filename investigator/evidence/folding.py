"""Copies of one event: which rows of a snapshot are the same event, and which only share its id.

Rows with equal columns are one event. Of the others, those that differ in the value of a field that both hold are
events of their own, named `ct:<id>@<8 hex>`; those that only lack fields are copies of the fullest one.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from investigator.evidence.engine import Engine, folds_file
from investigator.evidence.engine_faults import of_engine
from investigator.evidence.faults import on_disk
from investigator.evidence.forms import Form, settled
from investigator.evidence.manifest import Manifest, SnapshotRow
from investigator.evidence.originals import Originals
from investigator.evidence.parquet import sync_folder
from investigator.evidence.queries import query
from investigator.evidence.schema import PART_COLUMNS, PLACE_COLUMNS

CONTENT = ", ".join(
    f"coalesce({name}::VARCHAR, chr(0))" for name in PART_COLUMNS if name not in {*PLACE_COLUMNS, "flags"}
)
"""All that a row says, for a comparison of records."""
_REPEATS = f"""
CREATE TABLE repeats AS SELECT id, src_file, src_row, src_offset, src_length,
  sha256(concat_ws(chr(31), {CONTENT})) AS content
FROM copies WHERE id IN"""
_FOLDS = "CREATE TABLE folds (src_file VARCHAR, src_row BIGINT, event VARCHAR, kept BOOLEAN)"
_EQUAL = """
INSERT INTO folds SELECT src_file, src_row, id, false FROM (
  SELECT *, row_number() OVER (PARTITION BY id ORDER BY src_file, src_row) AS place,
    min(content) OVER (PARTITION BY id) = max(content) OVER (PARTITION BY id) AS alike FROM repeats)
WHERE alike AND place > 1
"""
_UNEQUAL = """
SELECT id, src_file, src_row, src_offset, src_length FROM repeats
WHERE id IN (SELECT id FROM repeats GROUP BY id HAVING min(content) <> max(content)) ORDER BY src_file, src_row
"""
_INSERT = (
    "INSERT INTO folds SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::BOOLEAN[])"
)


def fold(
    folder: Path, manifest: Manifest, snapshot: str, contents: Sequence[str], ids: Sequence[str] | None = None
) -> SnapshotRow:
    """Work out the copies of a new snapshot and keep them beside it; raises StoreFault.

    `ids` are those of which there may be several rows, None when that is not known.
    """
    with of_engine(folder), on_disk(folder):
        return _folded(folder, manifest, snapshot, contents, ids)


def _folded(
    folder: Path, manifest: Manifest, snapshot: str, contents: Sequence[str], ids: Sequence[str] | None
) -> SnapshotRow:
    engine = Engine(folder, manifest.holding(contents), contents, None)
    if ids is None:
        engine.run(f"{_REPEATS} ({query('repeated')})")
    else:
        engine.run(f"{_REPEATS} (SELECT unnest(?::VARCHAR[]))", [ids])
    for statement in (_FOLDS, _EQUAL):
        engine.run(statement)
    unequal = list(_unequal(engine, Originals(manifest, snapshot)))
    if unequal:
        engine.run(_INSERT, [list(column) for column in zip(*unequal, strict=True)])
    rows, folded, hidden = engine.one(
        "SELECT (SELECT count(*) FROM copies), count(*), count(*) FILTER (NOT kept) FROM folds"
    )
    if folded:
        _keep(engine, folds_file(folder, snapshot))
    return SnapshotRow(snapshot, tuple(contents), int(str(rows)) - int(str(hidden)), int(str(folded)))


def _unequal(engine: Engine, originals: Originals) -> Iterator[tuple[str, int, str, bool]]:
    """The copies of every id whose copies are not alike, read again from the original files, one file at a time."""
    forms: dict[str, list[Form]] = {}
    for sha256, rows in groupby(list(engine.rows(_UNEQUAL)), lambda row: str(row[1])):
        text = originals.text(sha256)
        for id_, _, number, offset, length in rows:
            record = text.record(offset, length) or engine.record(sha256, int(str(number)))
            forms.setdefault(str(id_), []).append(Form.of(sha256, int(str(number)), record))
    for id_ in sorted(forms):
        yield from settled(id_, forms[id_])


def _keep(engine: Engine, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    engine.save("SELECT * FROM folds ORDER BY ALL", aside)
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)
