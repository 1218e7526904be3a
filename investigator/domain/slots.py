"""Slots: what a question is made of, and how an answer is checked."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from investigator.domain.times import parse_instant, to_text

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Slot:
    """A fact that a person may tell us: how we ask, why, what we do without an answer, and how it is checked."""

    name: str
    question: str
    why: str
    default: str
    check: Callable[[str], str] = str.strip
    """One value, normalised; raises ValueError with what it takes."""
    many: bool = False


def values_of(answer: str) -> tuple[str, ...]:
    """The single values of an answer: separated by commas; none for an unknown one."""
    parts = tuple(part.strip() for part in answer.split(",") if part.strip())
    return () if parts == (UNKNOWN,) else parts


def matching(pattern: str, takes: str) -> Callable[[str], str]:
    """A check that the whole text matches; `takes` says what is expected."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text.strip()):
            raise ValueError(f"takes {takes}")
        return text.strip()

    return check


def account_id(text: str) -> str:
    """12 digits; a leading zero that a spreadsheet took away is put back."""
    digits = text.strip().replace("-", "")
    if not digits.isdigit() or not 11 <= len(digits) <= 12:
        raise ValueError("takes an account id of 12 digits")
    return digits.zfill(12)


def network(text: str) -> str:
    """An address, or a network in CIDR form."""
    try:
        found = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError("takes an IP address or a CIDR such as 198.51.100.0/24") from None
    return str(found.network_address) if found.num_addresses == 1 else str(found)


def instant(text: str) -> str:
    """ISO 8601 in UTC."""
    try:
        return to_text(parse_instant(text))
    except ValueError:
        raise ValueError("takes an ISO 8601 time such as 2026-01-27T19:21:00Z") from None


def yes_or_no(text: str) -> str:
    """`yes` or `no`, from the usual spellings."""
    word = text.strip().lower()
    if word in {"yes", "y", "true"}:
        return "yes"
    if word in {"no", "n", "false"}:
        return "no"
    raise ValueError("takes yes or no")
