"""Trouble that DuckDB has with the files of a store: told as trouble of the disk, not as a bug."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from investigator.evidence.faults import DAMAGED, FULL, StoreFault


@contextmanager
def of_engine(folder: Path) -> Generator[None]:
    """Raise StoreFault for a part that is gone or torn, and for a disk that is full."""
    try:
        yield
    except duckdb.IOException as error:
        words = FULL if "No space left" in str(error) else DAMAGED
        raise StoreFault(f"{folder}: {words} ({error})") from error
