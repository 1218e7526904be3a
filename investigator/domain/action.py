"""Action: a change that we propose and people run."""

from typing import Literal

from investigator.domain.value import Value

Phase = Literal["preserve", "contain", "eradicate", "recover", "harden", "record"]


class Automation(Value):
    """A document of AWS Systems Manager that does the same, offered beside the command."""

    document: str
    command: str
    """Checks the parameters against the document first, then starts it: as a dry run where it has one."""
    limits: tuple[str, ...]


class Action(Value):
    """A complete, copyable command with its effect, side effects, verify and undo (ground rule G15)."""

    id: str
    turn: int = 1
    """Actions of one turn may be run together; each turn waits for the one before."""
    phase: Phase
    code: str
    on: str
    account: str = ""
    region: str = ""
    save: str | None = None
    """The command that keeps the state which is about to change."""
    command: str
    effect: str
    side_effects: tuple[str, ...] = ()
    verify: str
    undo: str
    """A command, or "not reversible"."""
    automation: Automation | None = None
    loses_evidence: bool
    needs: tuple[str, ...]
    """Ids of the findings that call for it."""
    risk: Literal["low", "medium", "high"]
