"""Gaps as lines of progress: a person who watches learns at once what could not be seen, and learns it once."""

from collections.abc import Iterator

from pydantic import BaseModel

from investigator.domain.gap import Gap
from investigator.domain.progress import Progress
from investigator.domain.stage_results import Assessed, Gathered, Linked
from investigator.domain.words import Stage
from investigator.ports.progress import ProgressSink
from investigator.stages.running.desk import Desk


class ToldOnce:
    """A sink that passes each gap on once in a run, and everything else as it comes."""

    def __init__(self, sink: ProgressSink) -> None:
        self._sink = sink
        self._told: set[str] = set()

    def __call__(self, progress: Progress) -> None:
        if progress.kind == "gap":
            if progress.text in self._told:
                return
            self._told.add(progress.text)
        self._sink(progress)


def new_gaps(result: BaseModel, desk: Desk) -> Iterator[Gap]:
    """The gaps that a stage found; assessing also joins those of earlier stages, which is no news."""
    match result:
        case Gathered() | Linked():
            yield from result.gaps
        case Assessed():
            earlier = (*desk.loaded(Stage.GATHERING, Gathered).gaps, *desk.loaded(Stage.LINKING, Linked).gaps)
            known = {gap.why for gap in earlier}
            yield from (gap for gap in result.gaps if gap.why not in known)
        case _:
            return
