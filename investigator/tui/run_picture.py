"""The picture of a run, folded from its progress rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from investigator.domain.progress import Progress, ProgressRow
from investigator.domain.words import Stage

PURPOSE: Mapping[Stage, str] = {
    Stage.INTAKE: "reads the evidence and the worry",
    Stage.CLARIFYING: "works out the questions",
    Stage.PLANNING: "chooses the steps and their cost",
    Stage.GATHERING: "asks logs and AWS, follows leads",
    Stage.LINKING: "ties credentials to each other",
    Stage.ASSESSING: "weighs the evidence, proves claims",
    Stage.PROPOSING: "prepares actions for people",
    Stage.REPORTING: "writes the case document",
}


@dataclass(frozen=True, slots=True)
class RunPicture:
    """Where a run stands."""

    number: int = 0
    """Of the last row."""
    stage: Stage | None = None
    step: str = ""
    """What is being done."""
    note: str = ""
    """What the last row with an amount says beside it."""
    last: Progress | None = None
    """The last row with an amount, of the present stage."""
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    """Unit to the highest amount of each stage, summed."""
    gaps: tuple[str, ...] = ()
    peaks: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def passed(self, stage: Stage) -> bool:
        """Whether the run has gone beyond this stage."""
        order = list(Stage)
        return self.stage is not None and order.index(stage) < order.index(self.stage)


def folded(picture: RunPicture, rows: Iterable[ProgressRow]) -> RunPicture:
    """The picture after these rows; those that it knows already change nothing."""
    for row in rows:
        if row.number > picture.number:
            picture = replace(_after(picture, row.progress), number=row.number)
    return picture


def _after(picture: RunPicture, progress: Progress) -> RunPicture:
    if progress.kind == "gap":
        return picture if progress.text in picture.gaps else replace(picture, gaps=(*picture.gaps, progress.text))
    if progress.stage is not None and picture.passed(progress.stage):
        picture = RunPicture()
    if progress.stage is not None and progress.stage is not picture.stage:
        picture = replace(picture, stage=progress.stage, step="", note="", last=None)
    if progress.kind == "step":
        picture = replace(picture, step=progress.text)
    if progress.kind == "progress":
        picture = replace(picture, note=progress.text)
    return _measured(picture, progress) if progress.unit else picture


def _measured(picture: RunPicture, progress: Progress) -> RunPicture:
    key = (picture.stage or "", progress.unit)
    peaks = {**picture.peaks, key: max(progress.done, picture.peaks.get(key, 0))}
    counts: dict[str, int] = {}
    for (_, unit), peak in peaks.items():
        counts[unit] = counts.get(unit, 0) + peak
    return replace(picture, last=progress, counts=counts, peaks=peaks)
