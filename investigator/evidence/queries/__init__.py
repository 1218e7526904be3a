"""Fixed queries: one file each in the Trino subset, and beside it (`duckdb/`) the form that DuckDB runs.

The second is rendered from the first when we develop; a test holds the two equal.
"""

from functools import cache
from importlib.resources import files

WHERE = "1 = 1"
"""Stands in a query where a condition over `events` goes."""


def query(name: str, where: str = WHERE) -> str:
    """The DuckDB form of a query, over the events that fulfil a condition."""
    return _text(name).replace(WHERE, where)


@cache
def _text(name: str) -> str:
    return files(__name__).joinpath("duckdb", f"{name}.sql").read_text("utf-8")
