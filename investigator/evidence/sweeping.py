"""What a killed run leaves behind: half-written files, and parts that no finished job names."""

import math
import time
from collections.abc import Collection
from pathlib import Path

OLD = 3_600
"""Seconds after which nobody is still writing a file."""


def sweep(parts: Path, named: Collection[str]) -> None:
    """Remove files of the parts folder that are old and belong to nothing."""
    before = time.time() - OLD
    for path in parts.iterdir():
        if path.name not in named and _written(path) < before:
            path.unlink(missing_ok=True)


def _written(path: Path) -> float:
    """When the file was written last; one that another process has just renamed is young."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf
