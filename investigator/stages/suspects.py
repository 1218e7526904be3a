"""Suspects: what linking grows from — named by the user or an alert, or raised by evidence. Nobody is accused here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice

from investigator.domain.entity import EntityRef
from investigator.domain.gap import Gap
from investigator.domain.hit import Hit
from investigator.domain.search import Search, any_of, equals, search
from investigator.domain.words import Actor, EntityKind, Severity
from investigator.ports.store import Store
from investigator.stages.assessment.secrets_named import PATHS, READS, holds
from investigator.stages.assessment.ways_in import OPENING, OUTSIDERS, RUNNING, TAKING, ran_on
from investigator.stages.matter import Matter

MOST_RAISED = 60
"""Credentials that evidence alone may raise; hits are weighed worst first."""
MOST_OF_A_HIT = 50
"""Records of each hit that are looked at in the order of its weight; the others come after those of all hits."""
MOST_RECORDS = 20_000
"""Records of hits that are looked at for their callers."""
SOON, MOST_OF_A_HOST = timedelta(hours=24), 10
"""How long after a call that had a machine or function run something its sessions are followed, and how many."""
_OBJECT_CALLS = (
    "GetObject", "CopyObject", "DeleteObject", "DeleteObjects", "PutBucketPolicy", "PutBucketReplication",
    "PutBucketAcl", "PutBucketLifecycle", "PutBucketVersioning", "DeleteBucketPolicy",
)  # fmt: skip
ROLE_NAME = "userIdentity.sessionContext.sessionIssuer.userName"
_SLOT_KINDS = (
    ("key", EntityKind.ACCESS_KEY),
    ("instance", EntityKind.INSTANCE),
)


@dataclass(frozen=True, slots=True)
class Suspects:
    """Every suspect once, those that somebody named first, and a Gap for those that were left out."""

    refs: tuple[EntityRef, ...]
    gaps: tuple[Gap, ...] = ()


def suspects(matter: Matter) -> Suspects:
    """Whom linking starts from."""
    found = {(ref.kind, ref.value): ref for ref in (*_told(matter), *_alerted(matter))}
    raised = [key for key in _raised(matter) if (EntityKind.ACCESS_KEY, key) not in found]
    refs = (EntityRef(kind=EntityKind.ACCESS_KEY, value=key) for key in raised[:MOST_RAISED])
    return Suspects((*found.values(), *refs), tuple(_left_out(matter, raised)))


def named(matter: Matter) -> frozenset[str]:
    """The values of the suspects that the user or an alert named."""
    return frozenset(ref.value for ref in (*_told(matter), *_alerted(matter)))


def _told(matter: Matter) -> Iterator[EntityRef]:
    for slot, kind in _SLOT_KINDS:
        for value in matter.told(slot):
            yield EntityRef(kind=kind, value=value)
    names = (*matter.told("principal"), *matter.told("person"))
    yield from chain.from_iterable(_all_named(names, matter.store).values())


def _alerted(matter: Matter) -> Iterator[EntityRef]:
    weighty = (
        alert for alert in matter.alerts if alert.severity.number >= Severity.MEDIUM.number and not alert.archived
    )
    alerts = {alert.id: alert for alert in (*matter.intake.alerts, *weighty)}
    entities = [entity for alert in alerts.values() for entity in alert.entities]
    principals = [entity.value for entity in entities if entity.kind is EntityKind.PRINCIPAL]
    meant = _all_named(principals, matter.store)
    for entity in entities:
        if entity.kind is EntityKind.PRINCIPAL:
            yield from meant[entity.value]
        elif entity.kind in (EntityKind.ACCESS_KEY, EntityKind.INSTANCE, EntityKind.SESSION):
            yield entity


def principals_named(name: str, store: Store) -> Iterator[EntityRef]:
    """The principals and sessions that a name, an e-mail or an ARN stands for in the evidence."""
    yield from _all_named([name], store)[name]


def _all_named(names: Sequence[str], store: Store) -> Mapping[str, tuple[EntityRef, ...]]:
    """The same for several names at once."""
    short = {name: name.rpartition("/")[2] for name in dict.fromkeys(names) if not name.startswith("arn:")}
    meant: dict[str, list[EntityRef]] = defaultdict(list)
    if short:
        for column, value, kind in _MEANT:
            for text, found in store.distinct(any_of(column, short.values()), column, value):
                meant[text].append(EntityRef(kind=kind, value=found))
    return {name: tuple(meant[short[name]]) if name in short else (_of_arn(name),) for name in names}


_MEANT = (
    ("user", "principal", EntityKind.PRINCIPAL),
    ("session", "arn", EntityKind.SESSION),
    (ROLE_NAME, "principal", EntityKind.PRINCIPAL),
)


def _of_arn(arn: str) -> EntityRef:
    return EntityRef(kind=EntityKind.SESSION if ":assumed-role/" in arn else EntityKind.PRINCIPAL, value=arn)


def _raised(matter: Matter) -> Iterator[str]:
    """The keys that evidence raises, each once, the most telling first; all of them."""
    touching = any_of("requestParameters.bucketName", matter.told("bucket")).also(equals("name", *_OBJECT_CALLS))
    calling = any_of("ip", matter.told("ip"))
    found = chain(
        _earliest(touching, matter) if matter.told("bucket") else (),
        _earliest(calling, matter) if matter.told("ip") else (),
        _readers_of_secrets(matter) if matter.told("secret") else (),
        _behind_hits(matter),
        _through_opened_roles(matter),
        _of_hosts(matter),
    )
    return iter(dict.fromkeys(found))


def _earliest(where: Search, matter: Matter) -> Iterator[str]:
    """The keys of such calls: those that came first in the order of their coming, then the others."""
    inside = _of_others(where, matter)
    yield from (event.key for event in matter.store.first_each(inside, "key", limit=MOST_RAISED))
    yield from (key for (key,) in matter.store.distinct(inside, "key"))


def _readers_of_secrets(matter: Matter) -> Iterator[str]:
    """The keys of those who read a secret that the case names."""
    reading = _of_others(search(equals("name", *sorted(READS))), matter)
    for path in (f"requestParameters.{path}" for path in PATHS):
        asked = (text for (text,) in matter.store.distinct(reading, path))
        if named := [text for text in asked if holds(text, matter.told("secret"))]:
            yield from _earliest(search(equals("name", *sorted(READS)), equals(path, *named)), matter)


def _through_opened_roles(matter: Matter) -> Iterator[str]:
    """The sessions that outsiders took of roles that were made, or whose trust was changed, inside the window."""
    opened = _of_others(search(equals("name", *sorted(OPENING)), equals("outcome", "success")), matter)
    roles = {name for (name,) in matter.store.distinct(opened, "requestParameters.roleName")}
    if roles:
        taking = _of_others(search(equals("name", *TAKING), equals("identity", *OUTSIDERS)), matter)
        for arn, key in matter.store.distinct(taking, "requestParameters.roleArn", "issued_key"):
            if arn.rpartition("/")[2] in roles:
                yield key


def _of_hosts(matter: Matter) -> Iterator[str]:
    """The first sessions of machines and functions that weighty hits had run something."""
    first, _ = _ids_of_hits(matter)
    calls = _of_others(any_of("id", first), matter).also(equals("name", *sorted(RUNNING))) if first else None
    for event in matter.store.events(calls, limit=MOST_RAISED) if calls else ():
        hosts = ran_on(event) if event.time else ()
        if hosts and event.time:
            after = any_of("session", hosts).within(event.time, event.time + SOON)
            yield from (one.key for one in matter.store.first_each(after, "key", limit=MOST_OF_A_HOST))


def _behind_hits(matter: Matter) -> Iterator[str]:
    """The keys of the weightiest hits' callers inside the window, worst and rarest first."""
    first, rest = _ids_of_hits(matter)
    if first:
        found = matter.store.distinct(_of_others(any_of("id", first), matter), "id", "key")
        keys = {id_: key for id_, key, *_ in found}
        yield from (keys[id_] for id_ in first if id_ in keys)
    if rest:
        yield from (key for (key,) in matter.store.distinct(_of_others(any_of("id", rest), matter), "key"))


def _ids_of_hits(matter: Matter) -> tuple[Sequence[str], Sequence[str]]:
    """Records of the weighty hits: the first of each, worst hit first, then the others; so many in all."""
    hits = sorted(filter(_is_weighty, matter.hits), key=_weight)
    first = list(islice(_each_once(hit.event_ids[:MOST_OF_A_HIT] for hit in hits), MOST_RECORDS))
    rest = _each_once(hit.event_ids[MOST_OF_A_HIT:] for hit in hits)
    return first, list(islice(rest, MOST_RECORDS - len(first)))


def _each_once(groups: Iterable[Sequence[str]]) -> Iterator[str]:
    return iter(dict.fromkeys(chain.from_iterable(groups)))


def _of_others(where: Search, matter: Matter) -> Search:
    """Calls of the window that were signed by neither a service nor ourselves."""
    terms = [equals("actor", Actor.SERVICE), equals("request_id", *sorted(matter.own_requests))]
    neither = (term.model_copy(update={"negated": True}) for term in terms if term.values)
    return where.also(*neither).within(matter.window.start, matter.window.end)


def _is_weighty(hit: Hit) -> bool:
    return hit.harmful or hit.level.number >= Severity.MEDIUM.number


def _weight(hit: Hit) -> tuple[bool, int, int, str, str]:
    return (not hit.harmful, -hit.level.number, hit.count, hit.rule_id, hit.principal)


def _left_out(matter: Matter, raised: Sequence[str]) -> Iterator[Gap]:
    if len(raised) > MOST_RAISED:
        left = raised[MOST_RAISED:]
        yield Gap.of(
            what=f"what {len(left):,} access keys did, such as {left[0]}",
            why=f"evidence points at {len(raised):,} keys that nobody named; {MOST_RAISED} are followed: those on "
            "what the case names first, then those behind the worst hits",
            effect="misuse of the other keys is not judged, though hits on them are told",
            close="name the keys to look at, or open a case for a shorter time",
        )
    records = sum(len(hit.event_ids) for hit in matter.hits if _is_weighty(hit))
    if records > MOST_RECORDS:
        yield Gap.of(
            what=f"who made the records of the lesser hits, {records - MOST_RECORDS:,} of {records:,}",
            why=f"the callers of {MOST_RECORDS:,} records are looked at, those of the worst hits first",
            effect="a caller whom these records alone show is not followed",
            close="name the keys to look at, or open a case for a shorter time",
        )
