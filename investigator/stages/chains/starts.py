"""When sessions began, as their own records tell it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from investigator.domain.times import parse_instant

_LAST = "\U0010ffff"


class Starts:
    """The session starts that records of each ARN carry, in time order."""

    def __init__(self, pairs: Iterable[tuple[str, ...]]) -> None:
        found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        for arn, start in pairs:
            if (time := instant(start)) is not None:
                found[arn].append((time, start))
        self._by_arn = {arn: sorted(starts) for arn, starts in found.items()}

    def near(self, arn: str, time: datetime, tolerance: timedelta) -> Sequence[tuple[datetime, str]]:
        """The starts at most so far from a time, as times and as they are written."""
        starts = self._by_arn.get(arn, [])
        return starts[
            bisect_left(starts, (time - tolerance, "")) : bisect_right(starts, (time + tolerance, "\U0010ffff"))
        ]

    def nearest(self, arn: str, time: datetime | None, tolerance: timedelta) -> Sequence[str]:
        """The same, as they are written, the closest first; none of an unknown time."""
        if time is None:
            return ()
        return [text for _, text in sorted(self.near(arn, time, tolerance), key=lambda at: (abs(at[0] - time), at))]


def instant(text: str) -> datetime | None:
    """The time that a text says, if it says one."""
    try:
        return parse_instant(text)
    except ValueError:
        return None
