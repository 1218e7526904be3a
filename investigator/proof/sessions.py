"""Sessions as raw records name them: who signed, which session a call made, when it began and ends."""

import re
from datetime import UTC, datetime, timedelta

from investigator.domain.times import parse_instant, to_text
from investigator.proof.record import Record, signing_key, time_of

UNKNOWN = "unknown"
LONGEST = timedelta(hours=12)
_ROLE = re.compile(r"arn:([\w-]+):iam::(\d{12}):role/(?:.*/)?([^/]+)")


def signers(record: Record) -> frozenset[str]:
    """The ids of the credential that signed the record, as far as the record itself says."""
    if key := signing_key(record):
        return frozenset({key, *_console_ids(record)})
    kind = record.text("userIdentity.type")
    if kind == "AWSService" or (record.text("userIdentity.invokedBy") and not record.text("userIdentity.arn")):
        return frozenset({f"service:{record.text('userIdentity.invokedBy') or record.text('eventSource')}"})
    if kind in {"SAMLUser", "WebIdentityUser"}:
        return frozenset({f"subject:{_provider(record)}/{_subject(record)}"})
    return frozenset({*_session_ids(record), *_console_ids(record)})


def _provider(record: Record) -> str:
    return record.text("userIdentity.identityProvider") or record.text("requestParameters.principalArn") or UNKNOWN


def _subject(record: Record) -> str:
    return record.text("userIdentity.principalId") or record.text("userIdentity.userName") or UNKNOWN


def _session_ids(record: Record) -> list[str]:
    issuer = record.text("userIdentity.sessionContext.sessionIssuer.arn")
    name = record.text("userIdentity.arn").rpartition("/")[2]
    return [f"session:{issuer}/{name}@{_written_start(record)}"] if issuer and name else []


def _console_ids(record: Record) -> list[str]:
    """A sign-in names the session by its own time; the records of the session by their creationDate."""
    arn = record.text("userIdentity.arn")
    if not arn:
        return []
    moment = time_of(record)
    if record.text("eventName") == "ConsoleLogin" and moment is not None:
        return [f"console:{arn}@{to_text(moment)}"]
    is_console = record.text("sessionCredentialFromConsole") == "true" or not signing_key(record)
    return [f"console:{arn}@{_written_start(record)}"] if is_console else []


def _written_start(record: Record) -> str:
    return record.text("userIdentity.sessionContext.attributes.creationDate") or UNKNOWN


def started(record: Record) -> datetime | None:
    """When the session of the record was issued, as its sessionContext says."""
    try:
        return parse_instant(record.text("userIdentity.sessionContext.attributes.creationDate"))
    except ValueError:
        return None


def is_keyless(record: Record) -> bool:
    return not signing_key(record)


def session_arn(issuer: Record) -> str:
    """The assumed-role ARN that a call makes: from its response, or else from its request."""
    if answered := issuer.text("responseElements.assumedRoleUser.arn"):
        return answered
    role = _ROLE.fullmatch(issuer.text("requestParameters.roleArn"))
    name = issuer.text("requestParameters.roleSessionName")
    return f"arn:{role[1]}:sts::{role[2]}:assumed-role/{role[3]}/{name}" if role and name else ""


def session_id(issuer: Record) -> str:
    """The id of a session whose key id is not known: `session:<role arn>/<name>@<issued>`."""
    moment = time_of(issuer)
    role, name = issuer.text("requestParameters.roleArn"), issuer.text("requestParameters.roleSessionName")
    return f"session:{role}/{name}@{to_text(moment) if moment else UNKNOWN}" if role and name else ""


def expires(issuer: Record, begin: datetime) -> datetime:
    """The end of a session: ISO 8601 or `Jul 18, 2023, 4:07:39 PM`; 12 hours when the record does not say."""
    text = issuer.text("responseElements.credentials.expiration")
    try:
        return parse_instant(text)
    except ValueError:
        pass
    try:
        return datetime.strptime(text.replace("\u202f", " "), "%b %d, %Y, %I:%M:%S %p").replace(tzinfo=UTC)
    except ValueError:
        return begin + LONGEST
