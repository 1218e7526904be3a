"""Which source answers a question, and in which accounts and Regions it is put (specification 9.5 and 9.6)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from investigator.domain.coverage import Cell
from investigator.domain.plan import PlannedGap
from investigator.domain.playbook import Playbook
from investigator.domain.source import LOGS, LOOKUP_EVENTS, EventSource
from investigator.domain.times import Window, to_text
from investigator.ports.catalog import Catalog
from investigator.ports.tool import Tool, Where

EDGE = timedelta(hours=1)
"""How far log files may stop short of a window's end and still cover it: CloudTrail delivers within minutes."""
OPENING = timedelta(hours=24)
"""How far log files may begin after a window's start and still cover it: quiet Regions write no files."""
_HOMES = ("us-east-1", "us-gov-west-1", "cn-north-1")
"""Where global services are at home, by partition."""


@dataclass(frozen=True, slots=True)
class World:
    """What a plan is made with: the playbook, the tools, and where they may look."""

    playbook: Playbook
    catalog: Catalog
    as_of: datetime
    logs: tuple[Cell, ...] = ()
    """What the log files of the case cover; none without logs."""
    cells: tuple[tuple[str, str], ...] = field(default=())
    """The (account, Region) pairs that AWS, live or saved, can be asked in."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What narrows or orders the cells of a case."""

    window: Window
    accounts: tuple[str, ...] = ()
    """The affected accounts; none leaves all."""
    usual: tuple[str, ...] = ()
    """Regions in use; they are asked first, and no other is left out."""


def event_source(tool: Tool) -> EventSource | None:
    """The event source that a tool reads, or None when it asks about something else than calls."""
    if tool.where is Where.LOGS:
        return LOGS
    return LOOKUP_EVENTS if "cloudtrail:LookupEvents" in tool.permissions else None


def placed(tool: Tool, world: World, scope: Scope) -> tuple[tuple[str, str], ...]:
    """The (account, Region) pairs in which a tool is put; ("", "") stands for the evidence store."""
    source = event_source(tool)
    if source is LOGS:
        return (("", ""),) if world.logs else ()
    cells = tuple(_ordered(world.cells, scope))
    if tool.where is Where.HOME:
        return _homes(cells)
    if source is LOOKUP_EVENTS:
        return tuple(cell for cell in cells if not covered(cell, world.logs, scope.window))
    return cells


def usable(alternatives: Sequence[Tool], world: World, scope: Scope) -> Mapping[Tool, tuple[tuple[str, str], ...]]:
    """The alternatives that can be put somewhere, logs first; of those that ask AWS the same, the first."""
    chosen: dict[Tool, tuple[tuple[str, str], ...]] = {}
    for tool in sorted(alternatives, key=lambda tool: (tool.where is not Where.LOGS, tool.source)):
        kind = event_source(tool)
        if all(event_source(other) is not kind for other in chosen) and (cells := placed(tool, world, scope)):
            chosen[tool] = cells
    return chosen


def _ordered(cells: Iterable[tuple[str, str]], scope: Scope) -> Iterator[tuple[str, str]]:
    ordered = sorted(set(cells), key=lambda cell: (cell[0], cell[1] not in scope.usual, cell[1]))
    affected = [cell for cell in ordered if cell[0] in scope.accounts]
    yield from affected or ordered


def _homes(cells: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """One Region for each account: the home of its partition, else its first."""
    regions: dict[str, list[str]] = {}
    for account, region in cells:
        regions.setdefault(account, []).append(region)
    return tuple(
        (account, next((home for home in _HOMES if home in found), found[0])) for account, found in regions.items()
    )


def covered(cell: tuple[str, str], logs: Sequence[Cell], window: Window) -> bool:
    """Whether log files hold that account and Region over the window, as far as their first and last record tell."""
    account, region = cell
    ours = [log for log in logs if log.account == account and log.events == "management"]
    if not any(log.region == region and overlap(log.window, window) for log in ours):
        return False
    first, last = min(log.window.start for log in ours), max(log.window.end for log in ours)
    return first <= window.start + OPENING and last >= window.end - EDGE


def overlap(one: Window, other: Window) -> bool:
    """Whether two windows share a moment."""
    return one.start < other.end and other.start < one.end


def unanswered(alternatives: Sequence[Tool], world: World) -> PlannedGap:
    """Why none of the alternatives can be put."""
    name = alternatives[0].name
    if all(tool.where is Where.LOGS for tool in alternatives):
        history = (
            ", and CloudTrail's event history can be searched neither by address nor for data events"
            if world.cells
            else ""
        )
        return PlannedGap(tool=name, why=f"only log files can answer it{history}: none are given")
    if not world.cells and not any(tool.where is Where.LOGS for tool in alternatives):
        return PlannedGap(tool=name, why="it asks AWS, and neither an account nor saved answers are given")
    return PlannedGap(tool=name, why="no log files, account or saved answers are given")


def oldest_of(source: EventSource, as_of: datetime) -> datetime:
    """The moment up to which a source has forgotten."""
    return (as_of - timedelta(days=source.days or 0)).replace(microsecond=0)


def within_reach(source: EventSource, window: Window, as_of: datetime) -> Window | None:
    """The part of a window that a source still holds, or None when it holds nothing of it."""
    if source.days is None:
        return window
    oldest = oldest_of(source, as_of)
    return Window(start=max(window.start, oldest), end=window.end) if window.end > oldest else None


def out_of_reach(source: EventSource, as_of: datetime) -> PlannedGap:
    """What a source cannot hold any more, and what would close the gap."""
    oldest = to_text(oldest_of(source, as_of))
    why = f"CloudTrail's event history reaches back {source.days} days, to {oldest}; give log files for earlier"
    return PlannedGap(tool="", why=why)
