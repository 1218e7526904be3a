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
    roots: tuple[str, ...]
    """The given paths, without links."""


def walk(paths: Sequence[Path]) -> Walk:
    """Meet every file once; raises FileNotFoundError for a path that is not there."""
    files: dict[str, Met] = {}
    left_alone: dict[str, tuple[str, FileRead]] = {}
    for root in paths:
        for path, shown, named in _under(root.absolute()):
            try:
                status = os.lstat(path)
            except OSError:  # gone since its folder was listed, or in a folder that lets nobody in
                left_alone.setdefault(path, (shown, FileRead(Seen(path, 0, 0), "reject", reason="unreadable")))
                continue
            seen = Seen(path, status.st_size, status.st_mtime_ns)
            if stat.S_ISREG(status.st_mode):
                files.setdefault(seen.path, Met(seen, shown, named))
            else:
                left_alone.setdefault(seen.path, (shown, FileRead(seen, "skip", reason="not_a_regular_file")))
    return Walk(
        tuple(sorted(files.values(), key=lambda met: met.seen.path)),
        tuple(left_alone[path] for path in sorted(left_alone)),
        tuple(dict.fromkeys(str(root.resolve()) for root in paths)),
    )


def _under(root: Path) -> Iterator[tuple[str, str, bool]]:
    """Path, shown name, and whether it was named; a link that was named is followed, links in a folder are not."""
    real = root.resolve(strict=True)
    if not real.is_dir():
        yield str(real), root.name, True
        return
    for path in _within(str(real)):
        yield path, path[len(str(real)) :].lstrip(os.sep).replace(os.sep, "/"), False


def _within(top: str) -> Iterator[str]:
    """Everything below a folder that is no folder itself; a folder that cannot be opened gives nothing."""
    folders = [top]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        yield entry.path
        except OSError:
            continue
