"""Index report: what became of every file that indexing met."""

from typing import Literal

from investigator.domain.value import Value

VANISHED = "vanished"
"""The reason of a file that was read before and is not there any more."""
CHANGED = "changed_since_read"
"""The reason of a file that was read before and holds another content now."""


class FileReport(Value):
    """One file; flags and reasons are the words of the bad-input table."""

    path: str
    status: Literal["ok", "partial", "reject", "skip"]
    records: int = 0
    quarantined: int = 0
    flags: tuple[str, ...] = ()
    reason: str | None = None
    sha256: str | None = None
    offset: int | None = None
    """The byte of the unpacked file where the first damage, cut or refused record stands."""


class IndexReport(Value):
    """One row for every file met, in path order; records + quarantined = what was in the files."""

    files: tuple[FileReport, ...]
    records: int
    distinct: int
    quarantined: int
    seconds: float
