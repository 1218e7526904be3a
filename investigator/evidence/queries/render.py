"""Development only: write the DuckDB form of every query. `python -m investigator.evidence.queries.render`."""

from pathlib import Path

import sqlglot

FOLDER = Path(__file__).parent


def rendered(sql: str) -> str:
    """A query of the Trino subset as DuckDB runs it."""
    return sqlglot.transpile(sql, read="trino", write="duckdb", pretty=True)[0] + "\n"


def main() -> None:
    for path in sorted(FOLDER.glob("*.sql")):
        (FOLDER / "duckdb" / path.name).write_text(rendered(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
