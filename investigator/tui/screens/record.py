"""A raw record on a screen of its own, and the others behind the same entry."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Footer

from investigator.domain.ids import EvidenceId
from investigator.investigation import Investigation
from investigator.tui.desk import Desk
from investigator.tui.inert import inert, joined
from investigator.tui.lookup import Lookup
from investigator.tui.records import RecordText, read
from investigator.tui.widgets.record_view import RecordView
from investigator.tui.widgets.title_bar import TitleBar


class RecordScreen(Desk):
    """Reads one record after the other."""

    HELP = "The evidence itself, read again from its source, secrets redacted. ] and [ go to the next and previous one."
    AUTO_FOCUS = "#record"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right_square_bracket", "go(1)", "Next record", key_display="]"),
        Binding("left_square_bracket", "go(-1)", "Previous record", key_display="["),
    ]

    class Read(Message):
        """A record was read."""

        def __init__(self, record: RecordText) -> None:
            super().__init__()
            self.record = record

    def __init__(self, investigation: Investigation, lookup: Lookup, evidence: tuple[EvidenceId, ...], at: int) -> None:
        super().__init__(investigation)
        self._lookup = lookup
        self._evidence = evidence
        self._at = at

    def compose(self) -> ComposeResult:
        yield TitleBar(inert("Record"))
        yield RecordView(id="record")
        yield Footer()

    def on_mount(self) -> None:
        self.action_go(0)

    def action_go(self, by: int) -> None:
        self._at = (self._at + by) % len(self._evidence)
        evidence = self._evidence[self._at]
        fact = inert(f"{self._at + 1:,} of {len(self._evidence):,}")
        self.query_one(TitleBar).show(joined(inert("Record"), inert(evidence, "bold"), between="  "), fact)
        handle = self._lookup.document.measures.case
        self.errand(lambda: self.Read(read(self.investigation, handle, self._lookup, evidence)), "record")

    def on_record_screen_read(self, event: Read) -> None:
        self.query_one(RecordView).show(event.record)
