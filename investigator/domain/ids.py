"""Identifiers: derived from content, so that the same inputs give the same ids (ground rule G9)."""

import hashlib
from typing import Annotated

from pydantic import StringConstraints

EvidenceId = Annotated[str, StringConstraints(pattern=r"^(ct|sha256|aws|alert|answer):.+$")]
"""What claims, findings, entities and credentials cite.

`ct:<eventID>`, `ct:<eventID>@<8 hex>`, `sha256:<hex>`, `aws:<16 hex>`, `alert:<id>` or `answer:<slot>`.
"""

MAX_IDS = 1_000
"""The most ids that a list holds; beyond it stand `more` and the search expression that finds all."""


def digest16(*parts: str) -> str:
    """The first 16 hex digits of SHA-256 over the defining parts, kept apart by the unit separator."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def handle_name(description: str, alert: str) -> str:
    """`case.name`: `ir-` and 12 hex digits over description and alert, the same in every run."""
    return "ir-" + hashlib.sha256(f"{description}\x1f{alert}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
