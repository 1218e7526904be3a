"""The actions of a case in Markdown: in the order to run them, each command in a fence of its own."""

from collections.abc import Iterator, Sequence

from investigator.domain.action import Action, Automation
from investigator.exporters.text import code, entities, fence, shown_command
from investigator.exporters.wording import PHASES


def section(actions: Sequence[Action]) -> Iterator[str]:
    """What a person may decide on."""
    yield "## Actions"
    yield ""
    yield "A person decides on each of them; the product changes nothing. Those of one turn may be run together."
    for number, action in enumerate(actions, start=1):
        yield ""
        yield from _action(number, action)


def _action(number: int, action: Action) -> Iterator[str]:
    yield f"### {number}. {PHASES[action.phase]}: {entities(action.code)} on {code(action.on)}"
    yield ""
    place = f"account {code(action.account) or 'any'}, Region {code(action.region) or 'global'}"
    loses = "loses evidence" if action.loses_evidence else "loses no evidence"
    needs = ", ".join(map(code, action.needs))
    yield f"{entities(action.effect)} Turn {action.turn}, risk {action.risk}, {loses}, {place}; needed by {needs}."
    yield ""
    yield from (f"- Side effect: {entities(effect)}" for effect in action.side_effects)
    for label, command in (
        ("Save first", action.save),
        ("Change", action.command),
        ("Verify", action.verify),
        ("Undo", action.undo),
    ):
        if command:
            yield from _command(label, command)
    if action.automation:
        yield from _automation(action.automation)


def _automation(automation: Automation) -> Iterator[str]:
    yield from _command(f"The same with Systems Manager, {code(automation.document)}", automation.command)
    yield ""
    yield from (f"- Limit: {entities(limit)}" for limit in automation.limits)


def _command(label: str, command: str) -> Iterator[str]:
    yield ""
    yield f"{label}:"
    yield ""
    yield fence(shown_command(command), "sh")
