"""Credentials that should not leave their machine: instances, functions and containers (9.6, rule 9)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from investigator.domain.event import Event
from investigator.domain.ids import EvidenceId
from investigator.domain.search import any_of, equals
from investigator.domain.words import Actor
from investigator.stages.assessment.usual import SHORTEST_HISTORY, is_address, is_public
from investigator.stages.matter import Matter

FELLOWS = 2
"""Other machines whose earlier calls show that an address is the way out of a network, such as a NAT gateway."""
_INSTANCE = re.compile(r"i-[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Use of a machine's credential away from the machine, and what shows it."""

    events: tuple[Event, ...]
    witness: tuple[EvidenceId, ...]
    """Records of a person on the same address."""
    sure: bool
    """An address other than those of its history is proof; a person's is a strong sign, for networks can be shared."""


def used_elsewhere(records: Mapping[str, Sequence[Event]], matter: Matter) -> Mapping[str, Elsewhere]:
    """Of the machines' credentials, given with their records, those that were used away from the machine.

    Shown by the addresses of its history; else by a person's records from the same address, for a person does not
    sit in the instance. The address that it has now is never held against it, nor one through which other machines
    called before the case; and the caller's agent is never enough.
    """
    public = {credential: _from_outside(events) for credential, events in records.items()}
    outside = {credential: events for credential, events in public.items() if events}
    machines = {credential: events[0].session for credential, events in outside.items()}
    now, before = _addresses_now(matter), _addresses_before(list(machines.values()), matter)
    strange = {
        credential: tuple(event for event in events if event.ip not in own)
        for credential, events in outside.items()
        for own in [now.get(machines[credential], set()) | before.get(machines[credential], set())]
    }
    strange = _without_ways_out(strange, machines, matter)
    proven = frozenset(credential for credential, machine in machines.items() if before.get(machine))
    people = _people_on([event.ip for key, events in strange.items() if key not in proven for event in events], matter)
    found = {key: _elsewhere(events, None if key in proven else people) for key, events in strange.items()}
    return {credential: elsewhere for credential, elsewhere in found.items() if elsewhere.events}


def _from_outside(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(event for event in events if is_address(event.ip) and is_public(event.ip) and not event.vpce)


def _elsewhere(events: tuple[Event, ...], people: Mapping[str, EvidenceId] | None) -> Elsewhere:
    """Use from strange addresses; where no history shows that they are, a person has to be on them."""
    if people is None:
        return Elsewhere(events, (), sure=True)
    away = tuple(event for event in events if event.ip in people)
    return Elsewhere(away, tuple(people[address] for address in sorted({event.ip for event in away})), sure=False)


def is_machine(event: Event) -> bool:
    """Whether the record was signed with an instance's credentials."""
    context = event.user_identity.get("sessionContext") if isinstance(event.user_identity, dict) else None
    delivered = isinstance(context, dict) and "ec2RoleDelivery" in context
    return delivered or event.session.startswith("i-")


def _addresses_now(matter: Matter) -> Mapping[str, set[str]]:
    """The address that each machine has now, as an answer says it."""
    found: dict[str, set[str]] = {}
    for state in matter.states("instance"):
        found.setdefault(state.entity.value, set()).update({state.values.get("PublicIpAddress", "")} - {""})
    return found


def _addresses_before(machines: Sequence[str], matter: Matter) -> Mapping[str, set[str]]:
    """The addresses of each machine's records before the window."""
    found: dict[str, set[str]] = {}
    if machines:
        before = any_of("session", dict.fromkeys(machines)).within(None, matter.window.start)
        for machine, address in matter.store.distinct(before, "session", "ip"):
            if is_address(address):
                found.setdefault(machine, set()).add(address)
    return found


def _without_ways_out(
    strange: Mapping[str, Sequence[Event]], machines: Mapping[str, str], matter: Matter
) -> Mapping[str, tuple[Event, ...]]:
    """The records of each credential that are not from an address which other machines shared a week before.

    A machine is known by its session's name, which whoever takes a role may choose.
    """
    addresses = dict.fromkeys(event.ip for events in strange.values() for event in events)
    shared: dict[str, set[str]] = {address: set() for address in addresses}
    if addresses:
        before = any_of("ip", addresses).within(None, matter.window.start - SHORTEST_HISTORY)
        for address, machine in matter.store.distinct(before, "ip", "session"):
            if _INSTANCE.fullmatch(machine):
                shared[address].add(machine)
    return {
        credential: tuple(event for event in events if len(shared[event.ip] - {machines[credential]}) < FELLOWS)
        for credential, events in strange.items()
    }


def _people_on(addresses: Sequence[str], matter: Matter) -> Mapping[str, EvidenceId]:
    """The first record of a person from each address, where there is one."""
    if not addresses:
        return {}
    where = any_of("ip", dict.fromkeys(addresses)).also(equals("actor", Actor.PERSON))
    return {event.ip: event.id for event in matter.store.first_each(where, "ip")}
