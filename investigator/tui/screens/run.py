"""A run, live: stages, the present step, its pace, and gaps as they appear."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Footer

from investigator.domain.case import CaseView
from investigator.domain.progress import ProgressRow
from investigator.domain.words import RunState
from investigator.investigation import Investigation
from investigator.tui.desk import Desk, Trouble
from investigator.tui.inert import inert, inert_lines, joined, stacked
from investigator.tui.run_picture import RunPicture, folded
from investigator.tui.wanted import CaseWanted, InterviewWanted
from investigator.tui.widgets.pace import Pace
from investigator.tui.widgets.stage_list import StageList
from investigator.tui.widgets.title_bar import TitleBar
from investigator.tui.widgets.words import Words
from investigator.tui.words import RUN_STYLES, RUN_WORDS, counted

POLL = 0.25
"""Seconds between two looks at the progress stream."""

RESTING = {RunState.STOPPED, RunState.FAILED}


class RunScreen(Desk):
    """Follows a run in its worker process; leaving the screen does not stop it."""

    HELP = (
        "The investigation works on its own. Esc goes back to the list while it runs on; s stops it cleanly, and r "
        "goes on later where it stopped. a answers questions late."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "stop", "Stop"),
        Binding("r", "go_on", "Go on"),
        Binding("a", "answer", "Answer questions"),
        Binding("escape", "leave", "Back (runs on)"),
    ]

    class Followed(Message):
        """New rows of the stream, and where the case stands."""

        def __init__(self, rows: tuple[ProgressRow, ...], view: CaseView) -> None:
            super().__init__()
            self.rows = rows
            self.view = view

    def __init__(self, investigation: Investigation, view: CaseView, *, preparing: bool = False) -> None:
        super().__init__(investigation)
        self._view = view
        self._preparing = preparing
        self._picture = RunPicture()
        self._waiting = False

    def compose(self) -> ComposeResult:
        yield TitleBar(inert(f"Case {self._view.id}"))
        with VerticalScroll(id="run"):
            yield Words(inert(self._view.case.title, "bold"))
            yield StageList(id="stages")
            yield Pace(id="pace")
            yield Words(id="trouble")
            yield Words(id="gaps")
        yield Footer()

    def on_mount(self) -> None:
        self._show()
        self.query_one("#run").focus()
        self.set_interval(POLL, self.poll)

    def poll(self) -> None:
        """Look at the stream again, unless the last look is still under way."""
        if not self._waiting and self.is_current:
            self._waiting = True
            self.errand(self._look, "follow")

    def _look(self) -> Message:
        handle = self._view.id
        view = self.investigation.view(handle)
        return self.Followed(self.investigation.follow(handle, self._picture.number), view)

    def on_run_screen_followed(self, event: Followed) -> None:
        self._waiting = False
        self._picture = folded(self._picture, event.rows)
        self._view = event.view
        self._show()
        self._move_on()

    def on_trouble(self, event: Trouble) -> None:
        event.stop()
        self._waiting = False
        self.query_one("#trouble", Words).show(inert_lines(event.text, "bold $error"))

    def _move_on(self) -> None:
        run = self._view.run
        if self._preparing and run is RunState.READY:
            self._preparing = False
            self.errand(self._started, "start")
        elif run is RunState.FINISHED or (self._preparing and run is RunState.ASKING):
            self.post_message(CaseWanted(self._view))

    def _started(self) -> Message:
        self.investigation.start(self._view.id, prepare_only=self._preparing)
        return self._look()

    def _show(self) -> None:
        run = self._view.run
        state = inert(RUN_WORDS[run], RUN_STYLES[run])
        self.query_one(TitleBar).show(inert(f"Case {self._view.id}"), state)
        self.query_one(StageList).picture(self._picture, working=run not in RESTING)
        self.query_one(Pace).picture(self._picture)
        self.query_one("#trouble", Words).show(inert_lines(self._trouble(), "$warning"))
        gaps = [joined(inert("•", "$warning"), inert(gap), between=" ") for gap in self._picture.gaps]
        heading = (
            inert(f"{counted(len(gaps), 'gap')} so far", "bold") if gaps else inert("No gaps so far", "$secondary")
        )
        self.query_one("#gaps", Words).show(stacked([heading, *gaps]))
        self.refresh_bindings()

    def _trouble(self) -> str:
        if self._view.run not in RESTING:
            return ""
        return f"{self._view.trouble or 'The run stopped.'}\nEverything finished so far is kept. Press r to go on."

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        resting = self._view.run in RESTING
        match action:
            case "stop":
                return not resting
            case "go_on":
                return resting or (self._view.run in {RunState.OPENING, RunState.READY} and not self._picture.number)
            case "answer":
                return bool(self._view.questions)
            case _:
                return True

    def action_stop(self) -> None:
        self.errand(self._stopped, "stop")

    def _stopped(self) -> Message:
        self.investigation.stop(self._view.id)
        return self._look()

    def action_go_on(self) -> None:
        self._preparing = self._view.run is RunState.OPENING
        self.errand(self._started, "start")

    def action_answer(self) -> None:
        self.post_message(InterviewWanted(self._view))
