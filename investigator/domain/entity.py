"""Entities: what a case is about, each with one role and the evidence for it."""

from investigator.domain.ids import EvidenceId
from investigator.domain.value import Value
from investigator.domain.words import EntityKind, Role


class EntityRef(Value):
    """An entity named by kind and value.

    Values: principal, session, function, secret, certificate, policy and role_trust are ARNs; access key,
    instance, volume, snapshot and image are ids; a bucket is its name, an object `bucket/key`, a network a CIDR.
    """

    kind: EntityKind
    value: str


class Entity(EntityRef):
    """An entity with the role it plays in the case and the evidence that gives it that role."""

    role: Role
    evidence: tuple[EvidenceId, ...] = ()
