"""The actions for people to take: shown and copied, never run."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content

from investigator.domain.action import Action
from investigator.tui.hanging import Hanging, fact, line
from investigator.tui.inert import NOTHING, copyable, inert, inert_lines, joined, shown
from investigator.tui.lookup import Lookup
from investigator.tui.wanted import CopyWanted
from investigator.tui.widgets.rows import Column, Rows
from investigator.tui.widgets.words import Page
from investigator.tui.words import short

COLUMNS = (
    Column("#", 3),
    Column("Phase", 9),
    Column("Risk", 6, from_width=96),
    Column("On", 22),
    Column("What it does"),
)


class ActionsPane(Container):
    """Commands in the order to run them, each with effect, side effects, verify and undo."""

    HELP = (
        "Changes that we propose and people run, in this order; investigator never runs them. y copies the command, "
        "v the one that verifies it, u the one that undoes it, and s the one that keeps the present state first."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy('command')", "Copy command"),
        Binding("v", "copy('verify')", "Copy verify"),
        Binding("u", "copy('undo')", "Copy undo"),
        Binding("s", "copy('save')", "Copy save", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows = Rows(COLUMNS, _cells, empty="No action is called for.", id="actions")

    def compose(self) -> ComposeResult:
        yield self._rows
        yield Page(id="action")

    def show(self, lookup: Lookup) -> None:
        """Show this case."""
        self._lookup = lookup
        self._rows.show(list(enumerate(lookup.document.actions, 1)))

    @property
    def current(self) -> Action | None:
        return self._rows.current[1] if self._rows.current else None

    @on(Rows.Moved, "#actions")
    def _moved(self) -> None:
        action = self.current
        self.query_one("#action", Page).show(_in_full(action, self._lookup) if action else NOTHING)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is not there, or cannot be undone, cannot be copied."""
        return True if action != "copy" or self._part(str(parameters[0])) else None

    def action_copy(self, part: str) -> None:
        if command := self._part(part):
            self.post_message(CopyWanted(part, command))

    def _part(self, part: str) -> str:
        if (action := self.current) is None:
            return ""
        undo = "" if action.undo.startswith("not reversible") else action.undo
        return {"command": action.command, "verify": action.verify, "undo": undo, "save": action.save or ""}[part]


def _cells(row: tuple[int, Action]) -> tuple[Content, ...]:
    number, action = row
    risk = "$error" if action.risk == "high" else "$warning" if action.risk == "medium" else ""
    return (
        inert(f"{number:>3}"),
        inert(action.phase),
        inert(action.risk, risk),
        inert(short(action.on)),
        inert(action.effect),
    )


def _in_full(action: Action, lookup: Lookup) -> Hanging:
    parts = [line(joined(inert(action.code, "bold $accent"), inert(action.on, "bold"), between="  "))]
    if not copyable(action.command):
        warning = "The command holds hidden characters: it is shown with escapes and cannot be copied."
        parts.append(line(inert(warning, "bold $error")))
    rows: list[tuple[str, Content]] = [
        ("Save first", shown(action.save or "")),
        ("Command", shown(action.command, "bold")),
        ("Effect", inert_lines(action.effect)),
        *(("Beware", inert_lines(effect, "$warning")) for effect in action.side_effects),
        ("Beware", inert("Evidence is lost by it." if action.loses_evidence else "", "bold $error")),
        ("Risk", inert(action.risk)),
        ("Turn", inert(f"{action.turn}; those of one turn may be run together")),
        ("Verify", shown(action.verify)),
        ("Undo", shown(action.undo)),
        *_automation(action),
        *(("Because", inert(lookup.why(finding))) for finding in action.needs),
    ]
    return Hanging([*parts, *(fact(name, content, 11) for name, content in rows if content)])


def _automation(action: Action) -> list[tuple[str, Content]]:
    """The document of Systems Manager that does the same."""
    if action.automation is None:
        return []
    named = inert(action.automation.document)
    return [
        ("Or", named),
        ("", shown(action.automation.command)),
        *(("Limit", inert(one)) for one in action.automation.limits),
    ]
