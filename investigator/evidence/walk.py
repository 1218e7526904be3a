"""Which files the given paths mean: regular files only, links and devices named and left alone, in path order."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from investigator.evidence.jobs import FileRead, Seen


@dataclass(frozen=True, slots=True)
class Met:
    """A file, the name it has in reports, and whether the user named it."""

    seen: Seen
    shown: str
    named: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """Everything under the given paths."""

    files: tuple[Met, ...]
    left_alone: tuple[tuple[str, FileRead], ...]
    """Shown name and report of what was not opened."""


def walk(paths: Sequence[Path]) -> Walk:
    """Meet every file once; raises FileNotFoundError for a path that is not there."""
    files: dict[str, Met] = {}
    left_alone: dict[str, tuple[str, FileRead]] = {}
    for root in paths:
        for path, shown, named in _under(Path(os.path.abspath(root))):
            status = os.lstat(path)
            seen = Seen(path, status.st_size, status.st_mtime_ns)
            if stat.S_ISREG(status.st_mode):
                files.setdefault(path, Met(seen, shown, named))
            else:
                left_alone.setdefault(path, (shown, FileRead(seen, "skip", reason="not_a_regular_file")))
    return Walk(
        tuple(sorted(files.values(), key=lambda met: met.seen.path)),
        tuple(left_alone[path] for path in sorted(left_alone)),
    )


def _under(root: Path) -> Iterator[tuple[str, str, bool]]:
    """Path, shown name, and whether it was named; a given link is followed, links inside a folder are not."""
    status = os.stat(root)
    if not stat.S_ISDIR(status.st_mode):
        yield (
            os.path.realpath(root) if root.is_symlink() and stat.S_ISREG(status.st_mode) else str(root),
            root.name,
            True,
        )
        return
    for folder, folders, names in os.walk(os.path.realpath(root)):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        folders[:] = sorted(set(folders) - set(links))
        for name in [*names, *links]:
            path = os.path.join(folder, name)
            yield path, os.path.relpath(path, os.path.realpath(root)), False
