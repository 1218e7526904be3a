"""The manifest of a bundle: what is in it, with the hashes that hold it together."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from investigator.domain.audit_chain import START, head_of
from investigator.domain.canonical import canonical
from investigator.domain.claim import Claim
from investigator.domain.ids import EvidenceId
from investigator.domain.redaction import sha256
from investigator.domain.value import Value

MANIFEST, CASE, RECORDS, COVERAGE, AUDIT = (
    "manifest.json",
    "case.json",
    "records/records.jsonl",
    "coverage.json",
    "audit.jsonl",
)


class RecordHashes(Value):
    """SHA-256 of the original bytes of a record, and of its redacted line."""

    original: str
    redacted: str


class SavedHash(Value):
    file: str
    sha256: str


class Manifest(Value):
    """Everything but the seal, which is the SHA-256 of this in RFC 8785 form and stands last in the file."""

    answers: Mapping[EvidenceId, SavedHash]
    audit_head: str
    case: str
    claims: Mapping[str, str]
    """SHA-256 of each claim's canonical JSON."""
    files: Mapping[str, str]
    generator: str
    records: Mapping[EvidenceId, RecordHashes]
    schema_name: Literal["investigator.bundle/1"] = Field(default="investigator.bundle/1", alias="schema")

    @property
    def seal(self) -> str:
        return sha256(canonical(self.model_dump(mode="json")))

    def __bytes__(self) -> bytes:
        """The file: RFC 8785, whose key order puts the seal last."""
        return canonical(self.model_dump(mode="json") | {"sha256": self.seal}) + b"\n"


def claim_hash(claim: Claim) -> str:
    return sha256(canonical(claim.model_dump(mode="json", by_alias=True)))


def answer_file(answer: EvidenceId) -> str:
    """The name of a saved answer inside a bundle."""
    return f"answers/{sha256(answer.encode())[:16]}.jsonl"


def audit_head(audit: bytes) -> str:
    """SHA-256 of the last line."""
    lines = audit.splitlines()
    return head_of(lines[-1]) if lines else START
