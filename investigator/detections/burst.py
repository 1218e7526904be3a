"""Bursts: many different things by one caller within minutes."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from investigator.detections.pipeline import scoped
from investigator.domain.event import Event
from investigator.domain.words import Severity, Tactic


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted in a burst, once for each value; as SQL, so that quiet callers are never fetched."""

    of: Callable[[Event], str]
    sql: str
    least: int


@dataclass(frozen=True, slots=True)
class Burst:
    """A rule over many events: within `minutes`, one caller reaches every one of the measures."""

    id: str
    name: str
    title: str
    level: Severity
    tactic: Tactic
    techniques: tuple[str, ...]
    where: str
    minutes: int
    measures: tuple[Measure, ...]
    by: str = "coalesce(nullif(\"key\", ''), principal)"
    """SQL of the caller: the credential, else the principal."""
    caller: Callable[[Event], str] = lambda event: event.key or event.principal

    @property
    def predicate(self) -> str:
        """Events of callers who come near.

        A burst spans two tumbling windows at most, so one of them holds half of what its first measure counts.
        """
        scope = f"({scoped(self.where, services=False)}) AND time IS NOT NULL"
        bucket = f"time_bucket(INTERVAL {self.minutes} MINUTE, time)"
        near = f"count(DISTINCT {self.measures[0].sql}) * 2 >= {self.measures[0].least}"
        busy = f"SELECT {self.by} FROM events WHERE {scope} GROUP BY {self.by}, {bucket} HAVING {near}"
        return f"{scope} AND {self.by} IN ({busy})"


@dataclass(slots=True)
class _Watch:
    """The last minutes of one caller, with how often each value of each measure stands in them."""

    recent: deque[tuple[Event, datetime]] = field(default_factory=deque[tuple[Event, datetime]])
    counts: tuple[Counter[str], ...] = ()
    told: int = 0
    """How many of `recent`, from the left, were already handed out."""


def bursting(burst: Burst, events: Iterator[Event]) -> Iterator[Event]:
    """The events that stand in a window in which their caller reaches every measure; events come in time order."""
    watches: dict[str, _Watch] = {}
    for event in events:
        if event.time is not None and not _read_for_another(event):
            watch = watches.setdefault(
                burst.caller(event), _Watch(counts=tuple(Counter[str]() for _ in burst.measures))
            )
            yield from _saw(burst, watch, event, event.time)


def _read_for_another(event: Event) -> bool:
    """A service that reads on the caller's behalf makes no burst of the caller."""
    return bool(event.read_only) and (bool(event.invoked_by) or event.ip.endswith(".amazonaws.com"))


def _saw(burst: Burst, watch: _Watch, event: Event, time: datetime) -> Iterator[Event]:
    _forget(burst, watch, time - timedelta(minutes=burst.minutes))
    watch.recent.append((event, time))
    for measure, counts in zip(burst.measures, watch.counts, strict=True):
        counts[measure.of(event)] += 1
    if all(len(counts) >= one.least for one, counts in zip(burst.measures, watch.counts, strict=True)):
        untold = len(watch.recent) - watch.told
        yield from [watch.recent[-number][0] for number in range(untold, 0, -1)]
        watch.told = len(watch.recent)


def _forget(burst: Burst, watch: _Watch, before: datetime) -> None:
    while watch.recent and watch.recent[0][1] < before:
        old, _ = watch.recent.popleft()
        watch.told = max(0, watch.told - 1)
        for measure, counts in zip(burst.measures, watch.counts, strict=True):
            value = measure.of(old)
            counts[value] -= 1
            if not counts[value]:
                del counts[value]
