"""A working day of the people at Halyard Freight: two developers and an administrator, all from the office."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from investigator.demo.callers import MAC_CLI, Caller, user_key
from investigator.demo.calls import assume, listing_call, object_call, sign_in
from investigator.demo.company import (
    ADMINISTRATOR,
    DEVELOPER,
    GLOBAL,
    HOME,
    LEAKED_KEY,
    OFFICE,
    ORDERS,
    SECOND,
    SECOND_DEVELOPER,
    SECOND_DEVELOPER_KEY,
    STAGING_ROLE,
    clock,
    user_arn,
)
from investigator.demo.journal import Call, Journal, denied

_DEVELOPER_READS = (
    ("ec2:DescribeInstances", HOME), ("logs:DescribeLogGroups", HOME), ("logs:DescribeLogStreams", HOME),
    ("lambda:ListFunctions20150331", HOME), ("cloudformation:DescribeStacks", HOME), ("s3:ListBuckets", HOME),
    ("ecr:DescribeRepositories", HOME), ("ec2:DescribeInstances", SECOND), ("cloudformation:DescribeStackEvents", HOME),
)  # fmt: skip
_ADMIN_READS = (
    ("iam:ListUsers", GLOBAL), ("iam:ListRoles", GLOBAL), ("iam:GetAccountSummary", GLOBAL),
    ("ec2:DescribeInstances", HOME), ("ec2:DescribeSecurityGroups", HOME),
    ("cloudtrail:DescribeTrails", HOME), ("cloudtrail:GetTrailStatus", HOME),
    ("guardduty:ListDetectors", HOME), ("ce:GetCostAndUsage", GLOBAL), ("monitoring:DescribeAlarms", HOME),
    ("iam:ListAccessKeys", GLOBAL), ("health:DescribeEventAggregates", GLOBAL),
)  # fmt: skip


def working_day(journal: Journal, day: datetime) -> None:
    """What people do on that day; nothing on Saturday and Sunday."""
    if day.weekday() >= 5:
        return
    developer = user_key(DEVELOPER, LEAKED_KEY, OFFICE, MAC_CLI)
    _develops(journal, day, developer)
    _tries_staging(journal, day, developer)
    _develops(journal, day, user_key(SECOND_DEVELOPER, SECOND_DEVELOPER_KEY, OFFICE, MAC_CLI))
    _administers(journal, day)


def _develops(journal: Journal, day: datetime, developer: Caller) -> None:
    journal.write(_office_hour(journal, day), developer, Call(action="sts:GetCallerIdentity", region=HOME))
    for _ in range(journal.random.randint(13, 19)):
        action, region = journal.random.choice(_DEVELOPER_READS)
        journal.write(_office_hour(journal, day), developer, Call(action=action, region=region))
    for _ in range(journal.random.randint(1, 4)):
        key = f"fixtures/orders-{journal.random.randint(1, 60):03d}.json"
        journal.write(
            _office_hour(journal, day),
            developer,
            object_call("GetObject", ORDERS, key, journal.random.randint(900, 9000)),
        )
    if journal.random.random() < 0.3:
        refused = denied(developer, "rds:DescribeDBSnapshots", HOME)
        journal.write(_office_hour(journal, day), developer, refused)


def _tries_staging(journal: Journal, day: datetime, developer: Caller) -> None:
    """A developer takes the staging role now and then, to look at what was rolled out."""
    if day.weekday() not in (1, 3):
        return
    start = _office_hour(journal, day)
    session = assume(journal, start, developer, STAGING_ROLE, DEVELOPER)
    for minute, name in enumerate(("DescribeStacks", "DescribeStackResources", "ListStacks"), start=1):
        at = start + timedelta(minutes=minute * 3)
        journal.write(at, session, Call(action=f"cloudformation:{name}", region=HOME))
    journal.write(start + timedelta(minutes=14), session, listing_call(ORDERS, "staging/"))


def _administers(journal: Journal, day: datetime) -> None:
    start = clock(day, "07:30:00") + timedelta(seconds=journal.random.randint(0, 3600))
    session = sign_in(journal, start, ADMINISTRATOR, OFFICE)
    for _ in range(journal.random.randint(9, 15)):
        action, region = journal.random.choice(_ADMIN_READS)
        at = start + timedelta(seconds=journal.random.randint(30, 7 * 3600))
        journal.write(at, session, Call(action=action, region=region))
    if day.weekday() == 2:
        _changes_a_tag(journal, start + timedelta(hours=2), session)


def _changes_a_tag(journal: Journal, at: datetime, session: Caller) -> None:
    request: JsonValue = {
        "userName": SECOND_DEVELOPER,
        "tags": [{"key": "team", "value": f"freight-{at.isocalendar().week}"}],
    }
    resources = [("AWS::IAM::User", user_arn(SECOND_DEVELOPER))]
    journal.write(at, session, Call(action="iam:TagUser", region=GLOBAL, request=request, resources=resources))


def _office_hour(journal: Journal, day: datetime) -> datetime:
    """Some moment between 07:00 and 16:30 UTC."""
    return clock(day, "07:00:00") + timedelta(seconds=journal.random.randint(0, 34_200))
