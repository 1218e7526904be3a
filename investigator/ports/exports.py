"""What an export may ask for beside the case document: the evidence that the document cites."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from investigator.domain.ids import EvidenceId


class CitedRecord(NamedTuple):
    """A record as it stood in its file; both parts are empty when it could not be read again."""

    original: bytes = b""
    time: str = ""
    """The time that a wrapper around the record gives, as written."""


class CitedEvidence(Protocol):
    """The cited evidence of one case, not yet redacted: an exporter redacts what it writes."""

    def record(self, evidence: EvidenceId) -> CitedRecord: ...

    def answer(self, evidence: EvidenceId) -> bytes:
        """The saved pages of an AWS answer, one JSON object a line; empty when it is not there."""
        ...

    def audit(self) -> bytes:
        """The audit log, one JSON object a line."""
        ...


@runtime_checkable
class ReadsMany(Protocol):
    """Evidence that reads many records in one pass over their files."""

    def records(self, ids: Sequence[EvidenceId]) -> Mapping[EvidenceId, CitedRecord]:
        """Each record that can be read again; the others are left out."""
        ...
