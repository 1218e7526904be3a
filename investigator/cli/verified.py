"""The outcome of `verify` as the command line tells it."""

from pydantic import BaseModel


class Claims(BaseModel):
    held: int
    failed: tuple[str, ...]
    needs_originals: tuple[str, ...]


class Fault(BaseModel):
    kind: str
    what: str
    reason: str


class Verified(BaseModel):
    """What `verify --json` prints."""

    holds: bool
    claims: Claims
    faults: tuple[Fault, ...]
