"""What one issuing record says: which credential was handed out, to whom, by which, and until when (9.6, 1 and 4-9)."""

import re
from datetime import UTC, datetime
from enum import StrEnum

from investigator.domain.credential import UNKNOWN_TIME, Credential
from investigator.domain.event import Event
from investigator.domain.times import parse_instant, to_text

FEDERATED = frozenset({"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
SESSION_CALLS = FEDERATED | {"AssumeRole", "AssumeRoot", "GetSessionToken", "GetFederationToken"}


class Rule(StrEnum):
    """The linking rules of specification 9.6."""

    RESPONSE = "1"
    ISSUE_TIME = "2"
    ONLY_CANDIDATE = "2b"
    SHARED_EVENT = "3"
    NEW_KEY = "6"
    CONSOLE = "7"
    FEDERATION = "8"
    SERVICE = "9"


def expiry(text: str) -> datetime | None:
    """The end of a session from responseElements: ISO 8601 or `Jul 18, 2023, 4:07:39 PM`."""
    try:
        return parse_instant(text)
    except ValueError:
        pass
    try:
        return datetime.strptime(text.replace("\u202f", " "), "%b %d, %Y, %I:%M:%S %p").replace(tzinfo=UTC)
    except ValueError:
        return None


def session_arn(event: Event) -> str:
    """The assumed-role ARN that a call of AssumeRole makes, from its answer or else from its request."""
    if answered := event.answered("assumedRoleUser.arn"):
        return answered
    role = re.fullmatch(r"arn:([\w-]+):iam::(\d{12}):role/(?:.*/)?([^/]+)", event.asked("roleArn"))
    name = event.asked("roleSessionName")
    return f"arn:{role[1]}:sts::{role[2]}:assumed-role/{role[3]}/{name}" if role and name else ""


def session_id(event: Event) -> str:
    """The id of a session whose key id is not known: `session:<role arn>/<name>@<issued>`."""
    issued = to_text(event.time) if event.time else UNKNOWN_TIME
    return f"session:{event.asked('roleArn')}/{event.asked('roleSessionName')}@{issued}"


def signer(event: Event) -> str:
    """The credential that signed a record, as far as the record itself says."""
    if event.key:
        return event.key
    if event.identity == "AWSService" or (event.invoked_by and not event.arn):
        return f"service:{event.invoked_by or event.source}"
    if event.identity in {"SAMLUser", "WebIdentityUser"}:
        return f"subject:{_provider(event)}/{_principal_id(event)}"
    if event.session and event.issuer:
        return f"session:{event.issuer}/{event.session}@{event.session_start or UNKNOWN_TIME}"
    if event.arn:
        return f"console:{event.arn}@{event.session_start or UNKNOWN_TIME}"
    return ""


def _provider(event: Event) -> str:
    identity = event.user_identity
    provider = identity.get("identityProvider") if isinstance(identity, dict) else None
    return str(provider or event.asked("principalArn") or "unknown")


def _principal_id(event: Event) -> str:
    identity = event.user_identity
    principal = identity.get("principalId") if isinstance(identity, dict) else None
    return str(principal or event.user or "unknown")


def rule_of(event: Event) -> Rule:
    """Which linking rule a record that handed out a key stands for."""
    if event.name in FEDERATED:
        return Rule.FEDERATION
    if event.name not in SESSION_CALLS:
        return Rule.NEW_KEY
    return Rule.SERVICE if event.identity == "AWSService" else Rule.RESPONSE


def owner_of(event: Event) -> str:
    """The ARN that the handed-out credential speaks for."""
    if event.name in SESSION_CALLS:
        return session_arn(event) or event.answered("federatedUser.arn") or event.principal
    partition = event.arn.split(":")[1] if event.arn.count(":") >= 5 else "aws"
    user = event.answered("accessKey.userName") or event.asked("userName")
    return f"arn:{partition}:iam::{event.account}:user/{user}" if user else event.principal


def issued(event: Event, parent: str) -> Credential:
    """The credential that a record handed out, under the parent that signed the record."""
    ends = expiry(event.answered("credentials.expiration")) if event.name in SESSION_CALLS else None
    return Credential(
        id=event.issued_key,
        issued_to=owner_of(event),
        parent=parent or None,
        by=event.id,
        rule=rule_of(event),
        start=event.time,
        end=ends,
    )
