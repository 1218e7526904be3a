"""How fast LookupEvents may be asked: two requests a second for each Region, as AWS allows."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PER_SECOND = 2.0


@dataclass
class Pace:
    """A token bucket for each Region, with room for one second's requests."""

    now: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]], init=False)
    """Tokens left, and when that was."""

    def allows(self, region: str) -> bool:
        """Take a token of the Region's bucket, if there is one."""
        with self._lock:
            moment = self.now()
            tokens, since = self._buckets.get(region, (PER_SECOND, moment))
            tokens = min(PER_SECOND, tokens + (moment - since) * PER_SECOND)
            allowed = tokens >= 1
            self._buckets[region] = (tokens - 1 if allowed else tokens, moment)
            return allowed
