"""Planning: the playbook's questions become steps, each in the cells where the best source can answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from investigator.domain.ids import EvidenceId, digest16
from investigator.domain.plan import Lead, Plan, PlannedGap, Step
from investigator.domain.playbook import PlaybookStep
from investigator.ports.tool import Tool
from investigator.stages.case_facts import CaseFacts, Values, facts_of, parse_window, window_text
from investigator.stages.steps.filling import WINDOW, asks_about, filled
from investigator.stages.steps.quoting import asks_cost_explorer, quote
from investigator.stages.steps.sourcing import (
    Scope,
    World,
    event_source,
    out_of_reach,
    unanswered,
    usable,
    within_reach,
)


@dataclass
class Draft:
    """A plan being drawn: its steps and gaps, each once, in the order they are found."""

    world: World
    scope: Scope
    lead: EvidenceId | None = None
    steps: dict[str, tuple[Step, Tool]] = field(default_factory=dict[str, tuple[Step, Tool]])
    gaps: dict[PlannedGap, None] = field(default_factory=dict[PlannedGap, None])

    def gap(self, tool: str, why: str, waits_for: str = "") -> None:
        self.gaps.setdefault(PlannedGap(tool=tool, why=why, waits_for=waits_for))

    def ask(self, step: PlaybookStep, known: Values) -> None:
        """Put one question of the playbook wherever it can be answered."""
        alternatives = alternatives_of(step, self.world)
        if not alternatives:
            self.gap(step.tool, "the catalog has no tool of that name")
            return
        chosen = usable(alternatives, self.world, self.scope)
        if not chosen:
            self.gaps.setdefault(unanswered(alternatives, self.world))
        for tool, cells in chosen.items():
            found = filled(step, tool, known)
            for fact in found.missing:
                self.gap(tool.name, f"no {fact} is known", waits_for=fact)
            for refusal in found.refused:
                self.gap(tool.name, refusal)
            for inputs in found.inputs:
                self._put(tool, cells, inputs, step.because)

    def _put(self, tool: Tool, cells: Sequence[tuple[str, str]], inputs: Mapping[str, str], because: str) -> None:
        reachable = self._reachable(tool, inputs)
        if reachable is None:
            return
        for account, region in cells:
            step = Step(
                id=step_id(tool, account, region, reachable),
                tool=tool.name,
                source=tool.source,
                account=account,
                region=region,
                inputs=reachable,
                because=because,
                lead=self.lead,
            )
            self.steps.setdefault(step.id, (step, tool))

    def _reachable(self, tool: Tool, inputs: Mapping[str, str]) -> Mapping[str, str] | None:
        """The inputs with the part of their window that the source still holds; the rest becomes a gap."""
        source = event_source(tool)
        name = next((name for name, fact in tool.facts.items() if fact == WINDOW), None)
        if source is None or name is None or name not in inputs:
            return inputs
        window = parse_window(inputs[name])
        held = within_reach(source, window, self.world.as_of)
        if held != window:
            self.gaps.setdefault(out_of_reach(source, self.world.as_of))
        return None if held is None else {**inputs, name: window_text(held)}

    def within_budget(self) -> tuple[Step, ...]:
        """The steps in order, without the Cost Explorer requests beyond the cap: they cost money."""
        cap = self.world.playbook.budget.cost_explorer_requests
        asked = 0
        kept: list[Step] = []
        for step, tool in self.steps.values():
            asked += len(tool.permissions) if asks_cost_explorer(tool) else 0
            if asks_cost_explorer(tool) and asked > cap:
                self.gap(tool.name, f"the cap of {cap} Cost Explorer requests is reached")
            else:
                kept.append(step)
        return tuple(kept)


def make_plan(facts: CaseFacts, world: World) -> Plan:
    """The plan for what is known; nothing is asked yet. The same facts and sources give the same plan."""
    draft = Draft(world, scope_of(facts, world))
    known = _known(facts, draft.scope)
    for step in world.playbook.steps:
        draft.ask(step, known)
    reachable = {account for account, _ in world.cells}
    for account in draft.scope.accounts:
        if reachable and account not in reachable:
            draft.gap("", f"account {account} is not among those that can be asked")
    steps = draft.within_budget()
    return Plan(
        playbook=world.playbook.name,
        steps=steps,
        gaps=tuple(draft.gaps),
        budget=world.playbook.budget,
        quote=quote(steps, world.catalog),
    )


def steps_of_lead(lead: Lead, facts: CaseFacts, world: World) -> tuple[Step, ...]:
    """What the playbook asks about the lead's entity; the rest of the inputs comes from the case."""
    brought = facts_of(lead.entity)
    draft = Draft(world, scope_of(facts, world), lead.evidence)
    known = {**_known(facts, draft.scope), **brought}
    for step in world.playbook.steps:
        if any(asks_about(step, tool, brought) for tool in alternatives_of(step, world)):
            draft.ask(step.model_copy(update={"because": lead.because}), known)
    return tuple(step for step, _ in draft.steps.values())


def step_id(tool: Tool, account: str, region: str, inputs: Mapping[str, str]) -> str:
    """The same question in the same cell has the same id, whatever raised it."""
    return digest16(tool.name, tool.source, account, region, *(f"{name}={inputs[name]}" for name in sorted(inputs)))


def scope_of(facts: CaseFacts, world: World) -> Scope:
    """The window, accounts and Regions that the facts give."""
    return Scope(window=facts.window(world.as_of), accounts=facts.told("account"), usual=facts.told("regions"))


def alternatives_of(step: PlaybookStep, world: World) -> Sequence[Tool]:
    """The tools that share the name; none when the catalog has no such name."""
    try:
        return world.catalog.named(step.tool)
    except LookupError:
        return ()


def _known(facts: CaseFacts, scope: Scope) -> Values:
    return {**facts.known, WINDOW: (window_text(scope.window),)}
