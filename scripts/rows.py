"""The rows of the catalogue of behaviours, and what looks for each."""

from collections.abc import Iterable

ROWS = {"A": 17, "B": 12, "C": 28, "D": 15, "E": 9, "F": 21, "G": 18, "H": 21}
"""How many rows each part of the catalogue has: A01 to A17 and so on."""


def rows() -> tuple[str, ...]:
    """Every row id in order."""
    return tuple(f"{part}{number:02}" for part, many in ROWS.items() for number in range(1, many + 1))


def without_rule(found: Iterable[str]) -> tuple[str, ...]:
    """Rows that none of the found ids is."""
    covered = set(found)
    return tuple(row for row in rows() if row not in covered)
