"""What became of a bundle when it was checked again; `verify --json` prints it."""

from typing import Literal

from investigator.domain.value import Value

FaultKind = Literal["record", "answer", "claim", "manifest", "audit", "original"]


class Fault(Value):
    """One thing that does not hold, by its evidence id, claim id or file name."""

    kind: str
    what: str
    reason: str


class CheckedClaims(Value):
    held: int
    failed: tuple[str, ...] = ()
    needs_originals: tuple[str, ...] = ()


class Verification(Value):
    holds: bool
    claims: CheckedClaims
    faults: tuple[Fault, ...] = ()
