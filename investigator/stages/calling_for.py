"""What calls for which action: accused entities by kind and role, and calls of the intruder that can be undone."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from investigator.domain.entity import Entity
from investigator.domain.timeline import TimelineEntry
from investigator.domain.words import EntityKind, Role
from investigator.stages.situation import Situation, last_part


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


@dataclass(frozen=True, slots=True)
class Undo:
    """The template that undoes a call, and where its values stand among the names that the call is about."""

    template: str
    values: Mapping[str, str]
    """Value name to a regular expression that its text matches; the first one is what the action is on."""
    disrupts: bool = False
    in_order: bool = False
    """The names are told apart by their order only, so that just the first of a folded line is undone."""


_NAME = r"(?!arn:)[\w+=,.@-]+"
_POLICY = r"arn:[\w-]+:iam::(?:\d{12}|aws):policy/.+"
_BUCKET = r"(?!arn:)[a-z0-9][a-z0-9.\-_]+"
_FUNCTION = r"(?:arn:[\w-]+:lambda:[\w:.-]+|(?!arn:)[\w-]+)"
_SECRET = r"(?:arn:[\w-]+:secretsmanager:[\w/+=.@:-]+|(?!arn:)[\w/+=.@-]+)"
_KEY = r"arn:[\w-]+:kms:[\w:/.-]+|[0-9a-f-]{36}|mrk-[0-9a-f]{32}"
_UNDONE_BY: Mapping[str, tuple[Undo, ...]] = {
    "iam:CreateLoginProfile": (Undo("USER-CONSOLE", {"user": _NAME}),),
    "iam:UpdateLoginProfile": (Undo("USER-CONSOLE", {"user": _NAME}),),
    "iam:AttachUserPolicy": (Undo("POLICY-UNDO-USER", {"user": _NAME, "policy": _POLICY}),),
    "iam:AttachRolePolicy": (Undo("POLICY-UNDO-ROLE", {"role": _NAME, "policy": _POLICY}),),
    "iam:AttachGroupPolicy": (Undo("POLICY-UNDO-GROUP", {"group": _NAME, "policy": _POLICY}),),
    "iam:PutUserPolicy": (Undo("POLICY-UNDO-USER-INLINE", {"user": _NAME, "name": _NAME}, in_order=True),),
    "iam:PutRolePolicy": (Undo("POLICY-UNDO-ROLE-INLINE", {"role": _NAME, "name": _NAME}, in_order=True),),
    "iam:PutGroupPolicy": (Undo("POLICY-UNDO-GROUP-INLINE", {"group": _NAME, "name": _NAME}, in_order=True),),
    "iam:UpdateAssumeRolePolicy": (
        Undo("ROLE-TRUST", {"role": _NAME}), Undo("ROLE-REVOKE", {"role": _NAME}), Undo("GUARD-IAM", {}),
    ),
    "iam:EnableMFADevice": (Undo("MFA-OFF", {"user": _NAME, "serial": r"arn:[\w-]+:iam::\d{12}:mfa/.+"}),),
    "cloudtrail:StopLogging": (Undo("LOG-ON", {"trail": r".+"}), Undo("GUARD-LOG", {})),
    "cloudtrail:DeleteTrail": (Undo("GUARD-LOG", {}),),
    "guardduty:UpdateDetector": (Undo("LOG-ON-DETECTOR", {"detector": r"[0-9a-f]{32}"}), Undo("GUARD-LOG", {})),
    "config:StopConfigurationRecorder": (Undo("LOG-ON-RECORDER", {"recorder": r".+"}),),
    "ec2:ModifySnapshotAttribute": (Undo("SHARE-OFF", {"snapshot": r"snap-\w+"}),),
    "ec2:ModifyImageAttribute": (Undo("SHARE-OFF-IMAGE", {"image": r"ami-\w+"}),),
    "rds:ModifyDBSnapshotAttribute": (Undo("SHARE-OFF-DATABASE", {"snapshot": r"(?!arn:)[\w:-]+"}),),
    "s3:PutBucketReplication": (Undo("POLICY-UNDO-REPLICATION", {"bucket": _BUCKET}),),
    "s3:PutBucketPolicy": (Undo("S3-BLOCK", {"bucket": _BUCKET}),),
    "s3:PutBucketAcl": (Undo("S3-BLOCK", {"bucket": _BUCKET}),),
    "s3:DeleteBucketPublicAccessBlock": (Undo("S3-BLOCK", {"bucket": _BUCKET}),),
    "s3:PutBucketPublicAccessBlock": (Undo("S3-BLOCK", {"bucket": _BUCKET}),),
    "s3:PutBucketVersioning": (Undo("S3-VERSIONING", {"bucket": _BUCKET}),),
    "s3:PutBucketLifecycle": (Undo("S3-LIFECYCLE-UNDO", {"bucket": _BUCKET}),),
    "s3:PutBucketLifecycleConfiguration": (Undo("S3-LIFECYCLE-UNDO", {"bucket": _BUCKET}),),
    "s3:DeleteObject": (
        Undo("S3-VERSIONING", {"bucket": _BUCKET}, in_order=True), Undo("S3-DENY", {"bucket": _BUCKET}, True, True),
    ),
    "s3:DeleteObjects": (
        Undo("S3-VERSIONING", {"bucket": _BUCKET}, in_order=True), Undo("S3-DENY", {"bucket": _BUCKET}, True, True),
    ),
    "kms:ScheduleKeyDeletion": (Undo("KMS-SAVE", {"key": _KEY}),),
    "kms:DisableKey": (Undo("KMS-SAVE", {"key": _KEY}),),
    "lambda:AddPermission": (Undo("FN-STOP", {"function": _FUNCTION}, True),),
    "lambda:CreateFunctionUrlConfig": (Undo("FN-STOP", {"function": _FUNCTION}, True),),
    "lambda:UpdateFunctionCode": (Undo("FN-STOP", {"function": _FUNCTION}, True),),
    "lambda:CreateFunction": (Undo("FN-STOP", {"function": _FUNCTION}),),
    "secretsmanager:GetSecretValue": (Undo("SECRET-ROTATE", {"secret": _SECRET}),),
    "ec2:RunInstances": (Undo("GUARD-REGION", {}),),
}  # fmt: skip


def calls_for_effects(situation: Situation) -> Iterator[Call]:
    """The actions that undo what the intruder's calls did."""
    for entry in situation.hostile_entries():
        for undo in _UNDONE_BY.get(entry.action, ()):
            yield from _undoing(undo, entry, situation)


def _undoing(undo: Undo, entry: TimelineEntry, situation: Situation) -> Iterator[Call]:
    """One action for each entity that the calls of the entry are about."""
    account = entry.place.account
    region = "" if entry.action.startswith("iam:") or not undo.values else entry.place.region
    for values in _in_order(undo, entry.on) if undo.in_order else _each(undo, entry.on):
        on = next(iter(values.values()), account)
        needs = situation.findings_citing(entry)
        yield Call(undo.template, on, values, needs, account, region, disrupts=undo.disrupts)


def _each(undo: Undo, names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The values for each name that matches the first pattern; the other values are those of the line."""
    if not undo.values:
        yield {}
        return
    first, *others = undo.values.items()
    shared = {value: found[0] for value, pattern in others if (found := _matching(pattern, names))}
    if len(shared) == len(others):
        yield from ({first[0]: name, **shared} for name in _matching(first[1], names))


def _in_order(undo: Undo, names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    values: dict[str, str] = {}
    for value, pattern in undo.values.items():
        left = [name for name in _matching(pattern, names) if name not in values.values()]
        if not left:
            return
        values[value] = left[0]
    yield values


def _matching(pattern: str, names: tuple[str, ...]) -> list[str]:
    """The names that match; a bucket by its name, also where its ARN was written."""
    plain = (re.sub(r"^arn:[\w-]+:s3:::", "", name) for name in names)
    return list(dict.fromkeys(name for name in plain if re.fullmatch(pattern, name)))


def _user_of(arn: str) -> str:
    return last_part(arn) if ":user/" in arn else ""


def _account(arn: str) -> str:
    return arn.split(":")[4] if arn.startswith("arn:") and arn.count(":") >= 5 else ""
