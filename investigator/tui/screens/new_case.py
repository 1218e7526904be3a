"""Opening a case from a worry in words and the places where evidence is."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Button, Footer, Input, Switch, TextArea

from investigator.domain.case import OpenCase, Sources
from investigator.tui.desk import Desk, Trouble
from investigator.tui.inert import inert
from investigator.tui.path_completion import expanded, fault
from investigator.tui.wanted import PrepareWanted
from investigator.tui.widgets.path_input import PathInput
from investigator.tui.widgets.title_bar import TitleBar
from investigator.tui.widgets.words import Words


class NewCaseScreen(Desk):
    """A form of one page; nothing is read or asked before Start."""

    HELP = (
        "Say what worries you, in your own words: a leaked key, a strange bill, an alert. Then name the folder with "
        "the CloudTrail logs. Keys, addresses, account ids and times in your words are understood."
    )
    AUTO_FOCUS = "#worry"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "start", "Start"),
        Binding("f1", "app.help", "Help"),
    ]

    def compose(self) -> ComposeResult:
        yield TitleBar(inert("New case"))
        with VerticalScroll(id="form", can_focus=False):
            yield Words(inert("What happened?", "bold"))
            yield TextArea(
                id="worry", placeholder="For example: the access key of user build was pushed to GitHub", compact=True
            )
            yield from _field("Logs", PathInput(placeholder="File or folder with CloudTrail logs", id="logs"))
            yield from _field(
                "Saved answers", PathInput(placeholder="Optional: folder with saved AWS answers", id="responses")
            )
            with Horizontal(classes="field"):
                yield Words(inert("Ask AWS live"), classes="label")
                yield Switch(id="aws")
                yield Input(placeholder="Profile (empty: the default one)", id="profile", compact=True, disabled=True)
            yield Words(inert("Read-only: the investigation never changes anything.", "$secondary"), id="promise")
            yield Words(id="fault")
            yield Button("Start  ^s", id="start", variant="primary", compact=True)
        yield Footer()

    @on(Switch.Changed)
    def _live(self, event: Switch.Changed) -> None:
        self.query_one("#profile").disabled = not event.value

    @on(Input.Changed)
    def _checked(self) -> None:
        self.query_one("#fault", Words).show(inert(self._fault() or "", "$error"))

    @on(Input.Submitted)
    def _next(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#start")
    def action_start(self) -> None:
        request = OpenCase(worry=self.query_one("#worry", TextArea).text, sources=self._sources())
        if wrong := self._fault() or _missing(request):
            self.query_one("#fault", Words).show(inert(wrong, "bold $error"))
            return
        self.query_one("#start").disabled = True
        self.errand(lambda: self._opened(request), "open")

    def _opened(self, request: OpenCase) -> Message:
        view = self.investigation.open(request)
        self.investigation.start(view.id, prepare_only=True)
        return PrepareWanted(view)

    def on_trouble(self, event: Trouble) -> None:
        event.stop()
        self.query_one("#start").disabled = False
        self.query_one("#fault", Words).show(inert(event.text, "bold $error"))

    def _value(self, field: str) -> str:
        return self.query_one(field, Input).value.strip()

    def _sources(self) -> Sources:
        logs, responses = self._value("#logs"), self._value("#responses")
        return Sources(
            logs=(expanded(logs).absolute(),) if logs else (),
            responses=expanded(responses).absolute() if responses else None,
            aws=self.query_one("#aws", Switch).value,
            profile=self._value("#profile") or None,
        )

    def _fault(self) -> str | None:
        logs = fault(self._value("#logs"))
        answers = fault(self._value("#responses"), folder=True)
        return f"Logs: {logs}" if logs else f"Saved answers: {answers}" if answers else None


def _field(label: str, field: Input) -> ComposeResult:
    with Horizontal(classes="field"):
        yield Words(inert(label), classes="label")
        yield field


def _missing(request: OpenCase) -> str | None:
    if not request.worry.strip():
        return "Say what happened first, in a few words."
    sources = request.sources
    if not (sources.logs or sources.responses or sources.aws):
        return "Name the logs, a folder of saved answers, or ask AWS live: without evidence nothing can be found."
    return None
