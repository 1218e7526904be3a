"""One timeline entry in full, and the raw records behind it."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from investigator.domain.timeline import TimelineEntry
from investigator.tui.inert import NOTHING, inert, joined, stacked
from investigator.tui.lookup import Lookup
from investigator.tui.records import RecordText
from investigator.tui.widgets.record_view import RecordView
from investigator.tui.widgets.words import Words
from investigator.tui.words import OUTCOME_STYLES, OUTCOME_WORDS, TACTIC_STYLES, moment, spaced


class Inspector(Vertical):
    """Facts above, the raw record below."""

    def compose(self) -> ComposeResult:
        yield Words(id="facts")
        yield RecordView(id="record")

    def entry(self, entry: TimelineEntry | None, lookup: Lookup, at: int) -> None:
        """Show the facts of this entry, and that its record number `at` is being read."""
        self.query_one("#facts", Words).show(facts(entry, lookup, at) if entry else NOTHING)
        if entry is None:
            self.query_one(RecordView).show(None)

    def record(self, record: RecordText) -> None:
        """Show this raw record."""
        self.query_one(RecordView).show(record)


def facts(entry: TimelineEntry, lookup: Lookup, at: int) -> Content:
    """Four lines: what, by whom, on what and why it is here."""
    tactic = inert(spaced(entry.tactic.value), TACTIC_STYLES[entry.tactic]) if entry.tactic else NOTHING
    times = f"×{entry.count:,} until {moment(entry.last)}" if entry.count > 1 else ""
    outcome = inert(OUTCOME_WORDS[entry.outcome], OUTCOME_STYLES[entry.outcome])
    of = f"record {at + 1} of {len(entry.evidence) + entry.more:,}" if entry.evidence else "no record"
    phase = "" if entry.tactic and entry.phase == entry.tactic.value else entry.phase
    told = (outcome, tactic, inert(phase), inert(times), inert(of, "$accent"))
    what = joined(inert(entry.action, "bold"), *told, between=" · ")
    who = joined(*(_known(n, v) for n, v in (("by", entry.actor.arn), ("with", entry.credential))), between=" ")
    where = ("on", ", ".join(entry.on)), ("from", entry.origin.ip), ("agent", entry.origin.agent)
    place = joined(*(_known(name, value) for name, value in where), between=" ")
    return stacked([what, who, place, _known("why", lookup.why(entry.why))])


def _known(name: str, value: str) -> Content:
    return joined(inert(name, "$secondary"), inert(value), between=" ") if value else NOTHING
