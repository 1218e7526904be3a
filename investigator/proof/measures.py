"""Counted amounts in saved answers, added up exactly (specification 9.7)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from pydantic import JsonValue

from investigator.domain.claim import MeasureIs
from investigator.domain.paths import first_text, parse_path, text_of
from investigator.domain.times import Window, parse_instant
from investigator.proof.matching import number

BASELINE = timedelta(days=14)

Series = dict[datetime, list[Decimal]]
"""The amounts of each period, by its start; a period without any has an empty list."""
Keys = Sequence[tuple[str, tuple[tuple[str, str], ...]]]


def measured(claim: MeasureIs, answer: JsonValue) -> Decimal | None:
    """The aggregate that the answer gives; None when it has no such amounts."""
    series = series_of(answer, claim.path)
    amounts = [amount for start, found in series.items() if start in claim.window for amount in found]
    match claim.agg:
        case "value":
            return amounts[0] if len(amounts) == 1 else None
        case "sum":
            return sum(amounts, Decimal(0)) if amounts else None
        case "max":
            return max(amounts, default=None)
        case "count":
            return Decimal(len(amounts))
        case "excess":
            return excess(series, claim.window)


def excess(series: Series, window: Window) -> Decimal | None:
    """Over the window, what each period has above the median of the 14 days before it; None without such days."""
    totals = {start: sum(found, Decimal(0)) for start, found in series.items()}
    before = [total for start, total in totals.items() if window.start - BASELINE <= start < window.start]
    inside = [total for start, total in totals.items() if start in window]
    return sum((total - median(before) for total in inside), Decimal(0)) if before and inside else None


def compares(amount: Decimal, op: str, value: str) -> bool:
    """Whether the amount stands so to the value of a claim; False for a value that is no number."""
    wanted = number(value)
    if wanted is None:
        return False
    return {"=": amount == wanted, ">=": amount >= wanted, "<=": amount <= wanted}[op]


def series_of(answer: JsonValue, path: str) -> Series:
    """The amounts at a path, each under the start of the nearest enclosing TimePeriod."""
    series: Series = {}
    for start, value in _walk(answer, parse_path(path), None):
        found = series.setdefault(start, [])
        if (amount := number(value)) is not None:
            found.append(amount)
    return series


def _walk(value: JsonValue, keys: Keys, start: datetime | None) -> Iterator[tuple[datetime, JsonValue]]:
    if isinstance(value, list):
        for element in value:
            yield from _walk(element, keys, start)
        return
    if isinstance(value, dict):
        own = _start(value)
        if own is not None:
            yield own, None
        yield from _step(value, keys, own or start)
    elif not keys and start is not None:
        yield start, value


def _step(holder: dict[str, JsonValue], keys: Keys, start: datetime | None) -> Iterator[tuple[datetime, JsonValue]]:
    if not keys or keys[0][0] not in holder:
        return
    key, picks = keys[0]
    below = holder[key]
    for element in below if isinstance(below, list) else [below]:
        if not picks or (isinstance(element, dict) and all(_is(element.get(name), text) for name, text in picks)):
            yield from _walk(element, keys[1:], start)


def _is(value: JsonValue, wanted: str) -> bool:
    return ",".join(map(text_of, value)) == wanted if isinstance(value, list) else text_of(value) == wanted


def _start(holder: dict[str, JsonValue]) -> datetime | None:
    try:
        return parse_instant(first_text(holder, "TimePeriod.Start"))
    except ValueError:
        return None
