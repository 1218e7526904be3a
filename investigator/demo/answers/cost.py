"""Cost Explorer: what the account spends in a day, by service, Region and usage type."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from pydantic import JsonValue

from investigator.demo.answers.asked import Asked, Body, Fault
from investigator.demo.company import ACCOUNT, FAR, GLOBAL, HOME, SECOND, SEED
from investigator.demo.incident import Incident
from investigator.demo.launches import GPU_HOURLY, GPU_TYPE
from investigator.domain.paths import first_text

_COMPUTE = "Amazon Elastic Compute Cloud - Compute"
_BEGAN = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one day's bill: USD, and the usage in the usage type's own unit."""

    service: str
    region: str
    usage_type: str
    usd: float
    usage: float

    def named(self, dimension: str) -> str:
        """The value of a dimension that requests group or filter by."""
        return _DIMENSIONS[dimension](self)


_DIMENSIONS: Mapping[str, Callable[[Line], str]] = {
    "SERVICE": lambda line: line.service,
    "REGION": lambda line: line.region,
    "USAGE_TYPE": lambda line: line.usage_type,
    "LINKED_ACCOUNT": lambda line: ACCOUNT,
    "INSTANCE_TYPE": lambda line: line.usage_type.partition("BoxUsage:")[2] or "NoInstanceType",
    "OPERATION": lambda line: "RunInstances" if "BoxUsage" in line.usage_type else "Other",
}
_EVERYDAY = (
    Line(_COMPUTE, HOME, "EU-BoxUsage:t3.large", 4.38, 48.0),
    Line("EC2 - Other", HOME, "EU-NatGateway-Hours", 1.15, 24.0),
    Line(_COMPUTE, SECOND, "EUC1-BoxUsage:t3.medium", 1.15, 24.0),
    Line("Amazon Simple Storage Service", HOME, "EU-TimedStorage-ByteHrs", 2.4, 104.0),
    Line("AWS Lambda", HOME, "EU-Lambda-GB-Second", 0.62, 37_200.0),
    Line("AWS CloudTrail", HOME, "EU-DataEventsRecorded", 0.05, 260.0),
    Line("Amazon GuardDuty", HOME, "EU-PaidEventsAnalyzed", 0.41, 240.0),
    Line("AmazonCloudWatch", GLOBAL, "CW:AlarmMonitorUsage", 0.3, 3.0),
)


@cache
def _bill(told: Incident, day: date) -> tuple[Line, ...]:
    return tuple(_lines(told, day))


def _lines(told: Incident, day: date) -> Iterator[Line]:
    if not _BEGAN <= day <= told.as_of.date():
        return
    drawn = random.Random(f"{SEED}/cost/{day}")
    part = 1.0 if day < told.as_of.date() else 1 / 6
    for line in _EVERYDAY:
        share = part * drawn.uniform(0.96, 1.04)
        yield Line(line.service, line.region, line.usage_type, line.usd * share, line.usage * share)
    hours = told.estate.gpu_hours.get(datetime(day.year, day.month, day.day, tzinfo=UTC), 0.0)
    if hours:
        yield Line(_COMPUTE, FAR, f"APS3-BoxUsage:{GPU_TYPE}", hours * GPU_HOURLY, hours)
        yield Line("EC2 - Other", FAR, "APS3-EBS:VolumeUsage.gp3", hours * 0.0127, hours * 0.139)


def _cost_and_usage(told: Incident, asked: Asked) -> Body:
    if asked.text("Granularity") != "DAILY":
        raise Fault("DataUnavailableException", "The requested data is not available: hourly data is not enabled.")
    start, end = (date.fromisoformat(first_text(asked.parameters.get("TimePeriod"), each)) for each in ("Start", "End"))
    if not start < end:
        raise Fault("ValidationException", "Start date must be before end date")
    days = [start + timedelta(days=number) for number in range((end - start).days)]
    grouped = _dimensions(asked)
    body: Body = {"ResultsByTime": [_day(told, asked, day) for day in days], "DimensionValueAttributes": []}
    groups: JsonValue = [{"Type": "DIMENSION", "Key": key} for key in grouped]
    return {"GroupDefinitions": groups, **body} if grouped else body


def _dimensions(asked: Asked) -> tuple[str, ...]:
    given = asked.parameters.get("GroupBy")
    keys = tuple(first_text(each, "Key") for each in given) if isinstance(given, list) else ()
    if len(keys) > 2 or not set(keys) <= set(_DIMENSIONS):
        raise Fault("ValidationException", "GroupBy takes at most two known dimensions")
    return keys


def _day(told: Incident, asked: Asked, day: date) -> JsonValue:
    grouped = _dimensions(asked)
    lines = [line for line in _bill(told, day) if _kept(line, asked.parameters.get("Filter"))]
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault(tuple(line.named(key) for key in grouped), []).append(line)
    metrics = asked.texts("Metrics")
    shown: list[JsonValue] = [
        {"Keys": list[JsonValue](keys), "Metrics": _amounts(metrics, groups[keys])} for keys in sorted(groups)
    ]
    return {
        "TimePeriod": {"Start": f"{day}", "End": f"{day + timedelta(days=1)}"},
        "Total": {} if grouped else _amounts(metrics, lines),
        "Groups": shown if grouped else [],
        "Estimated": day >= told.as_of.date() - timedelta(days=1),
    }


def _amounts(metrics: tuple[str, ...], lines: list[Line]) -> JsonValue:
    """Each metric as a decimal text with its unit."""
    used = {"Amount": f"{sum(line.usage for line in lines):.10f}", "Unit": "N/A"}
    paid = {"Amount": f"{sum(line.usd for line in lines):.10f}", "Unit": "USD"}
    return {metric: dict[str, JsonValue](used if metric == "UsageQuantity" else paid) for metric in metrics}


def _kept(line: Line, condition: JsonValue) -> bool:
    """Whether a Filter of Cost Explorer lets the line through: Dimensions, And, Or, Not."""
    match condition:
        case None:
            return True
        case {"And": list(parts)}:
            return all(_kept(line, part) for part in parts)
        case {"Or": list(parts)}:
            return any(_kept(line, part) for part in parts)
        case {"Not": part}:
            return not _kept(line, part)
        case {"Dimensions": {"Key": str(key), "Values": list(values)}} if key in _DIMENSIONS:
            return line.named(key) in values
        case _:
            raise Fault("ValidationException", "The filter is not supported")


OPERATIONS: Mapping[str, Callable[[Incident, Asked], Body]] = {"GetCostAndUsage": _cost_and_usage}
