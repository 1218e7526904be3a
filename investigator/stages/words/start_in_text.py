"""When it began, and when access ended, in free text: which of its times opens the window (specification 9.4)."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from investigator.domain.question import Answer
from investigator.domain.times import to_text
from investigator.stages.words.times_in_text import TimeInText, clocks_in, times_in

NOTICED_AFTER = timedelta(hours=24)
"""How long before it was noticed a thing is taken to have begun (specification 9.4)."""

_RANGE = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\s*(?:Z|UTC)?\s*(?:to|until|till|-|–)\s*\d{1,2}:\d{2}", re.IGNORECASE)
_BEGAN = re.compile(
    r"\b(?:since|from|between|after|start\w*|began|begin\w*|exposed|committed|pushed|leaked|published|uploaded|window)\b"
    r"[^.;\n]{0,30}$",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:left|leav\w+|terminat\w+|offboard\w*|fired|dismissed|resign\w*|last\s+day|access\s+ended|departed)\b",
    re.IGNORECASE,
)
_NOTICED = re.compile(
    r"\b(?:raised|alert\w*|notic\w+|detect\w*|discover\w*|found|report\w*|turned\s+up|flagged|warned|saw|seen|finding)\b",
    re.IGNORECASE,
)


def told_times(text: str, as_of: datetime) -> Iterator[Answer]:
    """The answers for `start` and `left_at`; a beginning after `as_of` says nothing.

    Log files may end shortly before the time at which somebody noticed.
    """
    times = [time for time in times_in(text, as_of) if time.moment - NOTICED_AFTER <= as_of]
    left = [time for time in times if _LEFT.search(_sentence(text, time))]
    if left:
        yield _told("left_at", left[0].moment)
    other = [time for time in times if time not in left]
    began = _began(text, other)
    if began and began <= as_of:
        yield _told("start", began)
    elif other and not began:
        noticed = min(time.moment for time in other)
        note = f"24 hours before it was noticed ({to_text(noticed)})"
        yield _told("start", noticed - NOTICED_AFTER, note)


def _began(text: str, times: Sequence[TimeInText]) -> datetime | None:
    """The earliest time that the text gives as a beginning, or that nothing marks as the time of noticing."""
    if len(times) == 1 and (span := _RANGE.search(text)):
        midnight = times[0].moment.replace(hour=0, minute=0, second=0)
        return clocks_in(text[span.start() :], midnight)[0].moment
    begins = [time.moment for time in times if _BEGAN.search(text[max(0, time.start - 60) : time.start])]
    plain = [time.moment for time in times if not _NOTICED.search(_sentence(text, time))]
    return min(begins or plain, default=None)


def _sentence(text: str, time: TimeInText) -> str:
    start = max(text.rfind(mark, 0, time.start) for mark in (". ", "; ", "\n")) + 1
    ends = [end for mark in (". ", "; ", "\n") if (end := text.find(mark, time.end)) >= 0]
    return text[start : min(ends, default=len(text))]


def _told(slot: str, moment: datetime, note: str | None = None) -> Answer:
    return Answer(slot=slot, value=to_text(moment), source="description", note=note)
