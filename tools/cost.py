"""Questions to Cost Explorer: what was spent and used a day; each request is paid."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from pydantic import JsonValue

from investigator.domain.measure import Measure
from investigator.domain.observation import Observation
from investigator.domain.paths import first_text, texts
from investigator.domain.times import Window
from investigator.ports.aws import Aws, Page
from investigator.ports.tool import HOME, tool

from ._inputs import Within
from ._states import elements

BEFORE = timedelta(days=14)
"""How much history tells what is usual (specification 9.7)."""
KINDS: Mapping[str, str] = {"UnblendedCost": "cost", "UsageQuantity": "usage"}
SPENT = {"ce:GetCostAndUsage"}


@tool("What was spent a day, by service?", permissions=SPENT, where=HOME)
def cost_by_service(inputs: Within, aws: Aws) -> Iterator[Observation]:
    yield from _spent(inputs.window, aws, ("SERVICE",))


@tool("What was spent and used a day, by Region and usage type?", permissions=SPENT, where=HOME)
def cost_by_region_and_usage(inputs: Within, aws: Aws) -> Iterator[Observation]:
    yield from _spent(inputs.window, aws, ("REGION", "USAGE_TYPE"))


def _spent(window: Window, aws: Aws, by: tuple[str, ...]) -> Iterator[Observation]:
    start = (window.start - BEFORE).date()
    end = min(window.end, aws.as_of).date() + timedelta(days=1)
    groups: list[JsonValue] = [{"Type": "DIMENSION", "Key": key} for key in by]
    for page in aws.pages(
        "ce",
        "GetCostAndUsage",
        TimePeriod={"Start": f"{start}", "End": f"{max(end, start + timedelta(days=1))}"},
        Granularity="DAILY",
        Metrics=[*KINDS],
        GroupBy=groups,
    ):
        for day in elements(page.body, "ResultsByTime"):
            yield from _measures(day, by, page, aws)


def _measures(day: JsonValue, by: tuple[str, ...], page: Page, aws: Aws) -> Iterator[Measure]:
    """One measure for each group and metric of a day; its path leads to the group's amounts of every day."""
    window = Window(
        start=_midnight(first_text(day, "TimePeriod.Start")), end=_midnight(first_text(day, "TimePeriod.End"))
    )
    for group in elements(day, "Groups"):
        keys = texts(group, "Keys")
        for metric, kind in KINDS.items():
            amount = _decimal(first_text(group, f"Metrics.{metric}.Amount"))
            if amount is not None:
                yield Measure(
                    answer=page.answer,
                    path=f"ResultsByTime.Groups[Keys={','.join(keys)}].Metrics.{metric}.Amount",
                    kind=kind,
                    unit=first_text(group, f"Metrics.{metric}.Unit"),
                    amount=amount,
                    window=window,
                    dimensions=dict(zip(map(str.lower, by), keys, strict=False)),
                    estimated=first_text(day, "Estimated") == "true",
                    account=aws.account,
                )


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day[:10]), datetime.min.time(), UTC)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
