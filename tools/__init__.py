"""The catalog of tools: one dotted name a module. There is no other registry."""

CATALOG: tuple[str, ...] = ("investigator.tools.logs",)
