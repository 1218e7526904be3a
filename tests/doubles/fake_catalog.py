"""A catalog of tools and playbooks that a test names itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from investigator.domain.playbook import Playbook
from investigator.ports.tool import Tool


@dataclass(frozen=True)
class FakeCatalog:
    """Implements `ports.catalog.Catalog`."""

    all_tools: tuple[Tool, ...] = ()
    all_playbooks: tuple[Playbook, ...] = ()

    def tools(self) -> tuple[Tool, ...]:
        return tuple(sorted(self.all_tools, key=lambda tool: (tool.name, tool.source)))

    def named(self, name: str) -> tuple[Tool, ...]:
        if not (found := tuple(tool for tool in self.tools() if tool.name == name)):
            raise LookupError(f"no tool {name}")
        return found

    def playbooks(self) -> Mapping[str, Playbook]:
        return {playbook.name: playbook for playbook in self.all_playbooks}
