"""Event sources: where records of calls can be looked up, and what each of them can do."""

from investigator.domain.value import Value


class EventSource(Value):
    """One way to look records up."""

    name: str
    """As coverage cells name it."""
    days: int | None = None
    """How far back it reaches; None is as far as there is evidence."""
    by_ip: bool = False
    """It can look up by address."""
    data_events: bool = False
    """It may hold data events, such as object reads."""
    per_second: float | None = None
    """Requests a second for each account and Region; None is without limit."""


LOGS = EventSource(name="logs", by_ip=True, data_events=True)
"""Log files in the evidence store."""
LOOKUP_EVENTS = EventSource(name="lookup_events", days=90, per_second=1.9)
"""CloudTrail's event history (specification 9.6)."""
