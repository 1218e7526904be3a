"""Roles: what each entity is in the case, with the evidence that makes it so."""

from collections.abc import Sequence

from investigator.domain.entity import Entity
from investigator.domain.event import Event
from investigator.domain.ids import EvidenceId
from investigator.domain.paths import texts
from investigator.domain.search import Search, any_of, equals
from investigator.domain.words import Actor, EntityKind, Role
from investigator.stages.assessment.responders import Responder
from investigator.stages.assessment.taint import Cleared, Reason, Tainted, Trace
from investigator.stages.assessment.usual import is_address, is_public, network_of, shared_networks
from investigator.stages.assessment.ways_in import ran_on
from investigator.stages.chains.issuing import Rule
from investigator.stages.matter import Matter

MOST_EVIDENCE = 20
MOST_OBJECTS = 100
_MADE = (
    ("CreateUser", "user.arn", EntityKind.PRINCIPAL),
    ("CreateRole", "role.arn", EntityKind.PRINCIPAL),
    ("CreatePolicy", "policy.arn", EntityKind.POLICY),
    ("RunInstances", "instancesSet.items.instanceId", EntityKind.INSTANCE),
    ("CreateSnapshot", "snapshotId", EntityKind.SNAPSHOT),
    ("CreateImage", "imageId", EntityKind.IMAGE),
    ("CreateVolume", "volumeId", EntityKind.VOLUME),
)
_OUTSIDE = (
    ("ReplicationConfiguration.Rules.Destination.Account", EntityKind.ACCOUNT),
    ("ReplicationConfiguration.Rule.Destination.Account", EntityKind.ACCOUNT),
    ("createVolumePermission.add.items.userId", EntityKind.ACCOUNT),
    ("launchPermission.add.items.userId", EntityKind.ACCOUNT),
    ("valuesToAdd", EntityKind.ACCOUNT),
    ("ReplicationConfiguration.Rules.Destination.Bucket", EntityKind.BUCKET),
    ("ReplicationConfiguration.Rule.Destination.Bucket", EntityKind.BUCKET),
)
_ORDER = list(Role)


class _Cast:
    """Entities collected so far; the more serious role stays, and what somebody was cleared of never overrides."""

    def __init__(self) -> None:
        self.found: dict[tuple[EntityKind, str], tuple[Role, list[EvidenceId]]] = {}

    def add(self, kind: EntityKind, value: str, role: Role, *evidence: EvidenceId) -> None:
        if not value:
            return
        known, ids = self.found.get((kind, value), (role, []))
        kept = known if _ORDER.index(known) <= _ORDER.index(role) else role
        self.found[kind, value] = (kept, list(dict.fromkeys((*ids, *evidence)))[:MOST_EVIDENCE])

    def made(self, kind: EntityKind, value: str, by: EvidenceId) -> None:
        """Take in what the intruder made; he made it, whatever else he did with it."""
        _, ids = self.found.pop((kind, value), (Role.UNKNOWN, []))
        self.add(kind, value, Role.CREATED_BY_ACTOR, by, *ids)

    def entities(self) -> tuple[Entity, ...]:
        rows = (Entity(kind=k, value=v, role=r, evidence=tuple(e)) for (k, v), (r, e) in self.found.items())
        return tuple(sorted(rows, key=_place))


def roles(trace: Trace, responders: tuple[Responder, ...], matter: Matter) -> tuple[Entity, ...]:
    """Every entity of the case once, accused ones first."""
    cast = _Cast()
    for taint in trace.tainted:
        _tainted(cast, taint)
    _addresses(cast, trace, matter)
    for event in trace.events:
        _touched(cast, event)
    for responder in responders:
        _responder(cast, responder)
    _own(cast, matter)
    for entry in trace.cleared:
        _cleared(cast, entry, trace)
    return cast.entities()


def unaccused(entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """The same of a case that shows no misuse: what would accuse is unknown."""
    fair = (e.model_copy(update={"role": Role.UNKNOWN}) if e.role.accused else e for e in entities)
    return tuple(sorted(fair, key=_place))


def _place(entity: Entity) -> tuple[int, str, str]:
    return (_ORDER.index(entity.role), entity.kind, entity.value)


def _tainted(cast: _Cast, taint: Tainted) -> None:
    credential = taint.credential
    made = credential.rule == Rule.NEW_KEY
    ids = (*((credential.by,) if credential.by else ()), *(event.id for event in taint.events[:5]))
    if credential.id.isalnum():
        role = Role.CREATED_BY_ACTOR if made else Role.COMPROMISED
        cast.add(EntityKind.ACCESS_KEY, credential.id, role, *ids)
    owner = credential.issued_to
    if ":assumed-role/" in owner:
        cast.add(EntityKind.SESSION, owner, Role.COMPROMISED, *ids)
    elif owner.startswith("arn:"):
        cast.add(EntityKind.PRINCIPAL, owner, Role.COMPROMISED, *ids)
    if taint.reason is Reason.OFF_MACHINE:
        for event in taint.events[:1]:
            cast.add(EntityKind.INSTANCE, event.session, Role.COMPROMISED, event.id)
    for event in taint.events:
        if event.principal.startswith("arn:"):
            cast.add(EntityKind.PRINCIPAL, event.principal, Role.COMPROMISED, event.id)
        if ":assumed-role/" in event.arn:
            cast.add(EntityKind.SESSION, event.arn, Role.COMPROMISED, event.id)


def _addresses(cast: _Cast, trace: Trace, matter: Matter) -> None:
    """An address is hostile unless others use it or its network too: then it tells nobody apart."""
    households = shared_networks(matter.window.start, matter.store)
    for address in sorted({event.ip for event in trace.events if is_address(event.ip)}):
        ids = [event.id for event in trace.events if event.ip == address][:5]
        at_home = network_of(address) in households or not is_public(address)
        shared = at_home or _person_elsewhere(address, trace, matter)
        cast.add(EntityKind.IP, address, Role.UNKNOWN if shared else Role.HOSTILE, *ids)


def _person_elsewhere(address: str, trace: Trace, matter: Matter) -> bool:
    where = Search(terms=(equals("ip", address), equals("actor", Actor.PERSON)))
    accused = {event.principal for event in trace.events}
    return any(principal not in accused for (principal,) in matter.store.distinct(where, "principal"))


def _touched(cast: _Cast, event: Event) -> None:
    if not event.succeeded:
        return
    for name, path, kind in _MADE:
        if event.name == name:
            for value in texts(event.response, path):
                cast.made(kind, value, event.id)
    for host in ran_on(event):
        if host.startswith("i-"):
            cast.add(EntityKind.INSTANCE, host, Role.COMPROMISED, event.id)
    for path, kind in _OUTSIDE:
        for value in texts(event.request, path):
            cast.add(kind, value.removeprefix("arn:aws:s3:::"), Role.HOSTILE, event.id)
    bucket, key = event.asked("bucketName"), event.asked("key")
    cast.add(EntityKind.BUCKET, bucket, Role.TOUCHED, event.id)
    objects = sum(kind is EntityKind.OBJECT for kind, _ in cast.found)
    if bucket and key and objects < MOST_OBJECTS:
        cast.add(EntityKind.OBJECT, f"{bucket}/{key}", Role.TOUCHED, event.id)
    if event.source == "cloudtrail.amazonaws.com" and event.read_only is not True:
        cast.add(EntityKind.RESOURCE, event.asked("name"), Role.TOUCHED, event.id)


def _responder(cast: _Cast, responder: Responder) -> None:
    ids = tuple(event.id for event in responder.events[:MOST_EVIDENCE])
    cast.add(EntityKind.PRINCIPAL, responder.principal, Role.RESPONDER, *ids)
    for event in responder.events:
        cast.add(EntityKind.ACCESS_KEY, event.key, Role.RESPONDER, event.id)
        if ":assumed-role/" in event.arn:
            cast.add(EntityKind.SESSION, event.arn, Role.RESPONDER, event.id)


def _own(cast: _Cast, matter: Matter) -> None:
    requests = sorted(matter.own_requests)
    for start in range(0, len(requests), 500):
        for event in matter.store.events(any_of("request_id", requests[start : start + 500])):
            cast.add(EntityKind.PRINCIPAL, event.principal, Role.OWN, event.id)


def _cleared(cast: _Cast, entry: Cleared, trace: Trace) -> None:
    first = entry.events[0]
    tells = entry.named or entry.everyday
    if not tells or first.principal in {event.principal for event in trace.events}:
        return
    role = Role.BENIGN if entry.everyday else Role.UNKNOWN
    cast.add(EntityKind.PRINCIPAL, first.principal, role, first.id)
    cast.add(EntityKind.ACCESS_KEY, entry.credential.id if entry.credential.id.isalnum() else "", role, first.id)
