"""Gaps of gathering: questions that no source could answer, facts that nobody brought, budgets that were spent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from investigator.domain.facts import SLOTS
from investigator.domain.gap import Gap
from investigator.domain.plan import Budget, Plan, PlannedGap, Step
from investigator.domain.stage_results import StepReport
from investigator.ports.catalog import Catalog
from investigator.ports.tool import Tool
from investigator.stages.steps.quoting import asks_cost_explorer


@dataclass(slots=True)
class Spent:
    """What a run has used so far."""

    calls: int = 0
    cost_explorer_requests: int = 0

    def take(self, report: StepReport, tool: Tool) -> None:
        """Count the calls of a step."""
        self.calls += report.calls
        self.cost_explorer_requests += report.calls if asks_cost_explorer(tool) else 0


def gaps_of(report: StepReport) -> tuple[Gap, ...]:
    """What a step could not see."""
    return tuple(seen for seen in report.observations if isinstance(seen, Gap))


def over_budget(tool: Tool, spent: Spent, minutes: float, budget: Budget) -> str:
    """Why a tool may not be asked any more, or ""."""
    if spent.calls >= budget.aws_calls:
        return f"the budget of {budget.aws_calls} calls is spent"
    if minutes >= budget.minutes:
        return f"the budget of {budget.minutes} minutes is spent"
    if asks_cost_explorer(tool) and spent.cost_explorer_requests >= budget.cost_explorer_requests:
        return f"the cap of {budget.cost_explorer_requests} Cost Explorer requests is reached"
    return ""


def planned_gaps(plan: Plan, reports: Sequence[StepReport], catalog: Catalog) -> Iterator[Gap]:
    """The plan's gaps that no lead closed; questions that stay open for one reason are one gap."""
    asked = {report.step.tool for report in reports}
    reasons: dict[tuple[str, str], list[str]] = {}
    for gap in plan.gaps:
        if not (gap.waits_for and gap.tool in asked):
            reasons.setdefault((gap.waits_for, gap.why), []).append(_question(gap.tool, catalog))
    for (fact, why), questions in reasons.items():
        what = " ".join(dict.fromkeys(questions))
        yield _unknown(fact, what) if fact else _unanswered(what, why)


def unanswered_gap(gap: PlannedGap, catalog: Catalog) -> Gap:
    """A question, or with no tool a part of the scope, that no source at hand can answer."""
    return _unanswered(_question(gap.tool, catalog), gap.why)


def _unanswered(what: str, why: str) -> Gap:
    return Gap.of(
        what=what,
        why=why,
        effect="it was not asked; nothing can be said about it",
        close="give the case log files, saved answers or an account that can answer, and resume it",
    )


def _unknown(fact: str, what: str) -> Gap:
    slot = SLOTS.get(fact)
    return Gap.of(
        what=what,
        why=f"no {fact.replace('_', ' ')} is known, and no evidence led to one",
        effect="it was not asked; nothing can be said about it",
        close=f"answer {fact}: {slot.question}" if slot else f"name the {fact.replace('_', ' ')} in the description",
    )


def _question(name: str, catalog: Catalog) -> str:
    if not name:
        return "a part of the scope"
    try:
        return catalog.named(name)[0].question
    except LookupError:
        return name


def budget_gap(step: Step, why: str) -> Gap:
    """A step that was left out because a budget was spent."""
    about = ", ".join(f"{name} {value}" for name, value in step.inputs.items() if name != "window")
    return Gap.of(
        what=f"{step.tool} {about}".strip(),
        why=why,
        effect="it was not asked; nothing can be said about it",
        close="raise the budget of the playbook and resume the case",
    )


def leads_gap(budget: Budget) -> Gap:
    """More entities were tied to suspects than may be followed."""
    return Gap.of(
        what="entities that evidence ties to the suspects",
        why=f"the budget of {budget.leads} leads is spent",
        effect="further credentials, identities or addresses of the suspects were not followed",
        close="narrow the case, or raise the budget of the playbook, and resume it",
    )


def unique_gaps(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Each gap once, in order."""
    return tuple({gap.id: gap for gap in gaps}.values())
