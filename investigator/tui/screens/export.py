"""Exporting a case into a file."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Footer, Input

from investigator.tui.desk import Dialog, Trouble
from investigator.tui.inert import inert
from investigator.tui.path_completion import expanded
from investigator.tui.widgets.choices import Choice, Choices
from investigator.tui.widgets.path_input import PathInput
from investigator.tui.widgets.words import Words

FORMATS: Mapping[str, tuple[str, str]] = {
    "html": ("report.html", "HTML       one page to read and print"),
    "markdown": ("report.md", "Markdown   text for a ticket or a wiki"),
    "json": ("case.json", "JSON       the case document for programs"),
    "csv": ("timeline.csv", "CSV        the timeline for a spreadsheet"),
    "bundle": ("bundle.zip", "Bundle     everything cited, to verify offline"),
    "runbook": ("runbook.sh", "Runbook    the commands, commented"),
}

Chunks = Callable[[str], Iterator[bytes]]


class ExportScreen(Dialog[Path]):
    """Choose a format, then a file; an existing file is never replaced."""

    HELP = "Choose a format with the arrow keys and Enter, then the file. Nothing that exists is overwritten."
    AUTO_FOCUS = "#formats"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "app.help", "Help", show=False)]

    class Written(Message):
        """The file is there."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    def __init__(self, name: str, chunks: Chunks) -> None:
        super().__init__()
        self._name = name
        self._chunks = chunks
        self._format = "html"

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Words(inert("Export this case", "bold"))
            yield Choices([Choice(inert(words), name) for name, (_, words) in FORMATS.items()], id="formats")
            yield Words(inert("Into the file", "$secondary"))
            yield PathInput(id="path", placeholder="a file that does not exist yet")
            yield Words(id="fault")
        yield Footer()

    @on(Choices.Moved)
    def _moved(self, event: Choices.Moved) -> None:
        self._format = event.key
        self.query_one("#path", Input).value = str(Path.cwd() / f"{self._name}-{FORMATS[event.key][0]}")

    @on(Choices.Opened)
    def _format_chosen(self) -> None:
        self.query_one("#path").focus()

    @on(Input.Submitted)
    def _path_chosen(self, event: Input.Submitted) -> None:
        path, chunks, name = expanded(event.value), self._chunks, self._format
        self.query_one("#fault", Words).show(inert("Writing…", "$secondary"))
        self.errand(lambda: self.Written(write_new(path, chunks(name))), "export")

    def on_export_screen_written(self, event: Written) -> None:
        self.dismiss(event.path)

    def on_trouble(self, event: Trouble) -> None:
        event.stop()
        self.query_one("#fault", Words).show(inert(event.text, "$error"))


def write_new(path: Path, chunks: Iterator[bytes]) -> Path:
    """Write a file that does not exist yet, and all of it or nothing; raises FileExistsError, OSError or ValueError."""
    with path.open("xb") as file:
        try:
            for chunk in chunks:
                file.write(chunk)
        except BaseException:
            path.unlink()
            raise
    return path
