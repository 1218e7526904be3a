"""Leads: entities that evidence links to a suspect, found breadth first from what the case names (9.7)."""

import ipaddress
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from investigator.domain.entity import EntityRef
from investigator.domain.plan import Lead
from investigator.domain.safe_text import visible
from investigator.domain.times import Window
from investigator.domain.words import EntityKind
from investigator.ports.store import Store
from investigator.stages.case_facts import CaseFacts
from investigator.stages.entities_in_text import address_entity
from investigator.stages.matter import moment
from investigator.stages.related import Records, Related, above, below, callers_from_address, callers_of_bucket
from investigator.stages.suspects import principals_named

_SLOTS = (("key", EntityKind.ACCESS_KEY), ("instance", EntityKind.INSTANCE))
_SUSPECT_KINDS = frozenset(
    {EntityKind.ACCESS_KEY, EntityKind.SESSION, EntityKind.PRINCIPAL, EntityKind.INSTANCE, EntityKind.IP}
)


@dataclass(frozen=True, slots=True)
class Trail:
    """The leads in the order they are worth following, and whether the budget cut them off."""

    leads: tuple[Lead, ...]
    cut: bool = False


def find_leads(facts: CaseFacts, window: Window, store: Store, most: int) -> Trail:
    """What evidence ties to the suspects of the case, at most `most`; what the case names itself is no lead."""
    records = Records(store, window)
    starts = tuple(start for start in suspects_of(facts, store) if not _is_ours(start, facts))
    seen = set(starts)
    leads: list[Lead] = []
    ahead: deque[tuple[EntityRef, bool]] = deque((start, True) for start in starts)
    first = [*_of_things(facts, records), *_of_addresses(facts, records)]
    while first or ahead:
        found = first or _next(*ahead.popleft(), records)
        first = []
        for related in sorted(found, key=_weight):
            if related.entity in seen or _is_ours(related.entity, facts):
                continue
            if len(leads) >= most:
                return Trail(tuple(leads), cut=True)
            seen.add(related.entity)
            leads.append(_lead(related))
            ahead.append((related.entity, related.follow))
    return Trail(tuple(leads))


def suspects_of(facts: CaseFacts, store: Store) -> Iterator[EntityRef]:
    """The credentials, principals, instances and addresses that the user or an alert names, each once."""
    found: dict[EntityRef, None] = {}
    for slot, kind in _SLOTS:
        found.update((EntityRef(kind=kind, value=value), None) for value in facts.told(slot))
    for name in (*facts.told("principal"), *facts.told("person")):
        found.update((entity, None) for entity in principals_named(name, store))
    found.update((entity, None) for text in facts.told("ip") if (entity := address_entity(text)))
    for alert in facts.alerts:
        found.update((entity, None) for entity in alert.entities if entity.kind in _SUSPECT_KINDS)
    return iter(found)


def _of_things(facts: CaseFacts, records: Records) -> list[Related]:
    """Who touched the buckets that the case names; alerts name buckets too."""
    alerted = (ref.value for alert in facts.alerts for ref in alert.entities if ref.kind is EntityKind.BUCKET)
    buckets = dict.fromkeys((*facts.told("bucket"), *alerted))
    return [related for bucket in buckets for related in callers_of_bucket(bucket, records)]


def _of_addresses(facts: CaseFacts, records: Records) -> list[Related]:
    """Who called from the addresses that the case names; the addresses of those are the one pivot on."""
    alerted = (ref.value for alert in facts.alerts for ref in alert.entities if ref.kind is EntityKind.IP)
    named = (entity.value for text in facts.told("ip") if (entity := address_entity(text)))
    return [
        related
        for address in dict.fromkeys((*named, *alerted))
        if not _is_ours(EntityRef(kind=EntityKind.IP, value=address), facts)
        for related in callers_from_address(address, records)
    ]


def _weight(related: Related) -> tuple[bool, tuple[bool, str, str, str, str]]:
    """Writes before reads, then in time order: the budget should be spent on what changed something."""
    return (related.event.read_only is not False, moment(related.event))


def _next(entity: EntityRef, follow: bool, records: Records) -> Sequence[Related]:
    return [*above(entity, records), *(below(entity, records) if follow else ())]


def _is_ours(entity: EntityRef, facts: CaseFacts) -> bool:
    """Whether an address lies in a network that the user calls theirs: it leads to everybody there."""
    if entity.kind is not EntityKind.IP:
        return False
    address = ipaddress.ip_address(entity.value)
    return any(address in ipaddress.ip_network(known) for known in facts.told("known_ips"))


def _lead(related: Related) -> Lead:
    return Lead(entity=related.entity, evidence=related.event.id, because=visible(related.because))
