"""The proof of a sentence: what code checked, what it rests on, and the cited records themselves."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message
from textual.widgets import Footer

from investigator.domain.claim import Claim
from investigator.investigation import Investigation
from investigator.tui.desk import Desk
from investigator.tui.hanging import Hanging, bullet, line
from investigator.tui.inert import inert, joined
from investigator.tui.lookup import Lookup
from investigator.tui.predicates import in_words
from investigator.tui.records import RecordText, read
from investigator.tui.screens.record import RecordScreen
from investigator.tui.widgets.choices import Choice, Choices
from investigator.tui.widgets.record_view import RecordView
from investigator.tui.widgets.title_bar import TitleBar


class ProofScreen(Desk):
    """Claims with their predicates and evidence; the record under the cursor stands below."""

    HELP = (
        "✓ means that code evaluated it against the raw records and it held. Enter on a record opens it in full; Enter "
        "on a claim that this one rests on opens that one's proof."
    )
    AUTO_FOCUS = "#steps"
    BINDINGS: ClassVar[list[BindingType]] = []

    class Read(Message):
        """A record was read."""

        def __init__(self, record: RecordText) -> None:
            super().__init__()
            self.record = record

    def __init__(self, investigation: Investigation, lookup: Lookup, title: str, claims: tuple[str, ...]) -> None:
        super().__init__(investigation)
        self._lookup = lookup
        self._title = title
        self._claims = tuple(lookup.claims[claim] for claim in claims if claim in lookup.claims)

    def compose(self) -> ComposeResult:
        yield TitleBar(joined(inert("Proof"), inert(self._title), between=" · "))
        with Container(id="proof"):
            yield Choices([entry for claim in self._claims for entry in _entries(claim, self._lookup)], id="steps")
            yield RecordView(id="record")
        yield Footer()

    @on(Choices.Moved)
    def _moved(self, event: Choices.Moved) -> None:
        kind, _, evidence = event.key.partition(" ")
        if kind == "record":
            handle = self._lookup.document.measures.case
            self.errand(lambda: self.Read(read(self.investigation, handle, self._lookup, evidence)), "record")
        else:
            self.query_one(RecordView).show(None)

    def on_proof_screen_read(self, event: Read) -> None:
        self.query_one(RecordView).show(event.record)

    @on(Choices.Opened)
    def _opened(self, event: Choices.Opened) -> None:
        kind, _, key = event.key.partition(" ")
        if kind == "record":
            evidence = tuple(dict.fromkeys(e for claim in self._claims for e in claim.evidence))
            self.put_over(RecordScreen(self.investigation, self._lookup, evidence, evidence.index(key)))
        else:
            self.put_over(ProofScreen(self.investigation, self._lookup, f"Claim {key}", (key,)))


def _entries(claim: Claim, lookup: Lookup) -> Iterator[Choice]:
    held = inert("✓ holds", "bold $success") if claim.holds else inert("✗ does not hold", "bold $error")
    sign = inert("✓", "$success") if claim.holds else inert("•", "$warning")
    checked = [bullet(sign, inert(in_words(predicate))) for predicate in claim.predicates]
    sentence = bullet(inert(claim.id, "$accent"), inert(claim.text, "bold"))
    yield Choice(Hanging([sentence, line(joined(held, inert(claim.basis), between=" · ")), *checked]))
    if claim.rests_on:
        yield Choice(inert("Rests on", "$secondary"))
    for below in (lookup.claims[key] for key in claim.rests_on if key in lookup.claims):
        yield Choice(Hanging([bullet(inert(f"› {below.id}", "$accent"), inert(below.text))]), f"claim {below.id}")
    if claim.evidence:
        yield Choice(inert("Cited records", "$secondary"))
    for evidence in claim.evidence:
        yield Choice(joined(inert("›", "$accent"), inert(evidence), between=" "), f"record {evidence}")
