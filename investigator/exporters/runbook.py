"""The proposed actions as a commented script, in the order to run; nothing in it runs by itself.

Every command stands in a function of its own. Run without more, the file lists its steps and changes nothing; a person
names the step and the part of it to run, or copies the command.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from investigator.domain.action import Action
from investigator.domain.report import CaseDocument
from investigator.exporters.text import is_copyable, shown, shown_command
from investigator.ports.exports import CitedEvidence

_ASKED = r"""
# What was asked for on the command line, and nothing else.
case " $PARTS " in
*" ${1-}:${2-} "*) "step_$1_$2" ;;
*)
  echo 'Nothing was run. Name a step and a part of it: save, change, verify, undo or automation. The steps:'
  sed -n 's/^# -- /  /p' "$0"
  ;;
esac
"""


def export(document: CaseDocument, evidence: CitedEvidence) -> Iterator[bytes]:
    """A POSIX shell text: comments, and functions of commands that are quoted already."""
    lines = [
        "#!/bin/sh",
        f"# Runbook of case {shown(document.case.name)}: {shown(document.case.title)}",
        "# A person decides on every step. Nothing runs by itself: without arguments this file lists its steps.",
        "# `sh FILE 1 save` runs one part of one step; save keeps the state that change changes, and undo reads it,",
        "# so run all of one case in one folder. Each command may be copied as well.",
    ]
    numbered = list(enumerate(document.actions, start=1))
    for turn, steps in groupby(numbered, key=lambda step: step[1].turn):
        lines += ["", *_turn(turn, steps := list(steps))]
        for number, action in steps:
            lines += ["", *_action(number, len(numbered), action)]
    parts = " ".join(f"{number}:{part}" for number, action in numbered for part in _parts(action))
    lines += ["", f"PARTS='{parts}'", _ASKED.strip()]
    yield ("\n".join(lines) + "\n").encode()


def _turn(turn: int, steps: list[tuple[int, Action]]) -> Iterator[str]:
    numbers = [str(number) for number, _ in steps]
    some = f"Steps {', '.join(numbers)}, which may be run together" if len(numbers) > 1 else f"Step {numbers[0]}"
    yield f"# == Turn {turn}: {some}{', when all before is done' if turn > 1 else ''}."


def _action(number: int, total: int, action: Action) -> Iterator[str]:
    yield f"# -- {number} of {total}: {shown(action.code)} ({action.phase}) on {shown(action.on)}"
    yield f"# Account {shown(action.account) or '(any)'}, Region {shown(action.region) or '(global)'}"
    yield f"# Effect: {shown(action.effect)}"
    yield from (f"# Side effect: {shown(effect)}" for effect in action.side_effects)
    yield f"# Risk: {action.risk}. Loses evidence: {'YES' if action.loses_evidence else 'no'}."
    yield f"# Needed by: {', '.join(map(shown, action.needs))}"
    if action.undo not in _parts(action).values():
        yield f"# Undo: {shown(action.undo)}"
    for part, command in _parts(action).items():
        if part == "automation" and action.automation:
            yield f"# The same with Systems Manager: {shown(action.automation.document)}"
            yield from (f"# Limit: {shown(limit)}" for limit in action.automation.limits)
        yield f"step_{number}_{part}() {{"
        yield from _command(command)
        yield "}"


def _parts(action: Action) -> Mapping[str, str]:
    """The commands of an action by what they are for, in the order to run them."""
    told = {
        "save": action.save or "",
        "change": action.command,
        "verify": action.verify,
        "undo": "" if action.undo.startswith("not reversible") else action.undo,
        "automation": action.automation.command if action.automation else "",
    }
    return {part: command for part, command in told.items() if command}


def _command(command: str) -> Iterator[str]:
    if is_copyable(command):
        yield command
        return
    yield "# NOT COPYABLE, it holds characters that do not show or a secret value; shown with escapes:"
    yield from ("# " + line for line in shown_command(command).split("\n"))
    yield "echo 'This command cannot be run as it is.' >&2; return 1"
