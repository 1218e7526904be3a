"""A run, live: stages, the present step, its pace, and gaps as they appear."""

from enum import Enum, auto
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

STILL = 60
"""Looks without a new row after which a run may be dead: 15 seconds."""

RESTING = {RunState.STOPPED, RunState.FAILED}
FRESH = {RunState.OPENING, RunState.READY}


class Start(Enum):
    """What was done for the case before its run is shown."""

    WANTED = auto()
    """Nothing: a case that never ran shall start now."""
    PREPARED = auto()
    """Its preparation was started."""
    RUNNING = auto()
    """Its run was started."""


class RunScreen(Desk):
    """Follows a run in its worker process; leaving the screen does not stop it."""

    HELP = (
        "The investigation works on its own. Esc goes back to the list while it runs on; s stops it cleanly, and r "
        "goes on later where it stopped. a answers questions late."
    )
    AUTO_FOCUS = "#run"
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

    def __init__(self, investigation: Investigation, view: CaseView, start: Start) -> None:
        super().__init__(investigation)
        self._view = view
        self._preparing = start is Start.PREPARED or view.run is RunState.OPENING
        self._to_start = start is Start.WANTED and view.run in FRESH
        self._left = view.run if start is Start.RUNNING else None
        """The state in which a start was asked for, until the case leaves it."""
        self._picture = RunPicture()
        self._waiting = False
        self._still = 0

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
        self.set_interval(POLL, self.poll)
        if self._to_start:
            self.errand(self._started, "start")

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
        self._still = 0 if event.rows else self._still + 1
        self._picture = folded(self._picture, event.rows)
        self._view = event.view
        if self._view.run is not self._left:
            self._left = None
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

    @property
    def _resting(self) -> bool:
        return self._view.run in RESTING and self._left is None

    def _show(self) -> None:
        run = self._view.run
        state = inert("starting", "$primary") if self._left else inert(RUN_WORDS[run], RUN_STYLES[run])
        self.query_one(TitleBar).show(inert(f"Case {self._view.id}"), state)
        self.query_one(StageList).picture(self._picture, working=not self._resting)
        self.query_one(Pace).picture(self._picture)
        self.query_one("#trouble", Words).show(inert_lines(self._trouble(), "$warning"))
        gaps = [joined(inert("•", "$warning"), inert(gap), between=" ") for gap in self._picture.gaps]
        heading = (
            inert(f"{counted(len(gaps), 'gap')} so far", "bold") if gaps else inert("No gaps so far", "$secondary")
        )
        self.query_one("#gaps", Words).show(stacked([heading, *gaps]))
        self.refresh_bindings()

    def _trouble(self) -> str:
        if self._resting:
            return f"{self._view.trouble or 'The run stopped.'}\nEverything finished so far is kept. Press r to go on."
        if self._still > STILL:
            return "Nothing has moved for a while. If its process is gone, r goes on where it stopped."
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "stop":
                return not self._resting
            case "go_on":
                return self._resting or self._still > STILL
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
        self._left, self._still = self._view.run, 0
        self.errand(self._started, "start")

    def action_answer(self) -> None:
        self.post_message(InterviewWanted(self._view))
