"""The catalog: every tool, playbook and action template, loaded by name."""

from collections.abc import Mapping
from typing import Protocol

from investigator.domain.playbook import Playbook
from investigator.ports.tool import Tool


class Catalog(Protocol):
    """What the assistant can ask and run."""

    def tools(self) -> tuple[Tool, ...]:
        """All tools, by name and source."""
        ...

    def named(self, name: str) -> tuple[Tool, ...]:
        """The alternatives of one question; raises LookupError for a name that is not there."""
        ...

    def playbooks(self) -> Mapping[str, Playbook]:
        """All playbooks by name."""
        ...
