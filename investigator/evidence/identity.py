"""Who made a call: the columns that follow from userIdentity and the receiving account.

Source of the rules: specification 9.6 and AWS, "CloudTrail userIdentity element".
"""

import json
import re
from typing import NamedTuple

import msgspec
from pydantic import JsonValue

from investigator.domain.words import Actor

_SESSION = re.compile(r"arn:([\w-]+):sts::(\d*):assumed-role/([^/]+)/(.*)", re.DOTALL)
_INSTANCE = re.compile(r"i-[0-9a-f]{8,17}")
_ACTORS = {
    "Root": Actor.PERSON,
    "IAMUser": Actor.PERSON,
    "SAMLUser": Actor.PERSON,
    "IdentityCenterUser": Actor.PERSON,
    "Directory": Actor.PERSON,
    "FederatedUser": Actor.PERSON,
    "WebIdentityUser": Actor.WORKLOAD,
    "Role": Actor.ROLE,
    "AssumedRole": Actor.ROLE,
    "AWSService": Actor.SERVICE,
    "AWSAccount": Actor.OTHER_ACCOUNT,
}


class Identity(NamedTuple):
    """The identity columns of one record, None where the record says nothing, and words for what was odd."""

    identity: str | None = None
    arn: str | None = None
    user: str | None = None
    key: str | None = None
    principal: str = "unknown"
    issuer: str | None = None
    session: str | None = None
    session_start: str | None = None
    mfa: str | None = None
    source_identity: str | None = None
    invoked_by: str | None = None
    at_home: Actor = Actor.UNKNOWN
    """The actor in the caller's own account."""
    own: str | None = None
    """The caller's own account."""
    flags: str = ""

    def actor(self, recipient: str | None) -> str:
        """Who calls, in a record that the account `recipient` received."""
        abroad = self.own and recipient and self.own != recipient and self.identity
        return (Actor.OTHER_ACCOUNT if abroad and self.at_home is not Actor.ANONYMOUS else self.at_home).value

    def account(self, recipient: str | None) -> str | None:
        """The receiving account, else the caller's own."""
        return recipient or (self.own if self.own and self.own.isdigit() else None)


IDENTITY_NAMES = Identity._fields[:11]


def identity_of(raw: bytes) -> Identity:
    """The columns of a userIdentity (JSON, or nothing)."""
    value: JsonValue = msgspec.json.decode(raw) if raw else None
    if not isinstance(value, dict):
        return Identity(flags="bad_identity" if raw else "")
    kind, arn = _text(value, "type"), _text(value, "arn")
    context = _inner(value, "sessionContext")
    issuer = _text(_inner(context, "sessionIssuer"), "arn")
    attributes = _inner(context, "attributes")
    return Identity(
        identity=kind,
        arn=arn,
        user=_text(value, "userName"),
        key=_text(value, "accessKeyId"),
        principal=_principal(value, kind, arn, issuer),
        issuer=issuer,
        session=_session(kind, arn, _text(value, "principalId")),
        session_start=_text(attributes, "creationDate"),
        mfa=_text(attributes, "mfaAuthenticated"),
        source_identity=_text(context, "sourceIdentity"),
        invoked_by=_text(value, "invokedBy"),
        at_home=_actor(value, context, kind),
        own=_account(value.get("accountId")),
        flags="account_number" if isinstance(value.get("accountId"), int) else "",
    )


def _inner(value: dict[str, JsonValue], key: str) -> dict[str, JsonValue]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _text(value: dict[str, JsonValue], key: str) -> str | None:
    found = value.get(key)
    return found if found is None or isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _account(value: JsonValue) -> str | None:
    return str(value).zfill(12) if isinstance(value, int) else value if isinstance(value, str) else None


def _principal(value: dict[str, JsonValue], kind: str | None, arn: str | None, issuer: str | None) -> str:
    if _is_anonymous(value):
        return "anonymous"
    if kind == "AWSService" or not kind:
        return _text(value, "invokedBy") or arn or "unknown"
    if kind in {"AssumedRole", "FederatedUser"} and issuer:
        return issuer
    if arn and (session := _SESSION.fullmatch(arn)):
        return f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}"
    return arn or "unknown"


def _is_anonymous(value: dict[str, JsonValue]) -> bool:
    return value.get("accountId") == "ANONYMOUS_PRINCIPAL" or _text(value, "principalId") in {"Anonymous", "anonymous"}


def _session(kind: str | None, arn: str | None, principal_id: str | None) -> str | None:
    if arn and (session := _SESSION.fullmatch(arn)):
        return session[4]
    if kind == "FederatedUser" and arn:
        return arn.rpartition("/")[2]
    if kind == "AssumedRole" and principal_id and ":" in principal_id:
        return principal_id.partition(":")[2]
    return None


def _actor(value: dict[str, JsonValue], context: dict[str, JsonValue], kind: str | None) -> Actor:
    if _is_anonymous(value):
        return Actor.ANONYMOUS
    if not kind:
        return Actor.SERVICE if value.get("invokedBy") else Actor.UNKNOWN
    return _role_actor(value, context) if kind == "AssumedRole" else _ACTORS.get(kind, Actor.UNKNOWN)


def _role_actor(value: dict[str, JsonValue], context: dict[str, JsonValue]) -> Actor:
    arn = _text(value, "arn") or ""
    if "/AWSReservedSSO_" in arn:
        return Actor.PERSON
    session = _session("AssumedRole", arn, _text(value, "principalId")) or ""
    federated = _inner(context, "webIdFederationData").get("federatedProvider")
    is_workload = context.get("ec2RoleDelivery") or federated or _INSTANCE.fullmatch(session)
    return Actor.WORKLOAD if is_workload else Actor.ROLE
