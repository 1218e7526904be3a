"""Who made a call, as one raw record says it: the independent twin of the evidence store's column (9.6)."""

import re

from investigator.domain.words import Actor
from investigator.proof.record import Record

_KINDS = {
    "Root": Actor.PERSON,
    "IAMUser": Actor.PERSON,
    "SAMLUser": Actor.PERSON,
    "IdentityCenterUser": Actor.PERSON,
    "Directory": Actor.PERSON,
    "FederatedUser": Actor.PERSON,
    "WebIdentityUser": Actor.WORKLOAD,
    "Role": Actor.ROLE,
    "AWSService": Actor.SERVICE,
    "AWSAccount": Actor.OTHER_ACCOUNT,
}
_OF_PEOPLE = "/AWSReservedSSO_"
_INSTANCE = re.compile(r"i-[0-9a-f]{8,17}")
_DELIVERED = ("ec2RoleDelivery", "webIdFederationData.federatedProvider")
"""What the context of a session says when a machine or a workload holds it."""


def actor_of(record: Record) -> Actor:
    """person, role, workload, service, other_account, anonymous or unknown."""
    own, kind = record.text("userIdentity.accountId"), record.text("userIdentity.type")
    if own == "ANONYMOUS_PRINCIPAL" or record.text("userIdentity.principalId") in ("Anonymous", "anonymous"):
        return Actor.ANONYMOUS
    if not kind:
        return Actor.SERVICE if record.text("userIdentity.invokedBy") else Actor.UNKNOWN
    recipient = record.text("recipientAccountId")
    if own and recipient and own.zfill(12) != recipient.zfill(12):
        return Actor.OTHER_ACCOUNT
    return _of_session(record) if kind == "AssumedRole" else _KINDS.get(kind, Actor.UNKNOWN)


def _of_session(record: Record) -> Actor:
    arn = record.text("userIdentity.arn")
    if _OF_PEOPLE in arn:
        return Actor.PERSON
    holder = ":assumed-role/" in arn and arn.split("/", 2)[-1]
    session = holder or record.text("userIdentity.principalId").partition(":")[2]
    delivered = any(record.text(f"userIdentity.sessionContext.{path}") for path in _DELIVERED)
    return Actor.WORKLOAD if delivered or _INSTANCE.fullmatch(session) else Actor.ROLE
