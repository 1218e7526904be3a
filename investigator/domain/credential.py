"""Credential: one node of the forest that says which credential issued which."""

from typing import Literal

from pydantic import Field

from investigator.domain.ids import EvidenceId
from investigator.domain.times import Instant
from investigator.domain.value import Value

UNKNOWN_TIME = "unknown"


class Credential(Value):
    """A credential, to whom it was issued, and the record and linking rule that tie it to its parent."""

    id: str
    """An access key id, or `session:<role arn>/<name>@<issued>`, `console:<principal arn>@<time>`,
    `subject:<provider>/<principalId>`, `service:<dns name>`."""
    issued_to: str
    parent: str | None = None
    by: EvidenceId | None = None
    """The record that issued it."""
    rule: str | None = None
    """The linking rule of specification 9.6 ("1", "2", "2b" …)."""
    certainty: Literal["high", "medium"] = "high"
    start: Instant | None = Field(default=None, validation_alias="from", serialization_alias="from")
    end: Instant | None = Field(default=None, validation_alias="to", serialization_alias="to")
