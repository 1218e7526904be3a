"""Places the top-level folders tools, prompts and playbooks inside the package of a wheel."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Siblings(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":  # editable installs read the folders where they stand
            for folder in ("tools", "prompts", "playbooks"):
                build_data["force_include"][folder] = f"investigator/{folder}"
