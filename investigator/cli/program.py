"""The whole program: importing a verb's module registers it."""

from collections.abc import Sequence

from investigator.cli import cases, catalogue, demo, detect, doctor, logs, search, serve, verify
from investigator.cli.app import app

VERBS: Sequence[str] = (
    "demo investigate cases show resume answer export verify close detect batch serve "
    "tools playbooks permissions doctor schema"
).split()
"""In the order of `--help`."""

app.registered_commands.sort(key=lambda command: VERBS.index(command.name or ""))

__all__ = ["app", "cases", "catalogue", "demo", "detect", "doctor", "logs", "search", "serve", "verify"]
