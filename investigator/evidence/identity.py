# ruff: noqa: N815  (field names are those of the wire)
"""Who made a call: the columns that follow from userIdentity and the receiving account.

Source of the rules: specification 9.6 and AWS, "CloudTrail userIdentity element".
"""

import json
import re
from typing import NamedTuple

import msgspec
from msgspec import Struct
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


class _Issuer(Struct, gc=False):
    arn: str | None = None


class _Attributes(Struct, gc=False):
    creationDate: str | None = None
    mfaAuthenticated: str | None = None


class _Federation(Struct, gc=False):
    federatedProvider: str | None = None


class _Context(Struct, gc=False):
    sessionIssuer: _Issuer | None = None
    attributes: _Attributes | None = None
    webIdFederationData: _Federation | None = None
    sourceIdentity: str | None = None
    ec2RoleDelivery: str | None = None


class _Caller(Struct, gc=False):
    """What is read of a userIdentity."""

    type: str | None = None
    principalId: str | None = None
    arn: str | None = None
    accountId: str | None = None
    accessKeyId: str | None = None
    userName: str | None = None
    sessionContext: _Context | None = None
    invokedBy: str | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.accountId == "ANONYMOUS_PRINCIPAL" or self.principalId in {"Anonymous", "anonymous"}


_CALLER = msgspec.json.Decoder(_Caller)
_NO_CONTEXT, _NO_ISSUER, _NO_ATTRIBUTES, _NO_FEDERATION = _Context(), _Issuer(), _Attributes(), _Federation()


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
    if not raw:
        return Identity()
    try:
        return _identity(_CALLER.decode(raw))
    except msgspec.ValidationError:
        return _loosely(msgspec.json.decode(raw))


def _loosely(value: JsonValue) -> Identity:
    """The same for values of other types: a number where text belongs becomes the text that it was written as."""
    if not isinstance(value, dict):
        return Identity(flags="bad_identity")
    context = _inner(value, "sessionContext")
    account = value.get("accountId")
    identity = _identity(
        msgspec.convert(
            {
                **_texts(value, _Caller.__struct_fields__),
                "accountId": str(account).zfill(12) if isinstance(account, int) else _text(value, "accountId"),
                "sessionContext": {
                    **_texts(context, _Context.__struct_fields__),
                    "sessionIssuer": _texts(_inner(context, "sessionIssuer"), _Issuer.__struct_fields__),
                    "attributes": _texts(_inner(context, "attributes"), _Attributes.__struct_fields__),
                    "webIdFederationData": _texts(
                        _inner(context, "webIdFederationData"), _Federation.__struct_fields__
                    ),
                },
            },
            _Caller,
        )
    )
    return identity._replace(flags="account_number") if isinstance(account, int) else identity


def _identity(caller: _Caller) -> Identity:
    context = caller.sessionContext or _NO_CONTEXT
    issuer = (context.sessionIssuer or _NO_ISSUER).arn
    attributes = context.attributes or _NO_ATTRIBUTES
    session = _SESSION.fullmatch(caller.arn) if caller.arn else None
    name = _session_name(caller, session)
    return Identity(
        identity=caller.type,
        arn=caller.arn,
        user=caller.userName,
        key=caller.accessKeyId,
        principal=_principal(caller, issuer, session),
        issuer=issuer,
        session=name,
        session_start=attributes.creationDate,
        mfa=attributes.mfaAuthenticated,
        source_identity=context.sourceIdentity,
        invoked_by=caller.invokedBy,
        at_home=_actor(caller, context, name or ""),
        own=caller.accountId,
    )


def _inner(value: dict[str, JsonValue], key: str) -> dict[str, JsonValue]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _text(value: dict[str, JsonValue], key: str) -> str | None:
    found = value.get(key)
    return found if found is None or isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _texts(value: dict[str, JsonValue], keys: tuple[str, ...]) -> dict[str, str | None]:
    return {key: _text(value, key) for key in keys}


def _principal(caller: _Caller, issuer: str | None, session: re.Match[str] | None) -> str:
    if caller.is_anonymous:
        return "anonymous"
    if caller.type == "AWSService" or not caller.type:
        return caller.invokedBy or caller.arn or "unknown"
    if caller.type in {"AssumedRole", "FederatedUser"} and issuer:
        return issuer
    if session:
        return f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}"
    return caller.arn or "unknown"


def _session_name(caller: _Caller, session: re.Match[str] | None) -> str | None:
    if session:
        return session[4]
    if caller.type == "FederatedUser" and caller.arn:
        return caller.arn.rpartition("/")[2]
    if caller.type == "AssumedRole" and caller.principalId and ":" in caller.principalId:
        return caller.principalId.partition(":")[2]
    return None


def _actor(caller: _Caller, context: _Context, session: str) -> Actor:
    if caller.is_anonymous:
        return Actor.ANONYMOUS
    if not caller.type:
        return Actor.SERVICE if caller.invokedBy else Actor.UNKNOWN
    if caller.type != "AssumedRole":
        return _ACTORS.get(caller.type, Actor.UNKNOWN)
    if "/AWSReservedSSO_" in (caller.arn or ""):
        return Actor.PERSON
    federated = (context.webIdFederationData or _NO_FEDERATION).federatedProvider
    is_workload = context.ec2RoleDelivery or federated or _INSTANCE.fullmatch(session)
    return Actor.WORKLOAD if is_workload else Actor.ROLE
