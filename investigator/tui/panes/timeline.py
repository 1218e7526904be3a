"""The timeline: virtual, filtered with search expressions, with the raw record beside it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from investigator.domain.timeline import TimelineEntry
from investigator.domain.timeline_filter import place_of
from investigator.tui.inert import inert, joined
from investigator.tui.lookup import Lookup
from investigator.tui.records import RecordText
from investigator.tui.wanted import FilterWanted, InspectWanted, RecordWanted
from investigator.tui.widgets.inspector import Inspector
from investigator.tui.widgets.rows import Column, Rows
from investigator.tui.widgets.words import Words
from investigator.tui.words import OUTCOME_STYLES, OUTCOME_WORDS, TACTIC_STYLES, counted, moment, short, spaced

COLUMNS = (
    Column("Time (UTC)", 19, from_width=74),
    Column("Time (UTC)", 14, to_width=74),
    Column("Action"),
    Column("On"),
    Column("Outcome", 7),
    Column("Tactic", 20, from_width=100),
    Column("From", 15, from_width=120),
)
PAUSE = 0.08
"""Seconds that the cursor rests on an entry before its record is read."""


class TimelinePane(Container):
    """What the report cites and what accused entities did, on one axis."""

    HELP = (
        "/ filters: words, or field=value, field~regex, -not, from:TIME to:TIME (fields: time name action outcome key "
        "ip principal on tactic phase account region …). t jumps to a time, ] and [ go through the records behind one "
        "entry, and Enter opens the raw record in full."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "type('filter')", "Filter", key_display="/"),
        Binding("t", "type('jump')", "Go to time"),
        Binding("i", "inspector", "Show or hide the record", show=False),
        Binding("right_square_bracket", "record(1)", "Next record behind the entry", key_display="]", show=False),
        Binding("left_square_bracket", "record(-1)", "Previous record behind the entry", key_display="[", show=False),
        Binding("escape", "clear", "Clear filter"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows = Rows(COLUMNS, _cells, empty="No entry matches. Esc clears the filter.", id="timeline")
        self._expression = ""
        self._at = 0
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Words(id="timeline-note")
        yield Input(id="filter", placeholder="words, name=CreateAccessKey, key~^ASIA, -outcome=denied", compact=True)
        yield Input(id="jump", placeholder="2026-01-27T19:21, 2026-01-27, or 19:21", compact=True)
        with Container(id="split"):
            yield self._rows
            yield Inspector(id="inspector")

    def show(self, lookup: Lookup) -> None:
        """Show this case, unfiltered."""
        self._lookup = lookup
        self.entries(lookup.document.timeline, "")

    def entries(self, entries: Sequence[TimelineEntry], expression: str) -> None:
        """Show the entries that an expression left."""
        self._expression = expression
        current = self.current
        near = place_of(entries, current.time.isoformat(), None) if current and current.time else 0
        self._rows.show(entries, near)
        self._note()
        self.refresh_bindings()

    def trouble(self, text: str) -> None:
        """Say why an expression or a time could not be used."""
        self.query_one("#timeline-note", Words).show(inert(text, "bold $error"))

    def record(self, record: RecordText) -> None:
        """Show a raw record beside the list, if it still belongs to the entry under the cursor."""
        if self.current is not None and record.evidence in self.current.evidence:
            self.query_one(Inspector).record(record)

    def filter_by(self, expression: str) -> None:
        """Filter by this expression."""
        self.query_one("#filter", Input).value = expression
        self.post_message(FilterWanted(expression))

    @property
    def current(self) -> TimelineEntry | None:
        return self._rows.current

    def _note(self) -> None:
        document = self._lookup.document
        shown, rest = len(self._rows.rows), sum(hour.records for hour in document.timeline_rest)
        entries = f"{shown:,} of {counted(len(document.timeline), 'entry').replace('entrys', 'entries')}"
        others = f"{counted(rest, 'other record')} not shown" if rest else ""
        filtered = joined(inert("filter", "$secondary"), inert(self._expression, "$accent"), between=" ")
        parts = (inert(entries), filtered if self._expression else inert(""), inert(others, "$secondary"))
        self.query_one("#timeline-note", Words).show(joined(*parts, between=" · "))

    @on(Rows.Moved, "#timeline")
    def _moved(self) -> None:
        self._at = 0
        self._inspect()

    def _inspect(self) -> None:
        self.query_one(Inspector).entry(self.current, self._lookup, self._at)
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._read)

    def _read(self) -> None:
        if self.current is not None and self.current.evidence:
            self.post_message(InspectWanted(self.current.evidence[self._at]))

    @on(Rows.Chosen, "#timeline")
    def _chosen(self) -> None:
        if self.current is not None and self.current.evidence:
            self.post_message(RecordWanted(self.current.evidence, self._at))

    def action_record(self, by: int) -> None:
        if self.current is not None and self.current.evidence:
            self._at = (self._at + by) % len(self.current.evidence)
            self._inspect()

    def action_inspector(self) -> None:
        inspector = self.query_one(Inspector)
        inspector.display = not inspector.display

    def action_type(self, field: str) -> None:
        self.query_one(f"#{field}").add_class("shown").focus()

    @on(Input.Submitted, "#filter")
    def _filtered(self, event: Input.Submitted) -> None:
        self._done(event.input)
        self.post_message(FilterWanted(event.value))

    @on(Input.Submitted, "#jump")
    def _jumped(self, event: Input.Submitted) -> None:
        self._done(event.input)
        near = self.current.time if self.current else None
        try:
            self._rows.go_to(place_of(self._rows.rows, event.value, near))
        except ValueError as fault:
            self.trouble(f"Jump {fault}")

    def _done(self, box: Input) -> None:
        box.remove_class("shown")
        self._rows.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._expression) or bool(self.query("Input.shown")) if action == "clear" else True

    def action_clear(self) -> None:
        for box in self.query("Input.shown").results(Input):
            self._done(box)
        if self._expression or self.query_one("#filter", Input).value:
            self.filter_by("")


def _cells(entry: TimelineEntry) -> tuple[Content, ...]:
    style = TACTIC_STYLES[entry.tactic] if entry.tactic else ""
    times = inert(f"×{entry.count:,}", "$secondary") if entry.count > 1 else inert("")
    return (
        inert(moment(entry.time)),
        inert(moment(entry.time)[5:] if entry.time else "no time"),
        joined(inert(entry.action, style), times, between=" "),
        inert(", ".join(map(short, entry.on))),
        inert(OUTCOME_WORDS[entry.outcome], OUTCOME_STYLES[entry.outcome]),
        inert(spaced(entry.tactic.value) if entry.tactic else "", style),
        inert(entry.origin.ip),
    )
