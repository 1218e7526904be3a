"""What really happened: for tests alone, the product never reads it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Event ids by who made them, and the things that a right investigation names."""

    hostile: frozenset[str] = frozenset()
    """Event ids of the intruder's calls, logged or not."""
    responder: frozenset[str] = frozenset()
    """Event ids of the containment."""
    noise: frozenset[str] = frozenset()
    """Event ids of everyday work; in the benign twin that is everything."""
    unlogged: frozenset[str] = frozenset()
    """Management events that no log file holds: they happened while the trail was stopped."""
    keys: tuple[str, ...] = ()
    """Long-term keys in the wrong hands."""
    sessions: tuple[str, ...] = ()
    """Access keys of the sessions that followed from them, in order."""
    instances: tuple[str, ...] = ()
    region: str = ""
    """Where the instances run and the cost rises."""
    objects_read: int = 0
    gap: tuple[datetime, datetime] | None = None
    """From the StopLogging to the StartLogging."""
    verdicts: tuple[str, ...] = ()
    """The verdicts that the evidence supports."""
