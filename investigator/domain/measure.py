"""Measure: a counted amount over a window."""

from collections.abc import Mapping
from decimal import Decimal

from investigator.domain.ids import EvidenceId
from investigator.domain.times import Window
from investigator.domain.value import Value


class Measure(Value):
    """One amount of one window, from the answer and path where it stands."""

    answer: EvidenceId
    path: str
    """Leads to the whole series in the answer: one value for each window."""
    kind: str
    """cost, usage …"""
    unit: str
    """USD, Hrs, GB …"""
    amount: Decimal
    window: Window
    dimensions: Mapping[str, str] = {}
    """service, region, usage_type, account …"""
    estimated: bool = False
    account: str = ""
