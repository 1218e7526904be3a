"""The report as text for a terminal, from the case document alone."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from investigator.cli.output import paint, say, shown
from investigator.domain.action import Action
from investigator.domain.finding import Finding
from investigator.domain.gap import Gap
from investigator.domain.report import CaseDocument
from investigator.domain.timeline import TimelineEntry
from investigator.domain.times import to_text
from investigator.domain.words import Done, Severity, Verdict

COLOURS: Mapping[str, str] = {
    Verdict.CONFIRMED: "red",
    Verdict.LIKELY: "yellow",
    Verdict.INCONCLUSIVE: "cyan",
    Verdict.LIKELY_BENIGN: "green",
    Verdict.BENIGN: "green",
    Severity.CRITICAL: "red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
}
HEADINGS = {Done.DONE: "What was done", Done.TRIED: "What was tried", Done.COULD: "What could have been done"}
WIDTH = 100
SOME = 3
"""Of a list in a line."""
TIMELINE_LINES = 40
"""The rest stands in every export."""


def print_report(document: CaseDocument) -> None:
    """Verdict, summary, findings, timeline, accused entities, gaps and actions."""
    texts = {claim.id: claim.text for claim in document.claims}
    _verdict(document)
    _section("Summary", (texts[claim] for claim in document.summary.overview if claim in texts))
    could = [texts[claim] for radius in document.blast for claim in radius.claims if claim in texts]
    for outcome, heading in HEADINGS.items():
        found = [_finding(finding, texts) for finding in document.findings if finding.outcome is outcome]
        _section(heading, (*found, *(could if outcome is Done.COULD else ())))
    _timeline(document)
    accused = [entity for entity in document.entities if entity.role.accused]
    _section("Who and what", (f"{_spaced(entity.role)}: {_spaced(entity.kind)} {entity.value}" for entity in accused))
    _section("What could not be seen", _gaps(document.gaps))
    _actions(document.actions)
    _section("Notes", document.summary.notes)


def _verdict(document: CaseDocument) -> None:
    verdict = document.verdict
    word = paint(_spaced(verdict.value).upper(), COLOURS[verdict.value], bold=True)
    say(f"{word} ({verdict.confidence} confidence)  {paint(document.case.title, bold=True)}")
    for change in verdict.would_change_it:
        say(_filled(f"This would change with: {change}"))


def _section(heading: str, paragraphs: Iterable[str]) -> None:
    lines = [_filled(f"- {paragraph}") for paragraph in paragraphs]
    if lines:
        _heading(heading)
        for line in lines:
            say(line)


def _heading(heading: str) -> None:
    say()
    say(paint(heading, bold=True))


def _filled(text: str) -> str:
    return textwrap.fill(shown(text), WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _finding(finding: Finding, texts: Mapping[str, str]) -> str:
    sentences = " ".join(texts[claim] for claim in finding.claims if claim in texts)
    marks = ", ".join(
        (finding.severity, f"{finding.confidence} confidence", _spaced(finding.tactic), *finding.techniques)
    )
    return f"{sentences} [{marks}; {finding.id}]"


def _timeline(document: CaseDocument) -> None:
    if not document.timeline:
        return
    _heading("Timeline (UTC)")
    for entry in document.timeline[:TIMELINE_LINES]:
        say(f"  {shown(_entry(entry))}")
    more = len(document.timeline) - TIMELINE_LINES
    if more > 0:
        say(f"  … and {more:,} more lines: export the case as csv or html")


def _entry(entry: TimelineEntry) -> str:
    time = to_text(entry.time)[:19].replace("T", " ") if entry.time else "no time            "
    outcome = "" if entry.outcome == "success" else f"({entry.outcome})"
    origin = f"from {entry.origin.ip}" if entry.origin.ip else ""
    times = f"×{entry.count}" if entry.count > 1 else ""
    actor = entry.actor.arn.rpartition(":")[2] or entry.actor.kind
    on = f"on {_some(', ', entry.on)}" if entry.on else ""
    return " ".join(part for part in (f"{time} ", entry.action, times, outcome, "by", actor, origin, on) if part)


def _gaps(gaps: Iterable[Gap]) -> Iterator[str]:
    """One paragraph for all gaps that have the same reason and effect."""
    alike: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        alike.setdefault((gap.why, gap.effect), []).append(gap)
    for (why, effect), group in alike.items():
        what = _some("; ", [gap.what for gap in group])
        yield f"{what}: {_clause(why)}; {_clause(effect)}. To close it: {_clause(group[0].close)}."


def _some(between: str, parts: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = f"{between}{len(parts) - SOME:,} more" if len(parts) > SOME else ""
    return between.join(parts[:SOME]) + more


def _clause(sentence: str) -> str:
    return sentence.rstrip(". ")


def _actions(actions: Iterable[Action]) -> None:
    for number, action in enumerate(actions, 1):
        if number == 1:
            _heading("What to do, in this order, those of one turn together; nothing of it was done")
        loses = "; loses evidence" if action.loses_evidence else ""
        where = f"on {action.on}; turn {action.turn}, risk {action.risk}{loses}"
        say(_filled(f"{number}. {action.phase}: {action.effect} ({where})"))
        for command in filter(None, (action.save, action.command)):
            say(f"       {_copyable(command)}")


def _copyable(command: str) -> str:
    """A command as it can be pasted: hostile characters visible, its own backslashes single."""
    return shown(command).replace("\\\\", "\\")


def _spaced(word: str) -> str:
    return word.replace("_", " ").replace("-", " ")
