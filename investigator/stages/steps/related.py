"""What a suspect's own records lead to: credentials handed out, identities made, things launched and touched.

Relations run from the actor to what it acted on, never back: who acted on a suspect (a responder who switches its key
off) is related to it by nothing here. The one way back is from a thing that the case names, a bucket, to those who read
it; they are looked at, not accused.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from investigator.domain.arns import principal_arn
from investigator.domain.entities_in_text import address_entity
from investigator.domain.entity import EntityRef
from investigator.domain.event import Event
from investigator.domain.paths import texts
from investigator.domain.search import Search, Term, any_of, equals, search
from investigator.domain.times import Window
from investigator.domain.words import Actor, EntityKind
from investigator.ports.store import Store
from investigator.stages.chains.issuing import SESSION_CALLS, session_arn

MOST_EVENTS = 500
"""Records of one relation that are read at a time; more of them than any budget of leads."""
_OBJECT_CALLS = (
    "GetObject CopyObject HeadObject ListObjects ListObjectsV2 ListObjectVersions SelectObjectContent RestoreObject "
    "PutObject DeleteObject DeleteObjects UploadPart CompleteMultipartUpload"
).split()
_COLUMN = {
    EntityKind.ACCESS_KEY: "key",
    EntityKind.SESSION: "arn",
    EntityKind.PRINCIPAL: "principal",
    EntityKind.INSTANCE: "session",
    EntityKind.IP: "ip",
}
_MADE = {
    "CreateUser": ("user", "userName", True),
    "CreateRole": ("role", "roleName", True),
    "CreateAccessKey": ("user", "userName", False),
    "CreateLoginProfile": ("user", "userName", False),
    "UpdateLoginProfile": ("user", "userName", False),
    "AttachUserPolicy": ("user", "userName", False),
    "PutUserPolicy": ("user", "userName", False),
    "AddUserToGroup": ("user", "userName", False),
    "AttachRolePolicy": ("role", "roleName", False),
    "PutRolePolicy": ("role", "roleName", False),
    "UpdateAssumeRolePolicy": ("role", "roleName", False),
}
"""IAM calls that make or empower an identity: its kind, the parameter that names it, and whether it is all new."""
_LAUNCHED = "instancesSet.items.instanceId"


@dataclass(frozen=True, slots=True)
class Related:
    """An entity that one record ties to a suspect."""

    event: Event
    entity: EntityRef
    because: str
    follow: bool = False
    """Its own records lead on: it is the suspect's credential or creation."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of the case's window."""

    store: Store
    window: Window

    def matching(self, where: Search) -> Iterator[Event]:
        return self.store.events(where.within(self.window.start, self.window.end), limit=MOST_EVENTS)

    def first_each(self, where: Search, *fields: str) -> Iterator[Event]:
        """The first record of each combination of what these fields hold."""
        return self.store.first_each(where.within(self.window.start, self.window.end), *fields, limit=MOST_EVENTS)


@dataclass(frozen=True, slots=True)
class Relation:
    """One way in which a suspect's record leads on; of records that tell the same, the first is enough."""

    tell: Callable[[EntityRef, Event], Iterator[Related]]
    differ: tuple[str, ...]
    """The fields that tell records apart."""
    terms: tuple[Term, ...] = (equals("outcome", "success"),)
    of_addresses: bool = True
    """Whether it holds for what was done from an address, not only for a credential or identity."""


def below(suspects: Iterable[EntityRef], records: Records) -> Mapping[EntityRef, list[Related]]:
    """What the records of each suspect lead to."""
    found: dict[EntityRef, list[Related]] = defaultdict(list)
    for column, among in _by_column(suspects).items():
        for relation in RELATIONS:
            if relation.of_addresses or column != "ip":
                where = any_of(column, sorted(among)).also(*relation.terms)
                for event in records.first_each(where, column, *relation.differ):
                    suspect = among[getattr(event, column)]
                    found[suspect].extend(relation.tell(suspect, event))
    return found


def above(suspects: Iterable[EntityRef], records: Records) -> Mapping[EntityRef, list[Related]]:
    """The credential that issued a session key; who made a long-term key is its administrator, and no lead."""
    found: dict[EntityRef, list[Related]] = defaultdict(list)
    keys = {suspect.value: suspect for suspect in suspects if suspect.kind is EntityKind.ACCESS_KEY}
    if keys:
        where = any_of("issued_key", sorted(keys)).also(equals("source", "sts.amazonaws.com"))
        for event in records.first_each(where, "issued_key", "key"):
            parent = EntityRef(kind=EntityKind.ACCESS_KEY, value=event.key)
            because = f"it issued the session of {event.issued_key}"
            found[keys[event.issued_key]].append(Related(event, parent, because))
    return found


def _by_column(suspects: Iterable[EntityRef]) -> Mapping[str, dict[str, EntityRef]]:
    """The suspects that make records, by the column that names them."""
    found: dict[str, dict[str, EntityRef]] = defaultdict(dict)
    for suspect in suspects:
        if column := _COLUMN.get(suspect.kind):
            found[column][suspect.value] = suspect
    return found


def callers_of_bucket(bucket: str, records: Records) -> Iterator[Related]:
    """Who read or wrote the objects of a bucket that the case names."""
    where = search(equals("requestParameters.bucketName", bucket), equals("name", *_OBJECT_CALLS))
    yield from _callers(where.also(equals("outcome", "success")), records, f"it touched objects of {bucket}", False)


def callers_from_address(address: str, records: Records) -> Iterator[Related]:
    """The credentials seen from an address that the case names."""
    yield from _callers(search(equals("ip", address)), records, f"it was used from {address}", True)


def _callers(where: Search, records: Records, because: str, follow: bool) -> Iterator[Related]:
    for event in records.first_each(where, "key"):
        if event.actor is not Actor.SERVICE:
            yield Related(event, EntityRef(kind=EntityKind.ACCESS_KEY, value=event.key), because, follow)
            yield from _identity(event, because, follow)
    for event in records.matching(where.also(equals("key", "null"))):
        if event.actor is Actor.ANONYMOUS:
            yield from _from_address(event, f"{because} without credentials")
        elif event.actor is not Actor.SERVICE:
            yield from _identity(event, because, follow)


def _identity(event: Event, because: str, follow: bool) -> Iterator[Related]:
    """The session that a caller is, if it is one, and its user or role: others use that too, so it leads nowhere."""
    if event.session and event.arn:
        yield Related(event, EntityRef(kind=EntityKind.SESSION, value=event.arn), because, follow)
    if event.principal.startswith("arn:"):
        yield Related(event, EntityRef(kind=EntityKind.PRINCIPAL, value=event.principal), because)


def _handed_out(_: EntityRef, event: Event) -> Iterator[Related]:
    key = EntityRef(kind=EntityKind.ACCESS_KEY, value=event.issued_key)
    yield Related(event, key, f"{event.name} of a suspect handed it out", follow=True)


def _assumed(_: EntityRef, event: Event) -> Iterator[Related]:
    if session := session_arn(event):
        ref = EntityRef(kind=EntityKind.SESSION, value=session)
        yield Related(event, ref, f"{event.name} of a suspect began the session", follow=True)
    if role := event.asked("roleArn"):
        yield Related(event, EntityRef(kind=EntityKind.PRINCIPAL, value=role), "a suspect assumed the role")


def _made(_: EntityRef, event: Event) -> Iterator[Related]:
    kind, field, is_new = _MADE[event.name]
    partition = event.arn.split(":")[1] if event.arn.startswith("arn:") else "aws"
    told = event.answered(f"{kind}.arn")
    arn = told or principal_arn(event.account, kind, event.asked(field), partition)
    if arn:
        ref = EntityRef(kind=EntityKind.PRINCIPAL, value=arn)
        yield Related(event, ref, f"{event.name} of a suspect was about it", follow=is_new)


def _launched(_: EntityRef, event: Event) -> Iterator[Related]:
    for instance in texts(event.response, _LAUNCHED):
        ref = EntityRef(kind=EntityKind.INSTANCE, value=instance)
        yield Related(event, ref, "a suspect launched it", follow=True)


def _bucket(_: EntityRef, event: Event) -> Iterator[Related]:
    ref = EntityRef(kind=EntityKind.BUCKET, value=event.asked("bucketName"))
    yield Related(event, ref, f"{event.name} of a suspect was about it")


def _secret(_: EntityRef, event: Event) -> Iterator[Related]:
    ref = EntityRef(kind=EntityKind.SECRET, value=event.asked("secretId"))
    yield Related(event, ref, f"{event.name} of a suspect was about it")


def _principal(suspect: EntityRef, event: Event) -> Iterator[Related]:
    if event.principal.startswith("arn:") and event.principal != suspect.value:
        ref = EntityRef(kind=EntityKind.PRINCIPAL, value=event.principal)
        yield Related(event, ref, f"it stands behind {suspect.value}")


def _key(suspect: EntityRef, event: Event) -> Iterator[Related]:
    if event.key != suspect.value:
        ref = EntityRef(kind=EntityKind.ACCESS_KEY, value=event.key)
        yield Related(event, ref, f"it signed calls of {suspect.value}")


def _address(_: EntityRef, event: Event) -> Iterator[Related]:
    yield from _from_address(event, "a suspect called from it")


def _from_address(event: Event, because: str) -> Iterator[Related]:
    """The source address, when it is one; services call from their DNS names."""
    ref = address_entity(event.ip)
    if ref is not None and ref.kind is EntityKind.IP:
        yield Related(event, ref, because)


_DONE = equals("outcome", "success")
_BEGAN = (_DONE, equals("name", *sorted(SESSION_CALLS)))
_EMPOWERED = (_DONE, equals("name", *_MADE))
RELATIONS = (
    Relation(_handed_out, ("issued_key",)),
    Relation(_assumed, ("responseElements.assumedRoleUser.arn",), _BEGAN),
    Relation(_assumed, ("requestParameters.roleArn", "requestParameters.roleSessionName"), _BEGAN),
    Relation(_made, ("name", "requestParameters.userName"), _EMPOWERED),
    Relation(_made, ("name", "requestParameters.roleName"), _EMPOWERED),
    Relation(_launched, (f"responseElements.{_LAUNCHED}",), (_DONE, equals("name", "RunInstances"))),
    Relation(_bucket, ("requestParameters.bucketName",)),
    Relation(_secret, ("requestParameters.secretId",)),
    Relation(_principal, ("principal",), (), of_addresses=False),
    Relation(_key, ("key",), (), of_addresses=False),
    Relation(_address, ("ip",), (), of_addresses=False),
)
"""What a suspect's records lead to, in the order in which it is told."""
