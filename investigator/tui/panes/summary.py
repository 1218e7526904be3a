"""The Summary: the verdict, and sentences that each open their proof."""

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from investigator.tui.hanging import Hanging, bullet
from investigator.tui.inert import NOTHING, inert, joined, stacked
from investigator.tui.lookup import Lookup
from investigator.tui.wanted import ProofWanted
from investigator.tui.widgets.choices import Choice, Choices
from investigator.tui.widgets.words import Words
from investigator.tui.words import CONFIDENCE_WORDS, VERDICT_STYLES, VERDICT_WORDS, counted, moment


class SummaryPane(Vertical):
    """What happened, how sure that is, and what is not known."""

    HELP = "Every sentence rests on evidence: Enter opens its proof, the records and what was checked in them."

    def compose(self) -> ComposeResult:
        yield Words(id="badge")
        yield Choices(id="sentences")

    def show(self, lookup: Lookup) -> None:
        """Show this case."""
        self._lookup = lookup
        self.query_one("#badge", Words).show(badge(lookup))
        self.query_one("#sentences", Choices).show(list(_entries(lookup)))

    @on(Choices.Opened)
    def _opened(self, event: Choices.Opened) -> None:
        kind, _, key = event.key.partition(":")
        if kind == "finding":
            self.post_message(ProofWanted(f"Finding {key}", self._lookup.findings[key].claims))
        else:
            self.post_message(ProofWanted("Sentence of the summary", (key,)))


def badge(lookup: Lookup) -> Content:
    """Verdict and confidence; then accounts, window and size of the evidence."""
    document = lookup.document
    verdict = document.verdict
    window = document.case.window
    sure = inert(CONFIDENCE_WORDS[verdict.confidence])
    label = inert(f" {VERDICT_WORDS[verdict.value].upper()} ", VERDICT_STYLES[verdict.value] + " reverse")
    span = inert(f"{moment(window.start)[:16]} – {moment(window.end)[:16]}" if window else "no window")
    accounts = inert(", ".join(document.case.accounts) or "no account known")
    size = inert(counted(document.measures.records_read, "record"))
    return stacked([joined(label, sure, between="  "), joined(span, accounts, size, between=" · ")])


def _entries(lookup: Lookup) -> Iterator[Choice]:
    document = lookup.document
    for claim in (lookup.claims[key] for key in document.summary.overview if key in lookup.claims):
        sentence = joined(inert(claim.text), _basis(claim.basis), between=" ")
        yield Choice(Hanging([bullet(inert("›", "$accent"), sentence)]), f"claim:{claim.id}")
    yield from _judged("Speaks for it", document.verdict.supports, lookup)
    yield from _judged("Speaks against it", document.verdict.against, lookup)
    yield from _listed("Not known", [lookup.gaps[gap].what for gap in document.verdict.unknown if gap in lookup.gaps])
    yield from _listed("Would change the verdict", document.verdict.would_change_it)
    yield from _listed("Notes and assumptions", document.summary.notes)


def _basis(basis: str) -> Content:
    return inert("(inferred)", "$secondary") if basis == "inferred" else inert("")


def _judged(heading: str, findings: tuple[str, ...], lookup: Lookup) -> Iterator[Choice]:
    known = [lookup.findings[key] for key in findings if key in lookup.findings]
    if known:
        yield Choice(_heading(heading))
    for finding in known:
        text = bullet(inert(f"› {finding.id}", "$accent"), inert(lookup.finding_text(finding)))
        yield Choice(Hanging([text]), f"finding:{finding.id}")


def _listed(heading: str, lines: list[str] | tuple[str, ...]) -> Iterator[Choice]:
    if lines:
        yield Choice(_heading(heading))
    for line in lines:
        yield Choice(Hanging([bullet(inert("•", "$secondary"), inert(line))]))


def _heading(text: str) -> Content:
    return stacked([NOTHING, inert(text, "bold $secondary")])
