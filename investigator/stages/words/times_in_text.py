"""Times in free text: ISO 8601, written dates, and times relative to the moment of the case (specification 9.3).

A time without a zone is taken as UTC; a date without a time begins at midnight.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_DAYS = {name: number for number, name in enumerate("mon tue wed thu fri sat sun".split())}
_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_PARTS = {"morning": 6, "noon": 12, "midday": 12, "afternoon": 12, "evening": 18, "night": 18, "midnight": 0}

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_WEEKDAY = r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day"
_NUMBER = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|ten)"
_ZONE = r"(?:\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})\b)?"
_CLOCK = re.compile(
    rf"(?<![\d:.-])(?:(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![:\d])"
    rf"(?:\s?(?P<half>[ap]m)\b)?{_ZONE}"
    rf"|(?P<short>1[0-2]|[1-9])\s?(?P<of>[ap]m)\b|\b(?P<part>{'|'.join(_PARTS)})\b)",
    re.IGNORECASE,
)
_STAMP = r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?"
_NEAR = 40
"""Characters between a date and the time of day that belongs to it."""


@dataclass(frozen=True, slots=True)
class TimeInText:
    """A moment and where the text names it."""

    start: int
    end: int
    moment: datetime


Reader = Callable[[re.Match[str], datetime], datetime | None]


def times_in(text: str, as_of: datetime) -> tuple[TimeInText, ...]:
    """Every time that the text names, in order; what cannot exist (31 February) is left out."""
    days = sorted(_days(text, as_of), key=lambda day: (day.start, -day.end))
    apart: list[TimeInText] = []
    for day in days:
        if not apart or day.start >= apart[-1].end:
            apart.append(day)
    clocks = list(_CLOCK.finditer(text))
    return tuple(_with_clock(day, text, clocks) for day in apart)


def clocks_in(text: str, day: datetime) -> tuple[TimeInText, ...]:
    """Every time of day, put on that day."""
    return tuple(TimeInText(clock.start(), clock.end(), _on(day, clock)) for clock in _CLOCK.finditer(text))


def _days(text: str, as_of: datetime) -> Iterator[TimeInText]:
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            try:
                moment = read(match, as_of)
            except (ValueError, OverflowError):
                continue
            if moment is not None:
                yield TimeInText(match.start(), match.end(), moment)


def _with_clock(day: TimeInText, text: str, clocks: list[re.Match[str]]) -> TimeInText:
    if day.moment.hour or day.moment.minute or day.moment.second:
        return day
    near = [clock for clock in clocks if _gap(day, clock) <= _NEAR and _joined(day, clock, text)]
    if not near:
        return day
    clock = min(near, key=lambda found: (found["part"] is not None, _gap(day, found)))
    span = (min(day.start, clock.start()), max(day.end, clock.end()))
    return TimeInText(*span, _on(day.moment, clock))


def _gap(day: TimeInText, clock: re.Match[str]) -> int:
    return max(clock.start() - day.end, day.start - clock.end(), 0)


def _joined(day: TimeInText, clock: re.Match[str], text: str) -> bool:
    between = text[day.end : clock.start()] if clock.start() >= day.end else text[clock.end() : day.start]
    return not re.search(r"[.;!?]\s|\band\b|\bto\b", between)


def _on(day: datetime, clock: re.Match[str]) -> datetime:
    if part := clock["part"]:
        return day.replace(hour=_PARTS[part.lower()])
    half = (clock["half"] or clock["of"] or "").lower()
    hour = int(clock["hour"] or clock["short"])
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    moment = day.replace(hour=hour, minute=int(clock["minute"] or 0), second=int(clock["second"] or 0))
    return moment.replace(tzinfo=_zone(clock["zone"] or "")).astimezone(UTC)


def _zone(text: str) -> timezone:
    if text[:1] not in ("+", "-"):
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _stamp(match: re.Match[str], _: datetime) -> datetime:
    moment = datetime.fromisoformat(match[0])
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _iso_day(match: re.Match[str], _: datetime) -> datetime:
    return datetime(int(match["year"]), int(match["month"]), int(match["day"]), tzinfo=UTC)


def _written(match: re.Match[str], as_of: datetime) -> datetime | None:
    groups = match.groupdict()
    year = int(groups["year"] or as_of.year)
    moment = datetime(year, _MONTHS[match["month"][:3].lower()], int(groups.get("day") or 1), tzinfo=UTC)
    return moment.replace(year=year - 1) if groups["year"] is None and moment > as_of else moment


def _relative_day(match: re.Match[str], as_of: datetime) -> datetime:
    back = {"yesterday": 1, "last night": 1, "the day before yesterday": 2, "last week": 7, "last month": 30}
    return _midnight(as_of - timedelta(days=back.get(re.sub(r"\s+", " ", match[0].lower()), 0)))


def _weekday(match: re.Match[str], as_of: datetime) -> datetime:
    back = (as_of.weekday() - _DAYS[match["day"][:3].lower()]) % 7
    if match["last"] and back == 0:
        back = 7
    return _midnight(as_of - timedelta(days=back))


def _ago(match: re.Match[str], as_of: datetime) -> datetime:
    count = _WORDS.get(match["count"].lower()) or int(match["count"])
    unit = match["unit"].lower()
    if unit in ("minute", "hour"):
        return (as_of - timedelta(**{unit + "s": count})).replace(microsecond=0)
    days = {"day": 1, "week": 7, "month": 30, "year": 365}[unit]
    return _midnight(as_of - timedelta(days=count * days))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_YEAR = r"(?:,?\s+(?P<year>\d{4})\b)?"
_ORDINAL = r"(?:st|nd|rd|th)?"
_RELATIVE = (
    r"\bthe\s+day\s+before\s+yesterday\b|\byesterday\b|\blast\s+(?:night|week|month)\b|\btoday\b"
    r"|\bthis\s+(?=morning|afternoon|evening)|\btonight\b"
)
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_pattern(_STAMP), _stamp),
    (_pattern(r"(?<![\w-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])"), _iso_day),
    (_pattern(rf"\b(?P<day>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?{_YEAR}"), _written),
    (_pattern(rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}}){_ORDINAL}\b(?!:){_YEAR}"), _written),
    (_pattern(rf"(?<!\d\s)\b(?P<month>{_MONTH})\s+(?P<year>\d{{4}})\b"), _written),
    (_pattern(_RELATIVE), _relative_day),
    (_pattern(rf"\b(?P<last>last\s+)?(?P<day>{_WEEKDAY})\b"), _weekday),
    (_pattern(rf"\b(?P<count>{_NUMBER})\s+(?P<unit>minute|hour|day|week|month|year)s?\s+ago\b"), _ago),
)
