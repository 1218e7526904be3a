"""How sentences name things: short, plain, and the same everywhere."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from investigator.domain.event import Event
from investigator.domain.paths import texts
from investigator.domain.times import to_text

OBJECTS = (
    "userName", "roleName", "groupName", "policyArn", "policyName", "roleArn", "bucketName", "trailName", "name",
    "accessKeyId", "secretId", "functionName", "instanceId", "snapshotId", "imageId", "volumeId", "groupId", "keyId",
    "detectorId", "dBInstanceIdentifier", "dBSnapshotIdentifier", "documentName", "stackName", "serialNumber",
    "instancesSet.items.instanceId", "instanceIds", "target", "logGroupName", "key", "instanceType", "clusterName",
    "cluster", "serviceName", "family", "notebookInstanceName", "url", "virtualMFADeviceName", "emailAddress",
    "emailIdentity", "path", "ReplicationConfiguration.Rule.Destination.Bucket",
    "ReplicationConfiguration.Rules.Destination.Bucket", "ReplicationConfiguration.Rule.Destination.Account",
    "ReplicationConfiguration.Rules.Destination.Account",
)  # fmt: skip
"""Where a request names what it is about."""
MOST_ADDRESSES = 3
_POLICIES = ("policyDocument", "assumeRolePolicyDocument", "bucketPolicy", "policy", "resourcePolicy")
_ACCOUNT = re.compile(r"(?<=arn:aws:iam::)\d{12}(?=:)|(?<=\")\d{12}(?=\")")


def clock(moment: datetime | None) -> str:
    """A time as sentences write it."""
    return to_text(moment).replace("T", " ").replace("Z", " UTC") if moment else "an unknown time"


def who(event: Event) -> str:
    """The caller of a record."""
    if event.session and event.issuer:
        return f"{event.issuer.rpartition('/')[2]}/{event.session}"
    name = event.user or event.arn.rpartition("/")[2] or event.principal
    return name or "an unknown caller"


def short(value: str) -> str:
    """An ARN by its last parts, everything else as it is."""
    if not value.startswith("arn:"):
        return value
    resource = value.split(":", 5)[-1]
    return resource.partition("/")[2] or resource


def targets(event: Event) -> tuple[tuple[str, str], ...]:
    """What a call was about, as its request names it: at most three names, each with its path there."""
    named = ((path, name) for path in OBJECTS for name in texts(event.request, path))
    return tuple({name: (path, name) for path, name in islice(named, 3)}.values())


def target(event: Event) -> str:
    """What a call was about in words."""
    return ", ".join(name for _, name in targets(event))


def on(event: Event) -> tuple[str, ...]:
    """The entities of a call: resources of the record, else what the request names; and accounts that it lets in."""
    named = [arn for arn in texts(event.resources, "ARN") if arn]
    things = named or [name for path in OBJECTS for name in texts(event.request, path)]
    let_in = (
        account for path in _POLICIES for text in texts(event.request, path) for account in _ACCOUNT.findall(text)
    )
    return tuple(dict.fromkeys((*things[:8], *(account for account in let_in if account != event.account))))[:12]


def call(event: Event) -> str:
    """`iam:CreateAccessKey on carol`."""
    about = target(event)
    return f"{event.action} on {about}" if about else event.action


def listed(values: Iterable[str], most: int = 5) -> str:
    """`a, b and 3 more`."""
    names = list(dict.fromkeys(values))
    if len(names) > most:
        return ", ".join(names[:most]) + f" and {len(names) - most} more"
    return names[0] if len(names) == 1 else " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def some(values: Iterable[str], most: int = 5) -> str:
    """`a, b and others`: a list that counts nothing, as sentences need it whose names each rest on a record."""
    names = list(dict.fromkeys(filter(None, values)))
    return listed(names) if len(names) <= most else f"{', '.join(names[:most])} and others"


def caller(events: Sequence[Event]) -> str:
    """Who made some calls of one principal: the session or user when all are of one, else the principal."""
    return who(events[0]) if len(set(map(who, events))) == 1 else short(events[0].principal)


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def addresses(events: Sequence[Event]) -> str:
    return some((event.ip for event in events), MOST_ADDRESSES)
