"""What calls of the intruder call for: the actions that undo their effect."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from investigator.domain.timeline import TimelineEntry
from investigator.stages.response.calling_for import Call
from investigator.stages.response.situation import Situation


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
