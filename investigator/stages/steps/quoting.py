"""The quote of a plan: what it will ask, how long the allowed rate makes it take, and what it costs."""

import math
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from investigator.domain.plan import Quote, Step
from investigator.domain.source import LOOKUP_EVENTS
from investigator.ports.catalog import Catalog
from investigator.ports.tool import Tool
from investigator.stages.steps.sourcing import event_source

PAGES = 2
"""Pages that a look-up of events takes as a rule; a busy credential takes up to 200."""
CALL_SECONDS = 0.3
"""One call of another kind, with what surrounds it."""
COST_EXPLORER_USD = Decimal("0.01")
"""AWS's price of one Cost Explorer request."""


def tool_of(step: Step, catalog: Catalog) -> Tool:
    """The tool of a step; raises LookupError when the catalog has no such tool of that source."""
    for tool in catalog.named(step.tool):
        if tool.source == step.source:
            return tool
    raise LookupError(f"no tool {step.tool} of {step.source}")


def asks_cost_explorer(tool: Tool) -> bool:
    return any(permission.startswith("ce:") for permission in tool.permissions)


def quote(steps: Sequence[Step], catalog: Catalog) -> Quote:
    """Calls and seconds are what the plan takes as a rule; leads and long answers add to them."""
    lookups: Counter[tuple[str, str]] = Counter()
    others: Counter[tuple[str, str]] = Counter()
    cost_explorer = 0
    for step in steps:
        tool = tool_of(step, catalog)
        if event_source(tool) is LOOKUP_EVENTS:
            lookups[step.account, step.region] += PAGES
        elif tool.permissions:
            others[step.account, step.region] += len(tool.permissions)
            cost_explorer += len(tool.permissions) if asks_cost_explorer(tool) else 0
    per_second = LOOKUP_EVENTS.per_second or 1.0
    seconds = [lookups[cell] / per_second + others[cell] * CALL_SECONDS for cell in lookups | others]
    return Quote(
        steps=len(steps),
        aws_calls=lookups.total() + others.total(),
        seconds=math.ceil(max(seconds, default=0.0)),
        cost_explorer_requests=cost_explorer,
        usd=f"{cost_explorer * COST_EXPLORER_USD:.2f}",
    )
