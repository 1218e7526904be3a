"""Queries are written once, in the Trino subset; what DuckDB runs is rendered from them."""

from pathlib import Path

import pytest

from investigator.evidence import queries
from investigator.evidence.queries.render import rendered

FOLDER = Path(queries.__file__).parent
NAMES = sorted(path.name for path in FOLDER.glob("*.sql"))


@pytest.mark.parametrize("name", NAMES)
def test_the_duckdb_form_is_the_rendered_one(name: str) -> None:
    assert (FOLDER / "duckdb" / name).read_text("utf-8") == rendered((FOLDER / name).read_text("utf-8"))


def test_every_duckdb_query_has_its_source() -> None:
    assert sorted(path.name for path in (FOLDER / "duckdb").glob("*.sql")) == NAMES
