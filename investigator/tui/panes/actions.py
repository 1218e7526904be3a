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

COLUMNS = (
    Column("#", 3),
    Column("Phase", 9),
    Column("Risk", 6),
    Column("What it does"),
    Column("On", 40, from_width=110),
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

    def action_copy(self, part: str) -> None:
        if (action := self.current) is None:
            return
        parts = {"command": action.command, "verify": action.verify, "undo": action.undo, "save": action.save or ""}
        if parts[part]:
            self.post_message(CopyWanted(part, parts[part]))


def _cells(row: tuple[int, Action]) -> tuple[Content, ...]:
    number, action = row
    risk = "$error" if action.risk == "high" else "$warning" if action.risk == "medium" else ""
    return (
        inert(f"{number:>3}"),
        inert(action.phase),
        inert(action.risk, risk),
        inert(action.effect),
        inert(action.on),
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
        ("Verify", shown(action.verify)),
        ("Undo", shown(action.undo)),
        *(("Because", inert(lookup.why(finding))) for finding in action.needs),
    ]
    return Hanging([*parts, *(fact(name, content, 11) for name, content in rows if content)])
