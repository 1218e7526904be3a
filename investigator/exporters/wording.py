"""What a predicate, a cell or a span says, in words: the same in every report."""

from datetime import datetime

from investigator.domain.claim import (
    Absent,
    Before,
    Count,
    Exists,
    First,
    Issued,
    Last,
    Linked,
    MeasureIs,
    Permits,
    Predicate,
    Reaches,
    SameCredential,
    StateIs,
)
from investigator.domain.times import Window, to_text
from investigator.domain.words import CellState, Done, Verdict

VERDICTS = {
    Verdict.CONFIRMED: "Confirmed incident",
    Verdict.LIKELY: "Likely incident",
    Verdict.INCONCLUSIVE: "Inconclusive",
    Verdict.LIKELY_BENIGN: "Likely benign",
    Verdict.BENIGN: "Benign",
}
DONE = {Done.DONE: "done", Done.TRIED: "tried, did not succeed", Done.COULD: "could have been done"}
STATES = {
    CellState.SEEN: "seen whole",
    CellState.UNVERIFIED: "read, not verified by digests",
    CellState.PARTIAL: "read in part",
    CellState.INCOMPLETE: "incomplete",
    CellState.DENIED: "refused",
    CellState.DISABLED: "switched off",
    CellState.NOT_SAVED: "not among the saved answers",
    CellState.NOT_RECORDED: "not recorded",
    CellState.OUT_OF_RETENTION: "older than what is kept",
}
PHASES = {
    "preserve": "Preserve evidence",
    "contain": "Contain",
    "eradicate": "Eradicate",
    "recover": "Recover",
    "harden": "Harden",
    "record": "Record",
}


def sentence(predicate: Predicate) -> str:
    """What must be true for the predicate to hold."""
    match predicate:
        case StateIs():
            return f"{predicate.answer} says {predicate.value} at {predicate.path}"
        case MeasureIs():
            place = f"{predicate.path} in {predicate.answer}, {period(predicate.window)}"
            return f"{predicate.agg} of {place}, {predicate.op} {predicate.value}"
        case Permits() | Reaches():
            return _permitted(predicate)
        case Count() | First() | Last() | Absent():
            return _complete(predicate)
        case _:
            return _on_records(predicate)


def _permitted(predicate: Permits | Reaches) -> str:
    by = f"the policies in {predicate.answer}"
    if isinstance(predicate, Permits):
        asked = f"{predicate.action} of {predicate.principal} on {predicate.resource}"
        return f"{asked} is {words(predicate.says.value)} by {by}"
    extent = "every action, on no condition" if predicate.whole else ", ".join(predicate.levels)
    but = f", but not {', '.join(predicate.but)}" if predicate.but else ""
    conditions = ", on conditions" if predicate.conditional else ""
    return f"{by} give {predicate.principal} in {predicate.service}: {extent}{but}{conditions}"


def _on_records(predicate: Exists | Before | SameCredential | Issued | Linked) -> str:
    match predicate:
        case Exists():
            return f"a cited record matches {predicate.where}"
        case Before():
            return f"{predicate.a} is earlier than {predicate.b}"
        case SameCredential():
            return f"{counted(len(predicate.records), 'record')} signed with {predicate.key}"
        case Issued():
            return f"{predicate.by} succeeded and handed out {predicate.key}"
        case Linked():
            return f"linking rule {predicate.rule} leads from {predicate.parent} to {predicate.child}"


def _complete(predicate: Count | First | Last | Absent) -> str:
    within = f"in cells {', '.join(predicate.cells)}"
    match predicate:
        case Count():
            unit = "records" if predicate.over == "events" else f"different values of {predicate.over}"
            return f"exactly {predicate.n} {unit} match {predicate.where} {within}"
        case First():
            return f"the earliest match of {predicate.where} {within} is at {to_text(predicate.time)}"
        case Last():
            return f"the latest match of {predicate.where} {within} is at {to_text(predicate.time)}"
        case Absent():
            extent = "of the whole window" if predicate.scope == "window" else "that was read"
            return f"no record {extent} matches {predicate.where} {within}"


def counted(n: int, noun: str) -> str:
    """`1 record`, `2 records`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def clock(moment: datetime | None) -> str:
    """`2026-01-27 03:07:05` in UTC, or "undated"."""
    return to_text(moment).replace("T", " ").removesuffix("Z") if moment else "undated"


def later(moment: datetime | None, first: datetime | None) -> str:
    """The clock of a later moment; on the same day without its date."""
    told = clock(moment)
    return told[11:] if moment and first and moment.date() == first.date() else told


def period(window: Window | None) -> str:
    """From the start to the end, which is excluded; whole days without their midnights."""
    if window is None:
        return "not bounded"
    ends = (clock(window.start), clock(window.end))
    whole_days = all(end.endswith(" 00:00:00") for end in ends)
    start, end = (told[:10] for told in ends) if whole_days else ends
    return f"{start} to {end} UTC"


def words(name: str) -> str:
    """`initial-access` and `created_by_actor` as words."""
    return name.replace("-", " ").replace("_", " ")


def title(name: str) -> str:
    return words(name).capitalize()


def short(name: str) -> str:
    """An ARN without what every ARN of an account shares: `user/build`; anything else as it is."""
    return name.split(":", 5)[5] if name.startswith("arn:") and name.count(":") >= 5 else name
