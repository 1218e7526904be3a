"""Copies of one event: which rows of a snapshot are the same event, and which only share its id.

Rows with equal columns are one event. Of the others, those that differ in the value of a field that both hold are
events of their own, named `ct:<id>@<8 hex>`; those that only lack fields are copies of the fullest one.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.canonical import canonical, digest
from investigator.evidence.engine import Engine, folds_file
from investigator.evidence.manifest import Manifest, SnapshotRow
from investigator.evidence.originals import record_at
from investigator.evidence.queries import query
from investigator.evidence.readers.record import Record
from investigator.evidence.schema import PART_COLUMNS, PLACE_COLUMNS

_CONTENT = ", ".join(
    f"coalesce({name}::VARCHAR, chr(0))" for name in PART_COLUMNS if name not in {*PLACE_COLUMNS, "flags"}
)
_REPEATS = f"""
CREATE TABLE repeats AS SELECT id, src_file, src_row, src_offset, src_length,
  sha256(concat_ws(chr(31), {_CONTENT})) AS content
FROM copies WHERE id IN ({query("repeated")})
"""
_FOLDS = "CREATE TABLE folds (src_file VARCHAR, src_row BIGINT, event VARCHAR, kept BOOLEAN)"
_EQUAL = """
INSERT INTO folds SELECT src_file, src_row, id, false FROM (
  SELECT *, row_number() OVER (PARTITION BY id, content ORDER BY src_file, src_row) AS place FROM repeats)
WHERE place > 1
"""
_UNEQUAL = """
SELECT id, src_file, src_row, src_offset, src_length FROM (
  SELECT *, row_number() OVER (PARTITION BY id, content ORDER BY src_file, src_row) AS place,
    min(content) OVER (PARTITION BY id) <> max(content) OVER (PARTITION BY id) AS differs FROM repeats)
WHERE differs AND place = 1 ORDER BY id, src_file, src_row
"""
_FOLLOW = """
UPDATE folds SET event = coalesce(m.event, folds.event) FROM (
  SELECT e.src_file, e.src_row, h.event FROM repeats e JOIN repeats f ON e.id = f.id AND e.content = f.content
  JOIN renames h ON h.src_file = f.src_file AND h.src_row = f.src_row) m
WHERE folds.src_file = m.src_file AND folds.src_row = m.src_row
"""
_KNOWN = frozenset(Record.__annotations__) - {"rest"}


@dataclass(slots=True)
class _Copy:
    """One distinct form of a repeated event."""

    src_file: str
    src_row: int
    record: dict[str, JsonValue]
    digest: str = field(init=False)
    fields: int = field(init=False)

    def __post_init__(self) -> None:
        self.digest = digest(self.record)
        self.fields = _count(self.record)


def fold(folder: Path, manifest: Manifest, snapshot: str, contents: Sequence[str]) -> SnapshotRow:
    """Work out the copies of a new snapshot and keep them beside it."""
    engine = Engine(folder, manifest.holding(contents), contents, None)
    rows = int(str(engine.one("SELECT count(*) FROM copies")[0]))
    engine.run(_REPEATS)
    engine.run(_FOLDS)
    engine.run(_EQUAL)
    _fold_unequal(engine, manifest, snapshot)
    folded = int(str(engine.one("SELECT count(*) FROM folds")[0]))
    if folded:
        _keep(engine, folds_file(folder, snapshot))
    hidden = int(str(engine.one("SELECT count(*) FROM folds WHERE NOT kept")[0]))
    return SnapshotRow(snapshot, tuple(contents), rows - hidden, folded)


def _keep(engine: Engine, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    engine.run(
        f"COPY (SELECT * FROM folds ORDER BY ALL) TO '{str(aside).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)"
    )
    aside.replace(path)


def _fold_unequal(engine: Engine, manifest: Manifest, snapshot: str) -> None:
    found: list[tuple[str, int, str, bool]] = []
    for id_, rows in groupby(list(engine.rows(_UNEQUAL)), lambda row: str(row[0])):
        copies = [_copy(manifest, snapshot, row) for row in rows]
        found.extend(_settled(id_, copies))
    if not found:
        return
    files, numbers, events, kept = (list(column) for column in zip(*found, strict=True))
    unnested = "SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::BOOLEAN[])"
    engine.run(
        f"CREATE TABLE renames AS SELECT * FROM ({unnested}) AS t(src_file, src_row, event, kept)",
        [files, numbers, events, kept],
    )
    engine.run(_FOLLOW)
    engine.run("INSERT INTO folds SELECT * FROM renames")


def _copy(manifest: Manifest, snapshot: str, row: Sequence[object]) -> _Copy:
    _, sha256, number, offset, length = row
    record = record_at(manifest.paths(snapshot, str(sha256)), int(str(offset)), int(str(length)))
    return _Copy(str(sha256), int(str(number)), record if isinstance(record, dict) else {})


def _settled(id_: str, copies: Sequence[_Copy]) -> Iterator[tuple[str, int, str, bool]]:
    """For each distinct form: the event it is, and whether it is the one that stands for it."""
    heads: list[tuple[_Copy, list[_Copy]]] = []
    for copy in sorted(copies, key=lambda copy: (-copy.fields, copy.digest, copy.src_file, copy.src_row)):
        group = next((members for head, members in heads if _agree(head.record, copy.record)), None)
        if group is None:
            heads.append((copy, []))
        else:
            group.append(copy)
    for head, members in heads:
        event = id_ if len(heads) == 1 else f"{id_}@{head.digest[:8]}"
        yield head.src_file, head.src_row, event, True
        yield from ((member.src_file, member.src_row, event, False) for member in members)


def _agree(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue], known: frozenset[str] | None = _KNOWN) -> bool:
    """Whether two records have the same value in every field of the record dictionary that both hold."""
    for key, value in one.items():
        theirs = other.get(key)
        if value is None or theirs is None or (known is not None and key not in known):
            continue
        if key in {"userIdentity", "sessionContext"} and isinstance(value, dict) and isinstance(theirs, dict):
            if not _agree(value, theirs, None):
                return False
        elif canonical(value) != canonical(theirs):
            return False
    return True


def _count(value: JsonValue) -> int:
    """How many values that are not null a record holds, at any depth."""
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    if isinstance(value, list):
        return sum(map(_count, value))
    return value is not None
