"""Places: where a record stands in the original files, so that proof can read it again."""

from pathlib import Path

from investigator.domain.value import Value


class Place(Value):
    """One copy of a record: file, row, and where its bytes are in the unpacked stream."""

    path: Path
    row: int
    offset: int | None = None
    """Byte offset in the unpacked file, where the reader knew it."""
    length: int | None = None
    converted: bool = False
    """The row did not come from JSON; the record was written as JSON at ingest and is cited from there."""
