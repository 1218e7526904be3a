"""The proposed actions as a commented script, in the order to run; nothing in it runs by itself.

Every command stands as a comment's neighbour for a person to copy; the first line ends the script should it be run.
"""

from collections.abc import Iterator

from investigator.domain.action import Action
from investigator.domain.report import CaseDocument
from investigator.exporters.text import is_copyable, shown, shown_command
from investigator.ports.exports import CitedEvidence

ONE_BY_ONE = "echo 'Copy the commands one by one; this file is not to be run as a whole.' >&2; exit 1"


def export(document: CaseDocument, evidence: CitedEvidence) -> Iterator[bytes]:
    """A POSIX shell text: comments, and commands that are quoted already."""
    lines = [
        "#!/bin/sh",
        f"# Runbook of case {shown(document.case.name)}: {shown(document.case.title)}",
        "# A person decides on every step. Each change saves the state before it, and says how to undo it.",
        ONE_BY_ONE,
    ]
    for number, action in enumerate(document.actions, start=1):
        lines += ["", *_action(number, len(document.actions), action)]
    yield ("\n".join(lines) + "\n").encode()


def _action(number: int, total: int, action: Action) -> Iterator[str]:
    yield f"# -- {number} of {total}: {shown(action.code)} ({action.phase}) on {shown(action.on)}"
    yield f"# Account {shown(action.account) or '(any)'}, Region {shown(action.region) or '(global)'}"
    yield f"# Effect: {shown(action.effect)}"
    yield from (f"# Side effect: {shown(effect)}" for effect in action.side_effects)
    yield f"# Risk: {action.risk}. Loses evidence: {'YES' if action.loses_evidence else 'no'}."
    yield f"# Needed by: {', '.join(map(shown, action.needs))}"
    if action.save:
        yield "# Save the state first:"
        yield from _command(action.save)
    yield "# Change:"
    yield from _command(action.command)
    yield "# Verify:"
    yield from _command(action.verify)
    yield "# Undo:"
    yield from ("# " + line for line in shown_command(action.undo).split("\n"))


def _command(command: str) -> Iterator[str]:
    if is_copyable(command):
        yield command
        return
    yield "# NOT COPYABLE, it holds characters that do not show or a secret value; shown with escapes:"
    yield from ("# " + line for line in shown_command(command).split("\n"))
