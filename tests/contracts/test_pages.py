"""Pages that are written from the code are current."""

import runpy
from pathlib import Path

from investigator.wiring import catalog

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_tools_is_current() -> None:
    page = runpy.run_path(str(ROOT / "scripts" / "tools_page.py"))["page"]

    assert (ROOT / "docs" / "tools.md").read_text(encoding="utf-8") == page(catalog().tools()), "run `make docs`"
