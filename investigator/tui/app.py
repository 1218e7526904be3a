"""The terminal UI: one app over one Investigation."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from investigator.domain.case import CaseView
from investigator.domain.safe_text import visible
from investigator.domain.words import RunState
from investigator.investigation import Investigation
from investigator.tui.commands import Commands
from investigator.tui.desk import Told, Trouble
from investigator.tui.inert import copyable
from investigator.tui.safe_filter import SafeFilter
from investigator.tui.screens.case import CaseScreen
from investigator.tui.screens.cases import CasesScreen
from investigator.tui.screens.help import HelpScreen
from investigator.tui.screens.interview import PATIENCE, InterviewScreen
from investigator.tui.screens.new_case import NewCaseScreen
from investigator.tui.screens.run import RunScreen, Start
from investigator.tui.themes import DARK, LIGHT
from investigator.tui.wanted import CaseWanted, CopyWanted, InterviewWanted, PrepareWanted, RunWanted

BUG = "This is a bug in investigator. Please report the lines above, without what is confidential in them."
COPIED = {
    "command": "the command",
    "verify": "the command that verifies it",
    "undo": "the command that undoes it",
    "save": "the command that saves the state first",
}


class InvestigatorApp(App[None]):
    """The case list, and over it one case at a time."""

    TITLE = "investigator"
    CSS_PATH = Path("styles/app.tcss")
    COMMANDS = {Commands}  # noqa: RUF012  (Textual's own form)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "app.help", "Help", key_display="?"),
        Binding("ctrl+p", "command_palette", "Commands", key_display="^p", show=False),
        Binding("ctrl+t", "turn_theme", "Light or dark", key_display="^t", show=False),
        Binding("ctrl+q", "quit", "Quit", key_display="^q", show=False),
    ]

    def __init__(self, investigation: Investigation, handle: str | None = None, patience: float = PATIENCE) -> None:
        super().__init__()
        self._investigation = investigation
        self._handle = handle
        self._patience = patience
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), SafeFilter()]

    def on_mount(self) -> None:
        self._investigation.expect_cases()
        cases = CasesScreen(self._investigation, self._handle)
        self.push_screen(cases)

    def on_new_wanted(self) -> None:
        self._over_cases(NewCaseScreen(self._investigation))

    def on_case_wanted(self, event: CaseWanted) -> None:
        self._over_cases(self._screen_for(event.view))

    def on_prepare_wanted(self, event: PrepareWanted) -> None:
        self._over_cases(RunScreen(self._investigation, event.view, Start.PREPARED))

    def on_run_wanted(self, event: RunWanted) -> None:
        self._over_cases(RunScreen(self._investigation, event.view, Start.RUNNING))

    def on_interview_wanted(self, event: InterviewWanted) -> None:
        self.push_screen(InterviewScreen(self._investigation, event.view, self._patience))

    def on_copy_wanted(self, event: CopyWanted) -> None:
        if copyable(event.command):
            self.copy_to_clipboard(event.command)
            self._tell(f"Copied {COPIED[event.what]}.\nNothing was run.")
        else:
            self._tell("It holds hidden characters and was not copied. Export the runbook instead.", warning=True)

    def on_told(self, event: Told) -> None:
        self._tell(event.text)

    def on_trouble(self, event: Trouble) -> None:
        self._tell(event.text, warning=True)

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen, self.get_key_display))

    def action_turn_theme(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def _screen_for(self, view: CaseView) -> Screen[None]:
        if view.run is RunState.FINISHED:
            return CaseScreen(self._investigation, view)
        if view.run is RunState.ASKING:
            return InterviewScreen(self._investigation, view, self._patience)
        return RunScreen(self._investigation, view, Start.WANTED)

    def _over_cases(self, screen: Screen[None]) -> None:
        """Show a screen with nothing but the case list under it."""
        while len(self.screen_stack) > 2 and not isinstance(self.screen, CasesScreen):
            self.pop_screen()
        self.push_screen(screen)

    def _tell(self, text: str, *, warning: bool = False) -> None:
        shown = "\n".join(visible(line) for line in text.splitlines())
        self.notify(shown, severity="warning" if warning else "information", markup=False)

    def _fatal_error(self) -> None:
        """A bug ends the app; its traceback may quote evidence, so it is made inert like everything else."""
        import traceback  # noqa: PLC0415  (only when there is a bug)

        told = [*traceback.format_exc().splitlines(), "", BUG]
        self.panic(Text("\n".join(map(visible, told))))


def run(investigation: Investigation, handle: str | None = None) -> None:
    """Open the UI on the case list, or straight on a case; returns when the user leaves, exits with 1 on a bug."""
    app = InvestigatorApp(investigation, handle)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
