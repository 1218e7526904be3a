"""All evidence of one store: log files in, pinned snapshots out.

What reading files takes, and what answering questions takes, is imported when it is done: nobody waits for both.
"""

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from investigator.domain.index_report import FileReport, IndexReport
from investigator.domain.safe_text import visible
from investigator.evidence.faults import DAMAGED, StoreFault, on_disk
from investigator.evidence.jobs import FileRead
from investigator.evidence.manifest import Holding, Manifest, SnapshotRow
from investigator.evidence.memory import return_memory, reuse_memory
from investigator.evidence.walk import Walk, walk
from investigator.ports.progress import ProgressSink, quiet
from investigator.ports.store import Snapshot


class EvidenceLibrary:
    """The store in one folder: `parts/`, `snapshots/` and the manifest; made when it is not there."""

    def __init__(self, stores: Path) -> None:
        return_memory()
        reuse_memory()
        self._folder = stores.absolute()
        self._parts = self._folder / "parts"

    def index(self, paths: Sequence[Path], progress: ProgressSink) -> IndexReport:
        """Read files and folders into the store; goes on where an earlier run stopped. Raises Stopped."""
        from investigator.evidence.lost import lost  # noqa: PLC0415

        start = time.monotonic()
        found = walk(paths)
        reads = self._read(found, progress)
        snapshot = self._pinned(reads.values())
        files = _report([*_met(found, reads), *found.left_alone, *lost(self._folder, self._manifest(), found, reads)])
        return IndexReport(
            files=files,
            records=sum(file.records for file in files),
            distinct=snapshot.events,
            quarantined=sum(file.quarantined for file in files),
            seconds=time.monotonic() - start,
        )

    def pin(self, paths: Sequence[Path]) -> str:
        """The id of the snapshot of these files; what is not in the store yet is read first."""
        return self._pinned(self._read(walk(paths), quiet).values()).id

    def everything(self) -> str:
        """The id of the snapshot of all that the store holds."""
        return self._pinned(self._manifest().read_files()).id

    def open(self, snapshot: str) -> Snapshot:
        """The pinned evidence; raises LookupError for an id that is not there, StoreFault when parts are gone."""
        from investigator.evidence.snapshot import EvidenceSnapshot  # noqa: PLC0415

        manifest = self._manifest()
        row = manifest.snapshot(snapshot)
        if row is None:
            raise LookupError(f"no snapshot {snapshot} in {self._folder}")
        self._check_parts(manifest.holding(row.contents))
        return EvidenceSnapshot(self._folder, manifest, row)

    def _check_parts(self, holding: Holding) -> None:
        for name in (*holding.whole, *holding.mixed):
            if not (self._parts / name).is_file():
                raise StoreFault(f"{self._parts / name} is gone; {DAMAGED}")

    def _manifest(self) -> Manifest:
        with on_disk(self._folder):
            self._parts.mkdir(parents=True, exist_ok=True)
        return Manifest(self._folder / "manifest.sqlite")

    def _read(self, found: Walk, progress: ProgressSink) -> dict[str, FileRead]:
        from investigator.evidence.indexing import Indexer  # noqa: PLC0415

        return Indexer(self._manifest(), self._parts, progress).read([met.seen for met in found.files])

    def _pinned(self, reads: Iterable[FileRead]) -> SnapshotRow:
        manifest = self._manifest()
        held = [read for read in reads if read.records and read.sha256]
        contents = tuple(sorted({read.sha256 for read in held if read.sha256}))
        id_ = hashlib.sha256("\n".join(contents).encode()).hexdigest()
        row = manifest.snapshot(id_) or self._folded(manifest, id_, contents)
        manifest.pin(row, held)
        return row

    def _folded(self, manifest: Manifest, snapshot: str, contents: Sequence[str]) -> SnapshotRow:
        from investigator.evidence.part_columns import row_count  # noqa: PLC0415
        from investigator.evidence.repeats import repeated_ids  # noqa: PLC0415

        holding = manifest.holding(contents)
        whole, mixed = ([self._parts / name for name in names] for names in (holding.whole, holding.mixed))
        ids = repeated_ids([*whole, *mixed])
        if ids == [] and not mixed:
            return SnapshotRow(snapshot, tuple(contents), sum(map(row_count, whole)), 0)
        from investigator.evidence.folding import fold  # noqa: PLC0415

        return fold(self._folder, manifest, snapshot, contents, ids)


def _met(found: Walk, reads: Mapping[str, FileRead]) -> Iterator[tuple[str, FileRead]]:
    from investigator.evidence.indexing import as_named  # noqa: PLC0415

    for met in found.files:
        yield met.shown, as_named(reads[met.seen.path]) if met.named else reads[met.seen.path]


def _report(rows: Iterable[tuple[str, FileRead]]) -> tuple[FileReport, ...]:
    """One row for every file met or lost, in path order."""
    return tuple(_row(shown, read) for shown, read in sorted(rows, key=lambda row: row[0]))


def _row(shown: str, read: FileRead) -> FileReport:
    return FileReport(
        path=visible(shown),
        status=read.status,
        records=read.records,
        quarantined=read.quarantined,
        flags=read.flags,
        reason=read.reason,
        sha256=read.sha256,
        offset=read.offset,
    )
