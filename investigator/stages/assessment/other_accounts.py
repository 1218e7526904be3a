"""What was opened to other accounts, or done in them, and stands in their logs alone."""

import re
from collections.abc import Iterable, Iterator, Mapping

from pydantic import JsonValue

from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.paths import select, texts
from investigator.domain.permissions.documents import NotAPolicy, Statement, read_trust
from investigator.stages.assessment.hidden_acts import MOST_NAMED, plain_name
from investigator.stages.assessment.wording import listed

ANYONE = "anyone"
_SHARES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ec2:ModifyImageAttribute": ("imageId", ("launchPermission.add.items.userId", "launchPermission.add.items.group")),
    "ec2:ModifySnapshotAttribute": (
        "snapshotId",
        ("createVolumePermission.add.items.userId", "createVolumePermission.add.items.group"),
    ),
    "rds:ModifyDBSnapshotAttribute": ("dBSnapshotIdentifier", ("valuesToAdd",)),
    "rds:ModifyDBClusterSnapshotAttribute": ("dBClusterSnapshotIdentifier", ("valuesToAdd",)),
    "redshift:AuthorizeSnapshotAccess": ("snapshotIdentifier", ("accountWithRestoreAccess",)),
    "redshift:AuthorizeDataShare": ("dataShareArn", ("consumerIdentifier",)),
    "ram:CreateResourceShare": ("name", ("principals",)),
    "ram:AssociateResourceShare": ("resourceShareArn", ("principals",)),
    "ssm:ModifyDocumentPermission": ("name", ("accountIdsToAdd",)),
    "s3:PutBucketPolicy": ("bucketName", ("bucketPolicy",)),
    "s3:PutBucketAcl": ("bucketName", ("AccessControlPolicy.AccessControlList.Grant.Grantee.URI", "x-amz-acl")),
}
"""Each call that opens something, with the paths of what it opens and of whom it lets in.

Roles, keys, secrets and functions are not among them: their use by others is recorded in the account that owns them.
"""
_RECORDED_AS = {"s3:PutBucketPolicy": "data:s3", "s3:PutBucketAcl": "data:s3"}
"""Kinds of events that show the owner what others do with it."""
_ACCOUNT = re.compile(r"\d{12}|arn:[\w-]+:(?!organizations:)[\w-]+:[\w-]*:(\d{12}):.+")
_EVERYONE = re.compile(r"\*|all|public-read.*|authenticated-read|.*/(?:AllUsers|AuthenticatedUsers)")
_LIMITS = re.compile(r"(?i)aws:(?:Source|Principal|VpcSourceIp|userid)|kms:|s3:DataAccessPoint")
"""Conditions that say who or whence."""


def shared_outside(events: Iterable[Event], own: frozenset[str], recorded: frozenset[str]) -> Iterator[Gap]:
    """A Gap for what was opened to accounts that are not of our `own`; `recorded` are the kinds of events at hand."""
    opened: dict[str, None] = {}
    for event in events:
        if event.succeeded and _RECORDED_AS.get(event.action) not in recorded:
            outside = sorted(let_in(event) - own)
            shared = texts(event.request, _SHARES[event.action][0]) if outside else ()
            opened |= {f"{plain_name(name)} ({listed(outside, MOST_NAMED)})": None for name in shared}
    if opened:
        yield Gap.of(
            what=f"what other accounts did with what was opened to them: {listed(opened, MOST_NAMED)}",
            why="what is done in another account stands in its own logs, and those were not given",
            effect="copies and reads are not seen; a copy stays there also where the share was taken back",
            close="look for SharedSnapshotCopyInitiated and SharedSnapshotVolumeCreated, turn to server access logs of "
            "buckets, and ask AWS Support about the accounts",
        )


def let_in(event: Event) -> frozenset[str]:
    """The accounts that a call opens something to, and ANYONE; empty when it opens nothing."""
    _, paths = _SHARES.get(event.action, ("", ()))
    return frozenset(who for path in paths for value in select(event.request, path) for who in _whom(value))


def in_other_accounts(events: Iterable[Event], own: frozenset[str]) -> Iterator[Gap]:
    """A Gap for the accounts that were entered and whose logs were not given."""
    roles = [event.asked("roleArn") for event in events if event.action == "sts:AssumeRole" and event.succeeded]
    entered = sorted({account for role in roles for account in _account(role)} - own)
    if entered:
        yield Gap.of(
            what=f"what was done in other accounts: {listed(entered, MOST_NAMED)}",
            why="roles of theirs were assumed, and their logs were not given",
            effect="acts there are not seen",
            close="add the CloudTrail files of these accounts, or run with --aws in them",
        )


def _whom(value: JsonValue) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _whom(each)
    elif isinstance(value, dict):
        yield from _by_policy(value)
    elif isinstance(value, str):
        yield from (ANYONE,) if _EVERYONE.fullmatch(value) else _account(value)


def _account(text: str) -> Iterator[str]:
    if found := _ACCOUNT.fullmatch(text):
        yield found[1] or text


def _by_policy(document: JsonValue) -> Iterator[str]:
    """Whom a resource policy lets in; one that cannot be read lets in nobody that could be named."""
    try:
        statements = read_trust(document, "")
    except NotAPolicy:
        return
    for statement in statements:
        if statement.allows:
            yield from _by_statement(statement)


def _by_statement(statement: Statement) -> Iterator[str]:
    limited = any(map(_LIMITS.search, statement.conditions))
    named = [who for kind, value in statement.principals if kind in ("AWS", "*") for who in _whom(value)]
    if statement.not_principals:
        named.append(ANYONE)
    yield from (who for who in named if who != ANYONE or not limited)
