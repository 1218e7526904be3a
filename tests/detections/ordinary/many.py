"""Occasions of many calls: series by one credential, and chains of calls about the same things."""

from collections.abc import Callable
from datetime import timedelta

from pydantic import JsonValue

from tests.detections.ordinary.callers import Caller
from tests.detections.ordinary.life import Ground, Record, Template, ask


def series(seconds: float, *templates: Template) -> Template:
    """The templates one after another by the same credential and address, so many seconds apart."""

    def occasion(ground: Ground) -> tuple[Record, ...]:
        begin, found = ground.time, [record for template in templates for record in template(ground)]
        moments = [f"{begin + timedelta(seconds=number * seconds):%Y-%m-%dT%H:%M:%SZ}" for number in range(len(found))]
        alike = {key: found[0][key] for key in ("userIdentity", "sourceIPAddress", "userAgent")}
        return tuple({**record, **alike, "eventTime": moment} for record, moment in zip(found, moments, strict=True))

    return occasion


def times(number: int, template: Template) -> tuple[Template, ...]:
    return (template,) * number


def chain(*calls: tuple[float, str, Caller, Callable[[str, str], tuple[JsonValue, JsonValue]]]) -> Template:
    """Calls about the same two made-up names, each so many minutes after the first."""

    def occasion(ground: Ground) -> tuple[Record, ...]:
        one, two = str(ground.fill("<id>")), str(ground.fill("<id>"))
        begin, records, by = ground.time, [], {}
        for minutes, action, who, about in calls:
            record = ground.record(action, who, *about(one, two))
            by.setdefault(who, record["userIdentity"])
            when = f"{begin + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"
            records.append({**record, "userIdentity": by[who], "eventTime": when})
        return tuple(records)

    return occasion


def about(asked: str, answered: str = "") -> Callable[[str, str], tuple[JsonValue, JsonValue]]:
    """What a call of a chain says: `key=1` names the first thing in the request; the answer alike."""

    def spoken(words: str, names: tuple[str, str]) -> JsonValue:
        pairs = [word.split("=") for word in words.split()]
        return {key: names[int(value) - 1] if value in "12" else value for key, value in pairs} or None

    return lambda one, two: (spoken(asked, (one, two)), spoken(answered, (one, two)))


REFRESH = (
    "ec2:DescribeVpcs ec2:DescribeSubnets ec2:DescribeSecurityGroups ec2:DescribeRouteTables ec2:DescribeInstances "
    "iam:GetRole iam:GetPolicy iam:ListRolePolicies iam:ListAttachedRolePolicies s3:GetBucketPolicy s3:GetBucketTagging "
    "s3:GetBucketVersioning rds:DescribeDBInstances rds:DescribeDBSubnetGroups lambda:GetFunction20150331v2 "
    "kms:DescribeKey kms:GetKeyPolicy route53:GetHostedZone route53:ListTagsForResource sqs:GetQueueAttributes"
).split()
"""Twenty reads over eight services, such as those of a refresh of a plan."""


def reads(who: Caller, number: int) -> tuple[Template, ...]:
    """The first so many reads of a refresh."""
    return tuple(ask(action, who, name="<word>") for action in REFRESH[:number])


SWEEP = (
    "ec2:DescribeVpcs ec2:DescribeSubnets ec2:DescribeSecurityGroups ec2:DescribeInstances ec2:DescribeSnapshots "
    "iam:ListUsers iam:ListRoles iam:ListPolicies iam:GetAccountSummary s3:ListBuckets rds:DescribeDBInstances "
    "rds:DescribeDBSnapshots lambda:ListFunctions20150331 kms:ListKeys route53:ListHostedZones sqs:ListQueues "
    "sns:ListTopics cloudtrail:DescribeTrails guardduty:ListDetectors logs:DescribeLogGroups"
).split()
"""Twenty reads that name nothing, as scanners make them in every account."""


def sweep(who: Caller, number: int) -> tuple[Template, ...]:
    """The first so many reads of a scan of everything."""
    return tuple(ask(action, who, maxResults=100) for action in SWEEP[:number])


def named(number: int, action: str, who: Caller, **request: JsonValue) -> tuple[Template, ...]:
    """The same call so many times, about other things each time."""
    return times(number, ask(action, who, **request))
