"""The playbook linter: what a schema cannot see — names that nothing answers to, and tools that could write."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from investigator.domain.facts import SLOTS
from investigator.domain.playbook import Playbook, PlaybookStep
from investigator.ports.tool import Tool

_READ_ONLY = re.compile(r"[a-z0-9-]+:(Get|List|Describe|Lookup|BatchGet|Generate|Simulate|Select|Validate|Check)\w*")
"""Names of operations whose access level is List or Read (ground rule G1)."""
_TEMPLATE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Names:
    """What playbooks may name."""

    tools: Mapping[str, tuple[Tool, ...]]
    """The alternatives of each question."""
    look_for: Collection[str]
    """Rules, bursts and sequences."""
    actions: Collection[str]


def lint(playbooks: Iterable[Playbook], names: Names) -> list[str]:
    """Every problem, as `playbook: what is wrong`; none when the playbooks can run as written."""
    return [f"{book.name}: {problem}" for book in playbooks for problem in _problems(book, names)]


def _problems(book: Playbook, names: Names) -> Iterator[str]:
    yield from (f"no slot {slot}" for slot in book.slots if slot not in SLOTS)
    yield from (f"no rule or sequence {name}" for name in book.look_for if name not in names.look_for)
    yield from (f"no action {code}" for code in book.actions if code not in names.actions)
    for step in book.steps:
        tools = names.tools.get(step.tool, ())
        if not tools:
            yield f"no tool {step.tool}"
        for tool in tools:
            yield from _step_problems(step, tool)


def _step_problems(step: PlaybookStep, tool: Tool) -> Iterator[str]:
    where = f"{tool.source}.{tool.name}"
    yield from (f"{where} takes no {name}" for name in step.inputs if name not in tool.facts)
    slots = [*([step.for_each] if step.for_each else []), *_TEMPLATE.findall(" ".join(step.inputs.values()))]
    yield from (f"{where} is put for an unknown slot {slot}" for slot in slots if slot not in SLOTS)
    yield from (f"{where} asks for {one}, which writes" for one in sorted(tool.permissions) if not _reads(one))


def _reads(permission: str) -> bool:
    return bool(_READ_ONLY.fullmatch(permission))
