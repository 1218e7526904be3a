"""What one raw record says, derived from its own fields and nothing else (specification 9.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from investigator.domain.canonical import digest
from investigator.domain.ids import EvidenceId
from investigator.domain.paths import first_text
from investigator.domain.times import parse_instant
from investigator.domain.words import Outcome

DENIED = frozenset({"AccessDenied", "UnauthorizedOperation", "AccessDeniedException", "403"})
"""Error codes of a refusal; a service may write its name and a dot in front."""
SIGN_IN = "signin.amazonaws.com"
ISSUED = tuple(f"responseElements.{holder}.accessKeyId" for holder in ("credentials", "accessKey", "roleCredentials"))
BESIDE = ("EventTime", "@timestamp", "time", "timestamp")
"""Where a collector writes its own time beside the keys of a record."""
YEARS = range(1990, 2200)
"""A time outside these years is no time of a record."""
MILLISECONDS = 1e11
"""A number above this counts milliseconds since 1970, not seconds."""


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
    own = record.value.get("eventTime")
    times = (own if isinstance(own, str) and "T" in own.upper() else None, record.wrapper_time)
    written_beside = (record.value.get(key) for key in BESIDE)
    return next((moment for text in (*times, *written_beside) if (moment := _moment(text))), None)


def _moment(text: JsonValue) -> datetime | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        moment = _since_1970(float(text)) if text.replace(".", "", 1).isdigit() else parse_instant(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year in YEARS else None


def _since_1970(number: float) -> datetime:
    return datetime.fromtimestamp(number / 1000 if number > MILLISECONDS else number, UTC)


def outcome_of(record: Record) -> Outcome:
    """success, denied or failed; a sign-in record says it in its response."""
    error = record.text("errorCode")
    if error.rpartition(".")[2] in DENIED:
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


def fullest(copies: Sequence[Record]) -> Record:
    """Of copies of one event the one with most fields, ties by the smaller digest."""
    return copies[0] if len(copies) == 1 else min(copies, key=_weight)


def _weight(record: Record) -> tuple[int, str, bytes]:
    fields = sum(value is not None for value in record.value.values())
    return (-fields, digest(record.document), record.original)
