"""What one raw record says, derived from its own fields and nothing else (specification 9.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from investigator.domain.canonical import Number, digest
from investigator.domain.ids import EvidenceId
from investigator.domain.paths import first_text
from investigator.domain.times import parse_instant
from investigator.domain.words import Outcome

DENIED = frozenset(
    {"AccessDenied", "UnauthorizedOperation", "Client.UnauthorizedOperation", "AccessDeniedException", "403"}
)
SIGN_IN = "signin.amazonaws.com"
ISSUED = ("responseElements.credentials.accessKeyId", "responseElements.accessKey.accessKeyId")


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stood in a file: its bytes, its fields, and the time that the wrapper around it gives."""

    original: bytes
    value: Mapping[str, JsonValue]
    wrapper_time: str = ""

    @property
    def document(self) -> dict[str, JsonValue]:
        return dict(self.value)

    def text(self, path: str) -> str:
        """The first text at a dotted path, or ""."""
        return first_text(self.document, path)


def is_named(record: Record, evidence: EvidenceId) -> bool:
    """Whether the evidence id is this record's: by its eventID, by eventID and digest, or by digest alone."""
    kind, _, name = evidence.partition(":")
    if kind == "sha256":
        return digest(record.document) == name
    event_id, _, conflict = name.partition("@")
    if kind != "ct" or record.text("eventID") != event_id:
        return False
    return not conflict or digest(record.document).startswith(conflict)


def time_of(record: Record) -> datetime | None:
    """eventTime, else the time of the wrapper; None when neither can be read."""
    own = record.value.get("eventTime"), record.value.get("@timestamp")
    return next((moment for text in (own[0], record.wrapper_time, own[1]) if (moment := _moment(text))), None)


def _moment(text: JsonValue) -> datetime | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        return datetime.fromtimestamp(float(text), UTC) if isinstance(text, Number) else parse_instant(text)
    except (ValueError, OverflowError, OSError):
        return None


def outcome_of(record: Record) -> Outcome:
    """success, denied or failed; a sign-in record says it in its response."""
    error = record.text("errorCode")
    if error in DENIED:
        return Outcome.DENIED
    refused = record.text("eventSource") == SIGN_IN and record.text(f"responseElements.{_name(record)}") == "Failure"
    return Outcome.FAILED if error or refused else Outcome.SUCCESS


def _name(record: Record) -> str:
    name = record.text("eventName")
    return name if name.isalnum() else "ConsoleLogin"


def issued_key(record: Record) -> str:
    """The access key id that a successful response handed out, or ""."""
    if outcome_of(record) is not Outcome.SUCCESS:
        return ""
    return next((key for path in ISSUED if (key := record.text(path))), "")


def signing_key(record: Record) -> str:
    """The access key id that signed the call, or ""."""
    return record.text("userIdentity.accessKeyId")


def weight(record: Record) -> tuple[int, str, bytes]:
    """Orders copies of one event: the one with most fields first, ties by the smaller digest."""
    fields = sum(value is not None for value in record.value.values())
    return (-fields, digest(record.document), record.original)
