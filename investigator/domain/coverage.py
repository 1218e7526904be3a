"""Coverage: what was searched and how well, cell by cell."""

from collections.abc import Mapping

from investigator.domain.times import Window
from investigator.domain.value import Value
from investigator.domain.words import CellState

LOG_FILES = "logs"
"""The source of cells that log files give."""


class Cell(Value):
    """One source × account × Region × kind of events × filter, over hours of one state."""

    id: str = ""
    """`v1` … in document order, given at reporting."""
    source: str
    """logs, lookup_events, s3_trail, iam, ec2, cost, guardduty …"""
    account: str
    region: str
    events: str
    """management, data:s3, insight, network or answer."""
    filter: Mapping[str, str] | None = None
    """LookupEvents by one attribute covers only that: `{"AccessKeyId": "…"}`."""
    window: Window
    records: int
    """Distinct events, or rows of an answer."""
    state: CellState
    gap: str | None = None
