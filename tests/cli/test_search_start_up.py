"""A search over a store waits for nothing that it has no use for."""

import os
import subprocess
import sys
from pathlib import Path

from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet
from tests.evidence.trails import record, trail, write

UNUSED = {
    "langgraph", "langchain", "langchain_core", "textual", "botocore", "boto3", "starlette", "fastapi", "uvicorn",
    "sqlalchemy", "alembic", "sigma", "yaml", "jinja2", "deflate",
}  # fmt: skip


def test_a_search_imports_no_graph_model_screen_server_or_case_database(tmp_path: Path) -> None:
    EvidenceLibrary(tmp_path / "stores").index([write(tmp_path / "log.json", trail(record(1)))], quiet)
    words = ("logs", "search", "name=ListUsers", "--store", str(tmp_path / "stores"))

    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "investigator", *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "INVESTIGATOR_CASE_DIR": str(tmp_path)},
    )

    lines = (line for line in ran.stderr.splitlines() if line.startswith("import time:"))
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    assert "ct:event-1" in ran.stdout
    assert "pyarrow" in imported
    assert not imported & UNUSED
