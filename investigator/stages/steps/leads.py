"""Leads: entities that evidence links to a suspect, found breadth first from what the case names (9.7)."""

import ipaddress
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from investigator.domain.entities_in_text import address_entity
from investigator.domain.entity import EntityRef
from investigator.domain.plan import Lead
from investigator.domain.safe_text import visible
from investigator.domain.times import Window
from investigator.domain.words import EntityKind
from investigator.ports.store import Store
from investigator.stages.case_facts import CaseFacts
from investigator.stages.matter import moment
from investigator.stages.steps.related import Records, Related, above, below, callers_from_address, callers_of_bucket
from investigator.stages.suspects import principals_named

_SLOTS = (("key", EntityKind.ACCESS_KEY), ("instance", EntityKind.INSTANCE))
_SUSPECT_KINDS = frozenset(
    {EntityKind.ACCESS_KEY, EntityKind.SESSION, EntityKind.PRINCIPAL, EntityKind.INSTANCE, EntityKind.IP}
)
_THINGS = frozenset({EntityKind.BUCKET, EntityKind.SECRET})


@dataclass(frozen=True, slots=True)
class Trail:
    """The leads in the order they are worth following, and whether the budget cut them off."""

    leads: tuple[Lead, ...]
    cut: bool = False


def find_leads(facts: CaseFacts, window: Window, store: Store, most: int) -> Trail:
    """What evidence ties to the suspects of the case, at most `most`; what the case names itself is no lead.

    Credentials, identities, instances and addresses come first; buckets and secrets lead nowhere, so they come last.
    """
    records = Records(store, window)
    starts = tuple(start for start in suspects_of(facts, store) if not _is_ours(start, facts))
    walk = Walk(most, dict.fromkeys(starts))
    walk.take(related for related in _of_the_case(facts, records) if not _is_ours(related.entity, facts))
    while walk.ahead and not walk.is_full:
        _go_on(walk, facts, records)
    walk.end()
    return Trail(tuple(map(_lead, walk.leads.values())), walk.cut)


class Walk:
    """Who is known, who is followed, and what lies ahead."""

    def __init__(self, most: int, starts: Mapping[EntityRef, None]) -> None:
        self.leads: dict[EntityRef, Related] = {}
        self.cut = False
        self.ahead: deque[EntityRef] = deque(starts)
        self._most = most
        self._starts = starts
        self._followed = set(starts)
        self._things: dict[EntityRef, Related] = {}

    @property
    def is_full(self) -> bool:
        return len(self.leads) >= self._most

    def follows(self, entity: EntityRef) -> bool:
        return entity in self._followed

    def take(self, found: Iterable[Related]) -> None:
        """Take new leads in their order; one that is followed now, and was not before, lies ahead again."""
        for related in sorted(found, key=_weight):
            if related.entity.kind in _THINGS:
                self._things.setdefault(related.entity, related)
            else:
                self._take(related)

    def _take(self, related: Related) -> None:
        entity = related.entity
        is_new = entity not in self.leads and entity not in self._starts
        if is_new and self.is_full:
            self.cut = True
            return
        if is_new:
            self.leads[entity] = related
        if is_new or (related.follow and entity not in self._followed):
            self.ahead.append(entity)
        if related.follow:
            self._followed.add(entity)

    def end(self) -> None:
        """Add the things that were touched, as far as the budget reaches."""
        self.cut = self.cut or bool(self.ahead)
        for entity, related in self._things.items():
            if self.is_full:
                self.cut = True
                return
            self.leads.setdefault(entity, related)


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


def _of_the_case(facts: CaseFacts, records: Records) -> Iterator[Related]:
    """Who touched the buckets, and who called from the addresses, that the user or an alert names."""
    alerted = [entity for alert in facts.alerts for entity in alert.entities]
    buckets = [*facts.told("bucket"), *(entity.value for entity in alerted if entity.kind is EntityKind.BUCKET)]
    for bucket in dict.fromkeys(buckets):
        yield from callers_of_bucket(bucket, records)
    named = [entity for text in facts.told("ip") if (entity := address_entity(text))]
    for address in dict.fromkeys((*named, *(entity for entity in alerted if entity.kind is EntityKind.IP))):
        if not _is_ours(address, facts):
            yield from callers_from_address(address.value, records)


def _weight(related: Related) -> tuple[bool, bool, tuple[bool, str, str, str, str]]:
    """What leads on first, then writes before reads, then in time order."""
    return (not related.follow, related.event.read_only is not False, moment(related.event))


def _go_on(walk: Walk, facts: CaseFacts, records: Records) -> None:
    """One hop: the records of all that lie ahead are read together, and taken one entity at a time."""
    hop = tuple(walk.ahead)
    parents = above(hop, records)
    children = below(filter(walk.follows, hop), records)
    for entity in hop:
        if walk.is_full:
            return
        walk.ahead.popleft()
        found = (*parents.get(entity, ()), *children.get(entity, ()))
        walk.take(related for related in found if not _is_ours(related.entity, facts))


def _is_ours(entity: EntityRef, facts: CaseFacts) -> bool:
    """Whether an address lies in a network that the user calls theirs: it leads to everybody there."""
    if entity.kind is not EntityKind.IP:
        return False
    address = ipaddress.ip_address(entity.value)
    return any(address in ipaddress.ip_network(known) for known in facts.told("known_ips"))


def _lead(related: Related) -> Lead:
    return Lead(entity=related.entity, evidence=related.event.id, because=visible(related.because))
