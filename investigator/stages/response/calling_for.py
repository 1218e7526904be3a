"""What accused entities call for, by kind and role."""

import re
from collections.abc import Callable, Iterator, Mapping

from investigator.domain.entity import Entity
from investigator.domain.words import EntityKind, Role
from investigator.stages.response.calls import Call
from investigator.stages.response.situation import Situation, last_part

MOST_ADDRESSES = 10
"""Hostile addresses that are blocked: a network access list holds 20 rules."""


def calls_for_entities(situation: Situation) -> Iterator[Call]:
    """The actions on every accused entity."""
    for entity in situation.accused():
        needs = situation.findings_on(entity)
        if needs:
            yield from _BY_KIND.get(entity.kind, _nothing)(entity, needs, situation)


def _nothing(entity: Entity, needs: tuple[str, ...], situation: Situation) -> Iterator[Call]:
    yield from ()


def _access_key(entity: Entity, needs: tuple[str, ...], situation: Situation) -> Iterator[Call]:
    """A long-term key: off, the sessions of its user ended (they may outlive it), then deleted; a session: its end."""
    owner = situation.owner(entity.value)
    user = _user_of(owner)
    if not entity.value.startswith("AKIA") or not user:
        yield from _sessions(owner, needs)
        return
    place = _account(owner)
    values = {"user": user, "key": entity.value}
    yield Call("KEY-OFF", entity.value, values, needs, place)
    yield Call("USER-REVOKE", owner, {"user": user}, needs, place)
    yield Call("KEY-DEL", entity.value, values, needs, place)
    if entity.role is Role.COMPROMISED:
        yield Call("SOURCE", entity.value, values, needs, place)
        yield Call("GUARD-NET", place, {}, needs, place)


def _sessions(owner: str, needs: tuple[str, ...]) -> Iterator[Call]:
    """The end of the sessions of whom a temporary credential, or the key of root, belongs to."""
    place = _account(owner)
    if user := _user_of(owner):
        yield Call("USER-REVOKE", owner, {"user": user}, needs, place)
    elif owner.endswith(":root"):
        yield Call("ROOT", owner, {}, needs, place)
    elif ":role/" in owner:
        yield from _role(owner, needs)
    elif ":assumed-role/" in owner:
        yield from _role(
            f"{owner.partition('::')[0].replace(':sts', ':iam')}::{place}:role/{owner.split('/')[1]}", needs
        )


def _principal(entity: Entity, needs: tuple[str, ...], situation: Situation) -> Iterator[Call]:
    arn, place = entity.value, _account(entity.value)
    if user := _user_of(arn):
        yield Call("USER-DENY", arn, {"user": user}, needs, place, disrupts=entity.role is Role.COMPROMISED)
        yield Call("USER-REVOKE", arn, {"user": user}, needs, place)
    elif arn.endswith(":root"):
        yield Call("ROOT", arn, {}, needs, place)
    elif ":role/" in arn:
        yield from _role(arn, needs)
        if entity.role is Role.CREATED_BY_ACTOR:
            yield Call("ROLE-TRUST-NOBODY", arn, {"role": last_part(arn)}, needs, place)


def _role(arn: str, needs: tuple[str, ...]) -> Iterator[Call]:
    """The sessions of a role end; those of a person from the directory lose their permission set."""
    role, place = last_part(arn), _account(arn)
    if "/aws-service-role/" in arn:
        return
    if role.startswith("AWSReservedSSO_"):
        yield Call("IDC-DENY", arn, {}, needs, place)
        return
    yield Call("ROLE-REVOKE", arn, {"role": role}, needs, place)


def _instance(entity: Entity, needs: tuple[str, ...], situation: Situation) -> Iterator[Call]:
    """One that was taken over is kept and isolated; one that the intruder launched is stopped and removed."""
    account, region = situation.place(entity)
    values = {"instance": entity.value}
    names = ["SNAP", "EC2-PROTECT"]
    if entity.role is Role.CREATED_BY_ACTOR:
        names += ["EC2-STOP", "EC2-TERM"]
    else:
        names += ["EC2-ASG", "IMDS", "EC2-ISOLATE"]
    for name in names:
        disrupts = name == "EC2-ISOLATE"
        yield Call(name, entity.value, values, needs, account, region, disrupts=disrupts)
    if entity.role is not Role.CREATED_BY_ACTOR:
        for number, address in enumerate(situation.hostile_addresses()[:MOST_ADDRESSES], 1):
            name, bits = ("NET-BLOCK-IPV6", 128) if ":" in address else ("NET-BLOCK", 32)
            blocked = {**values, "network": f"{address}/{bits}", "number": str(number)}
            yield Call(name, address, blocked, needs, account, region, disrupts=True)


def _session(entity: Entity, needs: tuple[str, ...], situation: Situation) -> Iterator[Call]:
    """The instance whose credentials a session carries: its name is the id of the instance (specification 9.6)."""
    name = last_part(entity.value)
    if re.fullmatch(r"i-[0-9a-f]{8}(?:[0-9a-f]{9})?", name):
        machine = Entity(kind=EntityKind.INSTANCE, value=name, role=entity.role, evidence=entity.evidence)
        yield from _instance(machine, needs, situation)


_BY_KIND: Mapping[EntityKind, Callable[[Entity, tuple[str, ...], Situation], Iterator[Call]]] = {
    EntityKind.ACCESS_KEY: _access_key,
    EntityKind.PRINCIPAL: _principal,
    EntityKind.INSTANCE: _instance,
    EntityKind.SESSION: _session,
}


def _user_of(arn: str) -> str:
    return last_part(arn) if ":user/" in arn else ""


def _account(arn: str) -> str:
    return arn.split(":")[4] if arn.startswith("arn:") and arn.count(":") >= 5 else ""
