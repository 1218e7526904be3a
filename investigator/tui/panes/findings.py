"""The findings, worst first, each with its sentences and evidence."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from investigator.domain.finding import Finding
from investigator.tui.hanging import Hanging, fact, line
from investigator.tui.inert import NOTHING, inert
from investigator.tui.lookup import Lookup
from investigator.tui.wanted import ProofWanted
from investigator.tui.widgets.rows import Column, Rows
from investigator.tui.widgets.words import Page
from investigator.tui.words import CONFIDENCE_WORDS, DONE_WORDS, SEVERITY_STYLES, TACTIC_STYLES, counted, spaced

COLUMNS = (
    Column("Id", 4),
    Column("Severity", 13),
    Column("Tactic", 20, from_width=96),
    Column("What was found"),
    Column("Outcome", 8, from_width=100),
    Column("Confidence", 10, from_width=110),
)


class FindingsPane(Container):
    """A list with the finding under the cursor in full below."""

    HELP = "Our conclusions, each with evidence for and against it. Enter opens the proof of a finding."

    def __init__(self) -> None:
        super().__init__()
        self._rows = Rows(COLUMNS, self._cells, empty="Nothing was found in the evidence given.", id="findings")

    def compose(self) -> ComposeResult:
        yield self._rows
        yield Page(id="finding")

    def show(self, lookup: Lookup) -> None:
        """Show this case."""
        self._lookup = lookup
        ordered = sorted(lookup.document.findings, key=lambda finding: -finding.severity.number)
        self._rows.show(ordered)

    def _cells(self, finding: Finding) -> tuple[Content, ...]:
        return (
            inert(finding.id),
            inert(finding.severity.value, SEVERITY_STYLES[finding.severity]),
            inert(spaced(finding.tactic.value), TACTIC_STYLES[finding.tactic]),
            inert(self._lookup.finding_text(finding)),
            inert(finding.outcome.value),
            inert(finding.confidence.value),
        )

    @on(Rows.Moved, "#findings")
    def _moved(self) -> None:
        finding = self._rows.current
        self.query_one("#finding", Page).show(_in_full(finding, self._lookup) if finding else NOTHING)

    @on(Rows.Chosen, "#findings")
    def _chosen(self) -> None:
        if finding := self._rows.current:
            self.post_message(ProofWanted(f"Finding {finding.id}", finding.claims))


def _in_full(finding: Finding, lookup: Lookup) -> Hanging:
    claims = [lookup.claims[claim] for claim in finding.claims if claim in lookup.claims]
    facts = (
        ("Outcome", DONE_WORDS[finding.outcome]),
        ("Confidence", CONFIDENCE_WORDS[finding.confidence]),
        ("Tactic", spaced(finding.tactic.value) + _bracketed(finding.techniques)),
        ("Rules", ", ".join(finding.rules)),
        ("Entities", ", ".join(finding.entities)),
        ("Evidence", f"{counted(len(finding.evidence), 'record')} for it, {len(finding.against)} against it"),
    )
    sentences = [line(inert(claim.text, "bold")) for claim in claims]
    hint = line(inert("Enter opens the proof.", "$secondary"))
    return Hanging([*sentences, *(fact(name, inert(value), 12) for name, value in facts if value), hint])


def _bracketed(techniques: tuple[str, ...]) -> str:
    return f" ({', '.join(techniques)})" if techniques else ""
