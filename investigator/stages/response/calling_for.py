"""What accused entities call for, by kind and role."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from investigator.domain.entity import Entity
from investigator.domain.words import EntityKind, Role
from investigator.stages.response.situation import Situation, last_part


@dataclass(frozen=True, slots=True)
class Call:
    """A template by name, what it is about, and the findings that call for it."""

    template: str
    on: str
    values: Mapping[str, str]
    needs: tuple[str, ...]
    account: str = ""
    region: str = ""
    disrupts: bool = False
    """It stops work that may be legitimate: only where the user allowed that."""


def calls_for_entities(situation: Situation) -> Iterator[Call]:
    """The actions on every accused entity."""
    for entity in situation.accused():
        needs = situation.findings_on(entity)
        if needs:
            yield from _BY_KIND.get(entity.kind, _nothing)(entity, needs, situation)


def _nothing(entity: Entity, needs: tuple[str, ...], situation: Situation) -> Iterator[Call]:
    yield from ()


def _access_key(entity: Entity, needs: tuple[str, ...], situation: Situation) -> Iterator[Call]:
    """A long-term key: off, the sessions of its user ended (they may outlive it), then deleted."""
    owner = situation.owner(entity.value)
    user = _user_of(owner)
    if not entity.value.startswith("AKIA") or not user:
        return
    place = _account(owner)
    values = {"user": user, "key": entity.value}
    yield Call("KEY-OFF", entity.value, values, needs, place)
    yield Call("USER-REVOKE", owner, {"user": user}, needs, place)
    yield Call("KEY-DEL", entity.value, values, needs, place)
    if entity.role is Role.COMPROMISED:
        yield Call("SOURCE", entity.value, values, needs, place)
        yield Call("GUARD-NET", place, {}, needs, place)


def _principal(entity: Entity, needs: tuple[str, ...], situation: Situation) -> Iterator[Call]:
    arn, place = entity.value, _account(entity.value)
    if user := _user_of(arn):
        yield Call("USER-DENY", arn, {"user": user}, needs, place, disrupts=entity.role is Role.COMPROMISED)
        yield Call("USER-REVOKE", arn, {"user": user}, needs, place)
    elif arn.endswith(":root"):
        yield Call("ROOT", arn, {}, needs, place)
    elif ":role/" in arn:
        yield from _role(arn, entity, needs)


def _role(arn: str, entity: Entity, needs: tuple[str, ...]) -> Iterator[Call]:
    role, place = last_part(arn), _account(arn)
    if "/aws-service-role/" in arn:
        return
    if role.startswith("AWSReservedSSO_"):
        yield Call("IDC-DENY", arn, {}, needs, place)
        return
    yield Call("ROLE-REVOKE", arn, {"role": role}, needs, place)
    if entity.role is Role.CREATED_BY_ACTOR:
        yield Call("ROLE-TRUST", arn, {"role": role}, needs, place)


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
    for address in situation.hostile_addresses() if entity.role is not Role.CREATED_BY_ACTOR else ():
        network = f"{address}/{128 if ':' in address else 32}"
        yield Call("NET-BLOCK", address, {**values, "network": network}, needs, account, region, disrupts=True)


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
