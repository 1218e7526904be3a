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
    """Records of a person on the same address, or the answer that names the machine's own address."""


def used_elsewhere(events: tuple[Event, ...], matter: Matter) -> Elsewhere | None:
    """The records made away from the machine, or None when nothing shows that there are any.

    Shown by the machine's own address, where a saved answer or its history names one; else by a person's records
    from the same address, for a person does not sit in the instance. The caller's agent is never enough.
    """
    outside = tuple(event for event in events if is_address(event.ip) and is_public(event.ip) and not event.vpce)
    if not outside:
        return None
    own, answers = _own_addresses(outside[0].session, matter)
    if own:
        away = tuple(event for event in outside if event.ip not in own)
        return Elsewhere(away, answers) if away else None
    witnesses = {address: _person_on(address, matter) for address in sorted({event.ip for event in outside})}
    away = tuple(event for event in outside if witnesses[event.ip])
    return Elsewhere(away, tuple(id_ for ids in witnesses.values() for id_ in ids)) if away else None


def _own_addresses(machine: str, matter: Matter) -> tuple[frozenset[str], tuple[EvidenceId, ...]]:
    states = [state for state in matter.states("instance") if state.entity.value == machine]
    named = {state.values.get("PublicIpAddress", "") for state in states}
    before = Search(terms=(equals("session", machine),)).within(None, matter.window.start)
    seen = {address for address in matter.store.group(before).values.get("ip", {}) if is_address(address)}
    return frozenset((named | seen) - {""}), tuple(sorted({state.answer for state in states}))


def _person_on(address: str, matter: Matter) -> tuple[EvidenceId, ...]:
    where = Search(terms=(equals("ip", address), equals("actor", Actor.PERSON)))
    return tuple(event.id for event in matter.store.events(where, limit=1))
