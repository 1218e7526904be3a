"""Findings about cost: what each service and Region cost above its usual (specification 9.7)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from investigator.domain.claim import MeasureIs, StateIs
from investigator.domain.event import Event
from investigator.domain.measure import Measure
from investigator.domain.paths import texts
from investigator.domain.search import Search, equals
from investigator.domain.times import Window
from investigator.domain.words import Confidence, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.told import growth_was_expected
from investigator.stages.matter import Matter

BEFORE = timedelta(days=14)
LEAST_PER_DAY = Decimal(10)
"""USD a day; a smaller excess is not flagged."""
DEVIATIONS = 3
_OF_INSTANCES = re.compile(r"BoxUsage|SpotUsage|DedicatedUsage|EBS|Compute")
EXPLAINED = Decimal("0.8")
"""The part of a service's excess that its Regions must account for to tell the same."""


@dataclass(frozen=True, slots=True)
class Excess:
    """One series that cost more than usual, day by day from the start of the case."""

    series: tuple[Measure, ...]
    usual: Decimal
    amount: Decimal
    days: Window

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(value for _, value in sorted(self.series[0].dimensions.items()))

    @property
    def region(self) -> str:
        return self.series[0].dimensions.get("region", "")


def cost_findings(trace: Trace, matter: Matter) -> Iterator[Conclusion]:
    """One finding for each series that is flagged; it is the intruder's when he launched something there."""
    times = [event.time for event in trace.events if event.time]
    since = min(times) if times else matter.window.start
    for excess in _told_once(tuple(excesses(matter.measures, since))):
        launches = [event for event in trace.events if _launched(event, excess)]
        explained = not launches and (growth_was_expected(matter) or _launched_by_others(excess.region, matter, trace))
        yield Conclusion(
            sentences=(_told(excess),),
            when=launches[0].time if launches else excess.days.start,
            tactic=Tactic.IMPACT,
            techniques=("T1496.001",),
            severity=Severity.HIGH if launches else Severity.MEDIUM,
            confidence=Confidence.HIGH if launches else Confidence.MEDIUM,
            entities=tuple(
                dict.fromkeys(i for event in launches for i in texts(event.response, "instancesSet.items.instanceId"))
            ),
            evidence=(excess.series[0].answer, *(event.id for event in launches[:50])),
            hostile=bool(launches),
            supports=not explained,
            headline=2,
            effect=bool(launches),
        )


def _launched(event: Event, excess: Excess) -> bool:
    """Whether the intruder launched instances there, and the series is one of instances."""
    return (
        event.name == "RunInstances"
        and event.succeeded
        and event.region == excess.region
        and bool(_OF_INSTANCES.search(" ".join(excess.dimensions)))
    )


def _told_once(found: Sequence[Excess]) -> Iterator[Excess]:
    """Without the totals by service that the same cost by Region explains already."""
    by_region = sum((excess.amount for excess in found if excess.region), Decimal(0))
    return (excess for excess in found if excess.region or by_region < excess.amount * EXPLAINED)


def _launched_by_others(region: str, matter: Matter, trace: Trace) -> bool:
    """Whether cleared credentials launched what runs there: then the cost has an everyday explanation."""
    if not region:
        return False
    where = Search(terms=(equals("region", region), equals("name", "RunInstances"), equals("outcome", "success")))
    callers = {event.key for event in matter.store.events(where.within(matter.window.start, None), limit=1_000)}
    cleared = {entry.credential.id for entry in trace.cleared if entry.everyday}
    return bool(callers) and callers <= cleared


def excesses(measures: Sequence[Measure], since: datetime) -> Iterator[Excess]:
    """The series whose cost since that day is flagged: over 3 × MAD and over 10 USD a day above the usual."""
    series: dict[tuple[str, str], list[Measure]] = {}
    answered: dict[str, dict[datetime, Window]] = {}
    for measure in measures:
        if measure.kind == "cost" and measure.unit == "USD":
            series.setdefault((measure.answer, measure.path), []).append(measure)
            answered.setdefault(measure.answer, {})[measure.window.start] = measure.window
    start = since.replace(hour=0, minute=0, second=0, microsecond=0)
    for (answer, _), days in sorted(series.items()):
        found = _excess(_every_day(days, answered[answer].values()), start)
        if found is not None:
            yield found


def _every_day(days: Sequence[Measure], windows: Iterable[Window]) -> list[Measure]:
    """The series over all days of its answer: Cost Explorer leaves out what cost nothing."""
    known = {day.window.start: day for day in days}
    nothing = days[0].model_copy(update={"amount": Decimal(0), "estimated": False})
    filled = (known.get(window.start) or nothing.model_copy(update={"window": window}) for window in windows)
    return sorted(filled, key=lambda measure: measure.window.start)


def _excess(days: list[Measure], start: datetime) -> Excess | None:
    before = [day.amount for day in days if start - BEFORE <= day.window.start < start]
    after = [day for day in days if day.window.start >= start]
    if len(before) < 7 or not after:
        return None
    usual = median(before)
    spread = median(abs(amount - usual) for amount in before)
    flagged = [day for day in after if day.amount - usual > max(DEVIATIONS * spread, LEAST_PER_DAY)]
    if not flagged:
        return None
    whole = Window(start=start, end=after[-1].window.end)
    amount = sum((day.amount - usual for day in after), Decimal(0))
    return Excess(tuple(after), usual, amount, whole)


def _told(excess: Excess) -> Sentence:
    series = excess.series[0]
    floor = excess.amount.quantize(Decimal("0.01"), rounding="ROUND_FLOOR")
    estimated = any(day.estimated for day in excess.series)
    text = (
        f"{' '.join(excess.dimensions)} cost at least USD {floor} more than the median of the 14 days before, "
        f"from {excess.days.start:%Y-%m-%d} until {excess.days.end:%Y-%m-%d}"
        f"{'; the answer holds estimates' if estimated else ''}."
    )
    more = MeasureIs(
        answer=series.answer, path=series.path, agg="excess", window=excess.days, op=">=", value=str(floor)
    )
    estimates = StateIs(answer=series.answer, path="ResultsByTime.Estimated", value="true")
    return Sentence(text, (more, *((estimates,) if estimated else ())), (series.answer,))
