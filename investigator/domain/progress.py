"""Progress: what a run reports while it works, as rows that any face can follow."""

from typing import Literal

from investigator.domain.gap import Gap
from investigator.domain.safe_text import redact, visible
from investigator.domain.value import Value
from investigator.domain.words import Stage


class Progress(Value):
    """One line of the progress stream."""

    kind: Literal["stage", "step", "progress", "gap", "finished"]
    stage: Stage | None = None
    text: str = ""
    """What is being done, in a few words; values from evidence are made visible before they get here."""
    done: int = 0
    total: int | None = None
    unit: str = ""
    """events, files, calls …"""
    rate: float | None = None
    """Units a second."""
    seconds_left: float | None = None


def gap_line(stage: Stage, gap: Gap) -> Progress:
    """The line that says what could not be seen, and why."""
    return Progress(kind="gap", stage=stage, text=visible(redact(f"{gap.what}: {gap.why}")))


class ProgressRow(Value):
    """A numbered line of one case's stream."""

    number: int
    progress: Progress
