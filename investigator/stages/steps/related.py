"""What a suspect's own records lead to: credentials handed out, identities made, things launched and touched.

Relations run from the actor to what it acted on, never back: who acted on a suspect (a responder who switches its key
off) is related to it by nothing here. The one way back is from a thing that the case names, a bucket, to those who read
it; they are looked at, not accused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from investigator.domain.arns import principal_arn
from investigator.domain.entities_in_text import address_entity
from investigator.domain.entity import EntityRef
from investigator.domain.event import Event
from investigator.domain.paths import texts
from investigator.domain.search import Search, Term, equals, search
from investigator.domain.times import Window
from investigator.domain.words import Actor, EntityKind
from investigator.ports.store import Store
from investigator.stages.chains.issuing import SESSION_CALLS, session_arn

MOST_EVENTS = 500
"""Records of one relation that are read; more of them lead to the same few entities."""
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
_TOUCHED = (("requestParameters.bucketName", EntityKind.BUCKET), ("requestParameters.secretId", EntityKind.SECRET))
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

    def matching(self, where: Search, limit: int = MOST_EVENTS) -> Iterator[Event]:
        return self.store.events(where.within(self.window.start, self.window.end), limit=limit)

    def one_each(self, where: Search, column: str) -> Iterator[tuple[str, Event]]:
        """The first record of each value of a hot column."""
        values = self.store.group(where.within(self.window.start, self.window.end)).values.get(column, {})
        for value in sorted(filter(None, values)):
            for event in self.matching(where.also(equals(column, value)), limit=1):
                yield value, event


def present(field: str) -> Term:
    return equals(field, "null").model_copy(update={"negated": True})


def own_records(entity: EntityRef) -> Search | None:
    """The records that an entity made, or None for a kind that makes none."""
    column = _COLUMN.get(entity.kind)
    return None if column is None else search(equals(column, entity.value))


def below(entity: EntityRef, records: Records) -> Iterator[Related]:
    """What the records of a suspect lead to."""
    where = own_records(entity)
    if where is None:
        return
    done = where.also(equals("outcome", "success"))
    yield from _handed_out(records.matching(done.also(present("issued_key"))))
    yield from _assumed(records.matching(done.also(equals("name", *sorted(SESSION_CALLS)))))
    yield from _identities(records.matching(done.also(equals("name", *_MADE))))
    yield from _launched(records.matching(done.also(equals("name", "RunInstances"))))
    yield from _touched(done, records)
    if entity.kind is not EntityKind.IP:
        yield from _principals(entity, where, records)
        yield from _keys(entity, where, records)
        yield from _addresses(where, records)


def above(entity: EntityRef, records: Records) -> Iterator[Related]:
    """The credential that issued a session key; who made a long-term key is its administrator, and no lead."""
    if entity.kind is not EntityKind.ACCESS_KEY:
        return
    where = search(equals("issued_key", entity.value), equals("source", "sts.amazonaws.com"))
    for event in records.matching(where):
        if event.key:
            parent = EntityRef(kind=EntityKind.ACCESS_KEY, value=event.key)
            yield Related(event, parent, f"it issued the session of {entity.value}")


def callers_of_bucket(bucket: str, records: Records) -> Iterator[Related]:
    """Who read or wrote the objects of a bucket that the case names."""
    where = search(equals("requestParameters.bucketName", bucket), equals("name", *_OBJECT_CALLS))
    yield from _callers(where.also(equals("outcome", "success")), records, f"it touched objects of {bucket}", False)


def callers_from_address(address: str, records: Records) -> Iterator[Related]:
    """The credentials seen from an address that the case names."""
    yield from _callers(search(equals("ip", address)), records, f"it was used from {address}", True)


def _callers(where: Search, records: Records, because: str, follow: bool) -> Iterator[Related]:
    for key, event in records.one_each(where, "key"):
        if event.actor is not Actor.SERVICE:
            yield Related(event, EntityRef(kind=EntityKind.ACCESS_KEY, value=key), because, follow)
            yield from _identity(event, because, follow)
    for event in records.matching(where.also(equals("key", "null"))):
        if event.actor is Actor.ANONYMOUS:
            yield from _address(event, f"{because} without credentials")
        elif event.actor is not Actor.SERVICE:
            yield from _identity(event, because, follow)


def _identity(event: Event, because: str, follow: bool) -> Iterator[Related]:
    """The session that a caller is, if it is one, and its user or role: others use that too, so it leads nowhere."""
    if event.session and event.arn:
        yield Related(event, EntityRef(kind=EntityKind.SESSION, value=event.arn), because, follow)
    if event.principal.startswith("arn:"):
        yield Related(event, EntityRef(kind=EntityKind.PRINCIPAL, value=event.principal), because)


def _handed_out(events: Iterable[Event]) -> Iterator[Related]:
    for event in events:
        key = EntityRef(kind=EntityKind.ACCESS_KEY, value=event.issued_key)
        yield Related(event, key, f"{event.name} of a suspect handed it out", follow=True)


def _assumed(events: Iterable[Event]) -> Iterator[Related]:
    for event in events:
        if session := session_arn(event):
            ref = EntityRef(kind=EntityKind.SESSION, value=session)
            yield Related(event, ref, f"{event.name} of a suspect began the session", follow=True)
        if role := event.asked("roleArn"):
            yield Related(event, EntityRef(kind=EntityKind.PRINCIPAL, value=role), "a suspect assumed the role")


def _identities(events: Iterable[Event]) -> Iterator[Related]:
    for event in events:
        kind, field, is_new = _MADE[event.name]
        partition = event.arn.split(":")[1] if event.arn.startswith("arn:") else "aws"
        told = event.answered(f"{kind}.arn")
        arn = told or principal_arn(event.account, kind, event.asked(field), partition)
        if arn:
            ref = EntityRef(kind=EntityKind.PRINCIPAL, value=arn)
            yield Related(event, ref, f"{event.name} of a suspect was about it", follow=is_new)


def _launched(events: Iterable[Event]) -> Iterator[Related]:
    for event in events:
        for instance in texts(event.response, _LAUNCHED):
            ref = EntityRef(kind=EntityKind.INSTANCE, value=instance)
            yield Related(event, ref, "a suspect launched it", follow=True)


def _touched(done: Search, records: Records) -> Iterator[Related]:
    for path, kind in _TOUCHED:
        for event in records.matching(done.also(present(path))):
            if value := event.asked(path.partition(".")[2]):
                yield Related(event, EntityRef(kind=kind, value=value), f"{event.name} of a suspect was about it")


def _principals(entity: EntityRef, where: Search, records: Records) -> Iterator[Related]:
    for principal, event in records.one_each(where, "principal"):
        if principal.startswith("arn:") and principal != entity.value:
            ref = EntityRef(kind=EntityKind.PRINCIPAL, value=principal)
            yield Related(event, ref, f"it stands behind {entity.value}")


def _keys(entity: EntityRef, where: Search, records: Records) -> Iterator[Related]:
    for key, event in records.one_each(where, "key"):
        if key != entity.value:
            yield Related(event, EntityRef(kind=EntityKind.ACCESS_KEY, value=key), f"it signed calls of {entity.value}")


def _addresses(where: Search, records: Records) -> Iterator[Related]:
    for _, event in records.one_each(where, "ip"):
        yield from _address(event, "a suspect called from it")


def _address(event: Event, because: str) -> Iterator[Related]:
    """The source address, when it is one; services call from their DNS names."""
    ref = address_entity(event.ip)
    if ref is not None and ref.kind is EntityKind.IP:
        yield Related(event, ref, because)
