"""Where a case stands: closed for good, answered anew, or left by its process."""

from collections.abc import Mapping

from investigator.domain.case import Case
from investigator.domain.report import CaseDocument
from investigator.domain.trouble import CaseClosed
from investigator.domain.words import RunState


def still_open(case: Case) -> Case:
    """The case; raises CaseClosed."""
    if case.closure is not None:
        raise CaseClosed(f"case {case.handle} is closed ({case.closure}), and closed is final; open a new one")
    return case


def launched(case: Case, launcher: int, prepare_only: bool) -> Case:
    """The case for which the process `launcher` asked a worker; a run that was asked for before is still to come."""
    run = RunState.OPENING if prepare_only and not case.queued else RunState.RUNNING
    queued = case.queued or not prepare_only
    return case.model_copy(update={"run": run, "launcher": launcher, "queued": queued, "trouble": None})


def prepared(case: Case) -> Case:
    """The case whose questions are known: it asks them, or is ready, unless its run was asked for already."""
    asking = case.request.ask and any(question.asked for question in case.questions)
    run = RunState.RUNNING if case.queued else RunState.ASKING if asking else RunState.READY
    return case.model_copy(update={"run": run, "trouble": None})


def finished(case: Case, report: CaseDocument) -> Case:
    """The case as its report says."""
    told = {"header": report.case, "verdict": report.verdict.value, "run": RunState.FINISHED, "trouble": None}
    return case.model_copy(update=told)


def answered(case: Case, answers: Mapping[str, str]) -> Case:
    """The case with more answers; a run that goes on keeps its state, and takes them in at its next stage."""
    request = case.request.model_copy(update={"answers": {**case.request.answers, **answers}})
    if case.going:
        return case.model_copy(update={"request": request})
    left = tuple(question for question in case.questions if question.slot not in request.answers)
    asking = case.run is RunState.ASKING and any(question.asked for question in left)
    run = RunState.ASKING if asking else RunState.READY
    return case.model_copy(update={"request": request, "questions": left, "run": run, "verdict": None})


def lost(case: Case) -> Case:
    """The case as it stands when the process that ran it died: nobody was left to write that."""
    trouble = "its process ended early; run it again, and it goes on where it was"
    return case.model_copy(update={"run": RunState.STOPPED, "trouble": trouble})
