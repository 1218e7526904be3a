"""Credentials that should not leave their machine: instances, functions and containers (9.6, rule 9)."""

from dataclasses import dataclass

from investigator.domain.event import Event
from investigator.domain.ids import EvidenceId
from investigator.domain.search import Search, equals
from investigator.domain.words import Actor
from investigator.stages.assessment.usual import is_address, is_public
from investigator.stages.matter import Matter


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Use of a machine's credential away from the machine, and what shows it."""

    events: tuple[Event, ...]
    witness: tuple[EvidenceId, ...]
    """Records of a person on the same address."""
    sure: bool
    """An address other than those of its history is proof; a person's is a strong sign, for networks can be shared."""


def used_elsewhere(events: tuple[Event, ...], matter: Matter) -> Elsewhere | None:
    """The records made away from the machine, or None when nothing shows that there are any.

    Shown by the addresses of its history; else by a person's records from the same address, for a person does not
    sit in the instance. The address that it has now is never held against it, and the caller's agent is never enough.
    """
    outside = tuple(event for event in events if is_address(event.ip) and is_public(event.ip) and not event.vpce)
    if not outside:
        return None
    now, before = _own_addresses(outside[0].session, matter)
    outside = tuple(event for event in outside if event.ip not in now | before)
    if before:
        return Elsewhere(outside, (), sure=True) if outside else None
    witnesses = {address: _person_on(address, matter) for address in sorted({event.ip for event in outside})}
    away = tuple(event for event in outside if witnesses[event.ip])
    return Elsewhere(away, tuple(id_ for ids in witnesses.values() for id_ in ids), sure=False) if away else None


def is_machine(event: Event) -> bool:
    """Whether the record was signed with an instance's credentials."""
    context = event.user_identity.get("sessionContext") if isinstance(event.user_identity, dict) else None
    delivered = isinstance(context, dict) and "ec2RoleDelivery" in context
    return delivered or event.session.startswith("i-")


def _own_addresses(machine: str, matter: Matter) -> tuple[frozenset[str], frozenset[str]]:
    """The machine's address now, as an answer says it, and those of its records before the window."""
    states = [state for state in matter.states("instance") if state.entity.value == machine]
    before = Search(terms=(equals("session", machine),)).within(None, matter.window.start)
    seen = (address for (address,) in matter.store.distinct(before, "ip"))
    return (
        frozenset(state.values.get("PublicIpAddress", "") for state in states) - {""},
        frozenset(filter(is_address, seen)),
    )


def _person_on(address: str, matter: Matter) -> tuple[EvidenceId, ...]:
    where = Search(terms=(equals("ip", address), equals("actor", Actor.PERSON)))
    return tuple(event.id for event in matter.store.events(where, limit=1))
