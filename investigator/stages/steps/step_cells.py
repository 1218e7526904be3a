"""What one finished step covered: its coverage cells (interfaces, The case document)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from investigator.domain.coverage import Cell
from investigator.domain.gap import Gap
from investigator.domain.plan import Step
from investigator.domain.source import LOGS, LOOKUP_EVENTS
from investigator.domain.times import Window
from investigator.domain.words import CellState
from investigator.ports.tool import Tool
from investigator.stages.case_facts import parse_window
from investigator.stages.steps.filling import WINDOW
from investigator.stages.steps.sourcing import event_source, oldest_of, overlap

DELIVERY = timedelta(minutes=15)
"""CloudTrail delivers within about 5 minutes and promises nothing; the last quarter hour may be incomplete (9.6)."""
_ATTRIBUTES = (
    ("key", "AccessKeyId"),
    ("event_name", "EventName"),
    ("user", "Username"),
    ("session", "Username"),
    ("principal", "Username"),
    ("resource", "ResourceName"),
    ("bucket", "ResourceName"),
    ("instance", "ResourceName"),
    ("secret", "ResourceName"),
)
"""The LookupEvents attribute that a fact stands for; a request has one."""

LATE = Gap.of(
    what="calls of the last 15 minutes",
    why="CloudTrail had not delivered all of them when they were asked for",
    effect="the newest calls may be missing",
    close="resume the case later: they are asked for again",
)


def step_window(step: Step, tool: Tool, as_of: datetime) -> Window:
    """The window that a step asked about; a question about now has the second of `as_of`."""
    name = next((name for name, fact in tool.facts.items() if fact == WINDOW and name in step.inputs), None)
    return parse_window(step.inputs[name]) if name else Window(start=as_of, end=as_of + timedelta(seconds=1))


def log_cells(step: Step, tool: Tool, logs: Sequence[Cell], as_of: datetime) -> tuple[Cell, ...]:
    """The cells of the log files that a question to the evidence store went over."""
    window = step_window(step, tool, as_of)
    return tuple(cell for cell in logs if WINDOW not in tool.facts.values() or overlap(cell.window, window))


def answer_cell(step: Step, tool: Tool, records: int, as_of: datetime) -> Cell:
    """The cell of an answer of a service, read whole."""
    return Cell(
        source=tool.source,
        account=step.account,
        region=step.region,
        events="answer",
        window=step_window(step, tool, as_of),
        records=records,
        state=CellState.SEEN,
    )


def history_cells(step: Step, tool: Tool, times: Sequence[datetime | None], as_of: datetime) -> Iterator[Cell]:
    """The cells of a look-up of events that was paged to its end: the last 15 minutes may be incomplete."""
    window = step_window(step, tool, as_of)
    edge = min(max(as_of - DELIVERY, window.start), window.end)
    whole = Cell(
        source=LOOKUP_EVENTS.name,
        account=step.account,
        region=step.region,
        events="management",
        filter=_filter(step, tool),
        window=Window(start=window.start, end=edge),
        records=sum(1 for time in times if time is None or time < edge),
        state=CellState.SEEN,
    )
    if window.start < edge:
        yield whole
    if edge < window.end:
        tail = Window(start=edge, end=window.end)
        late = sum(1 for time in times if time is not None and time >= edge)
        yield whole.model_copy(update={"window": tail, "records": late, "state": CellState.PARTIAL, "gap": LATE.id})


def is_late(cell: Cell) -> bool:
    """Whether it holds the minutes that CloudTrail may not have delivered yet."""
    return cell.source == LOOKUP_EVENTS.name and cell.state is CellState.PARTIAL


def late_window(cells: Sequence[Cell]) -> Window | None:
    """The minutes of a look-up that may be incomplete."""
    return next((cell.window for cell in cells if is_late(cell)), None)


def forgotten_cells(cells: Sequence[tuple[str, str]], window: Window, as_of: datetime, gap: str) -> Iterator[Cell]:
    """The part of the case's window that the event history does not hold any more, in each account and Region."""
    end = min(oldest_of(LOOKUP_EVENTS, as_of), window.end)
    for account, region in sorted(cells) if window.start < end else ():
        yield Cell(
            source=LOOKUP_EVENTS.name,
            account=account,
            region=region,
            events="management",
            window=Window(start=window.start, end=end),
            records=0,
            state=CellState.OUT_OF_RETENTION,
            gap=gap,
        )


def cut_cell(step: Step, tool: Tool, records: int, as_of: datetime) -> Cell:
    """The cell of a step that did not come to its end; its state and gap say why."""
    is_history = event_source(tool) is LOOKUP_EVENTS
    return answer_cell(step, tool, records, as_of).model_copy(
        update={
            "source": LOOKUP_EVENTS.name if is_history else LOGS.name if event_source(tool) is LOGS else tool.source,
            "events": "answer" if event_source(tool) is None else "management",
            "filter": _filter(step, tool) if is_history else None,
            "state": CellState.INCOMPLETE,
        }
    )


def _filter(step: Step, tool: Tool) -> Mapping[str, str] | None:
    by_fact = {fact: step.inputs[name] for name, fact in tool.facts.items() if name in step.inputs}
    return next(({attribute: by_fact[fact]} for fact, attribute in _ATTRIBUTES if fact in by_fact), None)
