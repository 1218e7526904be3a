"""Action: a change that we propose and people run."""

from typing import Literal

from investigator.domain.value import Value

Phase = Literal["preserve", "contain", "eradicate", "recover", "harden", "record"]


class Action(Value):
    """A complete, copyable command with its effect, side effects, verify and undo (ground rule G15)."""

    id: str
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
    loses_evidence: bool
    needs: tuple[str, ...]
    """Ids of the findings that call for it."""
    risk: Literal["low", "medium", "high"]
