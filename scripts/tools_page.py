"""Writes docs/tools.md: every question that the assistant can ask, out of the catalog."""

from collections.abc import Iterable
from pathlib import Path

from investigator.ports.tool import Tool
from investigator.wiring import catalog

PAGE = Path(__file__).resolve().parent.parent / "docs" / "tools.md"
HEAD = """# What it can ask

Written by `make docs` from the tools themselves. Alternatives share a name: the plan takes the source that is at hand.
Every permission only reads; `investigator permissions` prints the IAM policy.

| tool | source | question | must know | permissions |
|---|---|---|---|---|
"""


def page(tools: Iterable[Tool]) -> str:
    """The whole page."""
    return HEAD + "".join(f"| {' | '.join(_cells(tool))} |\n" for tool in tools)


def _cells(tool: Tool) -> tuple[str, ...]:
    permissions = ", ".join(f"`{permission}`" for permission in sorted(tool.permissions))
    return (f"`{tool.name}`", tool.source, tool.question, ", ".join(sorted(tool.required)), permissions)


if __name__ == "__main__":
    PAGE.write_text(page(catalog().tools()), encoding="utf-8")
    print(f"wrote {PAGE.name}")
