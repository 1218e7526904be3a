"""Suspects: what linking grows from — named by the user or an alert, or raised by evidence. Nobody is accused here."""

from collections.abc import Iterator
from itertools import chain

from investigator.domain.entity import EntityRef
from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.search import Search, any_of, equals
from investigator.domain.words import Actor, EntityKind, Severity
from investigator.ports.store import Store
from investigator.stages.matter import Matter

MOST_RAISED = 60
"""Credentials that evidence alone may raise; hits are weighed worst first."""
MOST_OF_A_HIT = 50
BATCH = 500
_OBJECT_CALLS = (
    "GetObject", "CopyObject", "DeleteObject", "DeleteObjects", "PutBucketPolicy", "PutBucketReplication",
    "PutBucketAcl", "PutBucketLifecycle", "PutBucketVersioning", "DeleteBucketPolicy",
)  # fmt: skip
ROLE_NAME = "userIdentity.sessionContext.sessionIssuer.userName"
_SLOT_KINDS = (
    ("key", EntityKind.ACCESS_KEY),
    ("instance", EntityKind.INSTANCE),
)


def suspects(matter: Matter) -> tuple[EntityRef, ...]:
    """Every suspect once, those that somebody named first."""
    named = (*_told(matter), *_alerted(matter))
    found = {(ref.kind, ref.value): ref for ref in (*named, *_raised(matter))}
    return tuple(found.values())


def named(matter: Matter) -> frozenset[str]:
    """The values of the suspects that the user or an alert named."""
    return frozenset(ref.value for ref in (*_told(matter), *_alerted(matter)))


def _told(matter: Matter) -> Iterator[EntityRef]:
    for slot, kind in _SLOT_KINDS:
        for value in matter.told(slot):
            yield EntityRef(kind=kind, value=value)
    for name in (*matter.told("principal"), *matter.told("person")):
        yield from principals_named(name, matter.store)


def _alerted(matter: Matter) -> Iterator[EntityRef]:
    weighty = (
        alert for alert in matter.alerts if alert.severity.number >= Severity.MEDIUM.number and not alert.archived
    )
    for alert in {alert.id: alert for alert in (*matter.intake.alerts, *weighty)}.values():
        for entity in alert.entities:
            if entity.kind is EntityKind.PRINCIPAL:
                yield from principals_named(entity.value, matter.store)
            elif entity.kind in (EntityKind.ACCESS_KEY, EntityKind.INSTANCE, EntityKind.SESSION):
                yield entity


def principals_named(name: str, store: Store) -> Iterator[EntityRef]:
    """The principals and sessions that a name, an e-mail or an ARN stands for in the evidence."""
    if name.startswith("arn:"):
        kind = EntityKind.SESSION if ":assumed-role/" in name else EntityKind.PRINCIPAL
        yield EntityRef(kind=kind, value=name)
        return
    short = name.rpartition("/")[2]
    for principal in _principals(any_of("user", [short]), store):
        yield EntityRef(kind=EntityKind.PRINCIPAL, value=principal)
    for _, arn in store.distinct(any_of("session", [short]), "principal", "arn"):
        yield EntityRef(kind=EntityKind.SESSION, value=arn)
    for principal in _principals(any_of(ROLE_NAME, [short]), store):
        yield EntityRef(kind=EntityKind.PRINCIPAL, value=principal)


def _principals(where: Search, store: Store) -> Iterator[str]:
    return (principal for (principal,) in store.distinct(where, "principal"))


def _raised(matter: Matter) -> Iterator[EntityRef]:
    seen: dict[str, None] = {}
    for event in chain(_touching_named(matter), _from_named_addresses(matter), _behind_hits(matter)):
        if event.key and event.actor is not Actor.SERVICE and event.request_id not in matter.own_requests:
            seen.setdefault(event.key)
        if len(seen) >= MOST_RAISED:
            break
    return (EntityRef(kind=EntityKind.ACCESS_KEY, value=key) for key in seen)


def _touching_named(matter: Matter) -> Iterator[Event]:
    """Those who read, shared or emptied a bucket that the case names."""
    for bucket in matter.told("bucket"):
        where = Search(terms=(equals("requestParameters.bucketName", bucket), equals("name", *_OBJECT_CALLS)))
        yield from _one_each(where.within(matter.window.start, matter.window.end), matter.store)


def _from_named_addresses(matter: Matter) -> Iterator[Event]:
    for address in matter.told("ip"):
        where = any_of("ip", [address]).within(matter.window.start, matter.window.end)
        yield from _one_each(where, matter.store)


def _one_each(where: Search, store: Store) -> Iterator[Event]:
    yield from sorted(store.first_each(where, "key"), key=lambda event: event.key)


def _behind_hits(matter: Matter) -> Iterator[Event]:
    """Callers of the weightiest hits inside the window, worst and rarest first."""
    weighty = [hit for hit in matter.hits if hit.level.number >= Severity.MEDIUM.number or hit.harmful]
    ids = list(dict.fromkeys(id_ for hit in sorted(weighty, key=_weight) for id_ in hit.event_ids[:MOST_OF_A_HIT]))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        where = any_of("id", batch).within(matter.window.start, matter.window.end)
        found = {event.id: event for event in matter.store.events(where, limit=BATCH)}
        yield from (found[id_] for id_ in batch if id_ in found)


def _weight(hit: Hit) -> tuple[bool, int, int, str, str]:
    return (not hit.harmful, -hit.level.number, hit.count, hit.rule_id, hit.principal)
