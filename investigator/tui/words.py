"""How closed vocabularies read on a screen: a word always, a style beside it, never a style alone."""

from collections.abc import Mapping
from datetime import datetime

from investigator.domain.times import to_text
from investigator.domain.words import Confidence, Done, Outcome, Role, RunState, Severity, Tactic, Verdict

VERDICT_STYLES: Mapping[Verdict, str] = {
    Verdict.CONFIRMED: "bold $error",
    Verdict.LIKELY: "bold $warning",
    Verdict.INCONCLUSIVE: "bold $secondary",
    Verdict.LIKELY_BENIGN: "$success",
    Verdict.BENIGN: "bold $success",
}
VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.CONFIRMED: "Incident confirmed",
    Verdict.LIKELY: "Incident likely",
    Verdict.INCONCLUSIVE: "Inconclusive",
    Verdict.LIKELY_BENIGN: "Likely benign",
    Verdict.BENIGN: "Benign",
}
RUN_STYLES: Mapping[RunState, str] = {
    RunState.ASKING: "bold $accent",
    RunState.RUNNING: "bold $primary",
    RunState.OPENING: "$primary",
    RunState.READY: "$accent",
    RunState.STOPPED: "$warning",
    RunState.FAILED: "bold $error",
    RunState.FINISHED: "$success",
}
RUN_WORDS: Mapping[RunState, str] = {
    RunState.OPENING: "opening",
    RunState.ASKING: "has questions",
    RunState.READY: "ready",
    RunState.RUNNING: "running",
    RunState.STOPPED: "stopped",
    RunState.FINISHED: "finished",
    RunState.FAILED: "failed",
}
SEVERITY_STYLES: Mapping[Severity, str] = {
    Severity.CRITICAL: "bold $error",
    Severity.HIGH: "$error",
    Severity.MEDIUM: "$warning",
    Severity.LOW: "$secondary",
    Severity.INFORMATIONAL: "$secondary",
}
OUTCOME_STYLES: Mapping[Outcome, str] = {
    Outcome.SUCCESS: "",
    Outcome.DENIED: "$warning",
    Outcome.FAILED: "$secondary",
}
OUTCOME_WORDS: Mapping[Outcome, str] = {Outcome.SUCCESS: "ok", Outcome.DENIED: "denied", Outcome.FAILED: "failed"}
DONE_WORDS: Mapping[Done, str] = {Done.DONE: "done", Done.TRIED: "tried", Done.COULD: "could have been done"}
TACTIC_STYLES: Mapping[Tactic, str] = {
    Tactic.INITIAL_ACCESS: "$accent",
    Tactic.EXECUTION: "$accent",
    Tactic.PERSISTENCE: "$error",
    Tactic.PRIVILEGE_ESCALATION: "$error",
    Tactic.DEFENSE_EVASION: "$error",
    Tactic.CREDENTIAL_ACCESS: "$warning",
    Tactic.DISCOVERY: "$primary",
    Tactic.LATERAL_MOVEMENT: "$warning",
    Tactic.COLLECTION: "$warning",
    Tactic.COMMAND_AND_CONTROL: "$error",
    Tactic.EXFILTRATION: "$error",
    Tactic.IMPACT: "bold $error",
    Tactic.RESPONSE: "$success",
    Tactic.UNKNOWN: "$secondary",
}
CONFIDENCE_WORDS: Mapping[Confidence, str] = {
    Confidence.HIGH: "high confidence",
    Confidence.MEDIUM: "medium confidence",
    Confidence.LOW: "low confidence",
}


def role_style(role: Role) -> str:
    """Accused roles stand out; everything else is plain."""
    return "bold $error" if role.accused else "$success" if role in {Role.RESPONDER, Role.OWN} else ""


def spaced(word: str) -> str:
    """`created_by_actor` and `initial-access` as words."""
    return word.replace("_", " ").replace("-", " ")


def short(value: str) -> str:
    """The resource part of an ARN; anything else as it is."""
    return value.split(":", 5)[-1] if value.startswith("arn:") else value


def moment(time: datetime | None) -> str:
    """`2026-01-27 19:21:07` in UTC, or `no time`."""
    return to_text(time).replace("T", " ").removesuffix("Z")[:19] if time else "no time"


def duration(seconds: float) -> str:
    """`42 s`, `3 min 05 s` or `1 h 10 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def counted(number: int, noun: str) -> str:
    """`1 record`, `12,400 records`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
