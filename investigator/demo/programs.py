"""A day of the programs at Halyard Freight: shop, pipeline, backups, log shipping, monitoring, AWS Config."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import JsonValue

from investigator.demo.callers import (
    BOTO3,
    GO_SDK,
    JAVA_SDK,
    config_recorder,
    delivered_to_instance,
    other_account,
    service,
    unnamed_service,
    user_key,
)
from investigator.demo.calls import assume, assume_across, assume_for, listing_call, object_call
from investigator.demo.company import (
    ACCOUNT,
    BACKUP_ROLE,
    BACKUP_USER,
    BACKUPS,
    BUILD_HOST,
    CI_KEY,
    CI_ROLE,
    CI_USER,
    EXPORT_ROLE,
    EXPORTS,
    HOME,
    LOGS_ROLE,
    MONITORING_ROLE,
    NAT_GATEWAY,
    ORDERS,
    ORDERS_ROLE,
    SECOND,
    VENDOR,
    VENDOR_ACCOUNT,
    WEB_ROLE,
    clock,
    hexed,
)
from investigator.demo.journal import Call, Journal, denied

WEB_SERVERS = {hexed("i", "web-1"): "10.20.1.15", hexed("i", "web-2"): "10.20.2.15"}
"""Instance id to private address."""
S3_ENDPOINT = hexed("vpce", "s3")


def running_day(journal: Journal, day: datetime, backup_key: str) -> None:
    """What programs do on that day, weekends too; `backup_key` is the one of the backup user."""
    for instance, address in WEB_SERVERS.items():
        _serves_the_shop(journal, day, instance, address)
    _takes_orders(journal, day)
    _ships_logs(journal, day)
    _backs_up(journal, day, backup_key)
    _exports_nightly(journal, day)
    _is_monitored(journal, day)
    _is_recorded(journal, day)
    if day.weekday() < 5:
        _deploys(journal, day)


def _serves_the_shop(journal: Journal, day: datetime, instance: str, address: str) -> None:
    for hour in range(0, 24, 6):
        start = day + timedelta(hours=hour, minutes=3, seconds=journal.random.randint(0, 59))
        session = delivered_to_instance(assume_for(journal, start, service("ec2"), WEB_ROLE, instance))
        session = session.seen_from(NAT_GATEWAY, JAVA_SDK)
        for at in _moments(journal, start, timedelta(hours=5), 4):
            key = f"catalogue/page-{journal.random.randint(1, 400):04d}.json"
            call = object_call("GetObject", ORDERS, key, journal.random.randint(2_000, 60_000))
            journal.write(at, session.through(S3_ENDPOINT, address), call)
        request: JsonValue = {"name": "/shop/feature-flags", "withDecryption": False}
        journal.write(
            start + timedelta(minutes=1), session, Call(action="ssm:GetParameter", region=HOME, request=request)
        )


def _takes_orders(journal: Journal, day: datetime) -> None:
    for hour in range(0, 24, 4):
        start = day + timedelta(hours=hour, minutes=11, seconds=journal.random.randint(0, 59))
        session = assume_for(journal, start, service("lambda"), ORDERS_ROLE, ORDERS_ROLE)
        session = session.seen_from(NAT_GATEWAY, BOTO3)
        for at in _moments(journal, start, timedelta(minutes=55), 4):
            key = f"incoming/{day:%Y/%m/%d}/{journal.random.getrandbits(32):08x}.json"
            journal.write(at, session, object_call("PutObject", ORDERS, key, journal.random.randint(600, 4_000)))


def _ships_logs(journal: Journal, day: datetime) -> None:
    for hour in range(0, 24, 6):
        start = day + timedelta(hours=hour, minutes=20, seconds=journal.random.randint(0, 59))
        session = assume_for(journal, start, service("lambda"), LOGS_ROLE, LOGS_ROLE).seen_from(NAT_GATEWAY, BOTO3)
        for at in _moments(journal, start, timedelta(minutes=50), 4):
            journal.write(at, session, Call(action="logs:DescribeLogStreams", region=HOME))
        request: JsonValue = {"logGroupName": "/halyard/shop", "logStreamName": f"{day:%Y%m%d}{hour:02d}"}
        journal.write(
            start + timedelta(minutes=2), session, Call(action="logs:CreateLogStream", region=HOME, request=request)
        )


def _backs_up(journal: Journal, day: datetime, key_id: str) -> None:
    start = clock(day, "01:30:00") + timedelta(seconds=journal.random.randint(0, 120))
    session = assume_for(journal, start, service("backup"), BACKUP_ROLE, "AWSBackup-AWSBackup").seen_from(
        "backup.amazonaws.com", "backup.amazonaws.com"
    )
    for step, action in enumerate(("ec2:DescribeVolumes", "ec2:DescribeInstances", "ec2:DescribeSnapshots"), start=1):
        journal.write(start + timedelta(seconds=20 * step), session, Call(action=action, region=HOME))
    for minutes, name in ((2, "BackupJobStarted"), (34, "BackupJobCompleted")):
        event = Call(action=f"backup:{name}", region=HOME, event_type="AwsServiceEvent")
        journal.write(start + timedelta(minutes=minutes), unnamed_service("backup"), event)
    user = user_key(BACKUP_USER, key_id, NAT_GATEWAY, BOTO3)
    journal.write(clock(day, "02:15:00"), user, listing_call(BACKUPS, "database/"))
    key = f"database/{day:%Y-%m-%d}.dump.zst"
    journal.write(clock(day, "02:16:30"), user, object_call("PutObject", BACKUPS, key, 48_000_000))


def _exports_nightly(journal: Journal, day: datetime) -> None:
    """The export job reads yesterday's customer files, from inside the network."""
    start = clock(day, "04:00:00") + timedelta(seconds=journal.random.randint(0, 90))
    session = assume_for(journal, start, service("lambda"), EXPORT_ROLE, "nightly-export").seen_from(NAT_GATEWAY, BOTO3)
    journal.write(start + timedelta(seconds=5), session, listing_call(EXPORTS, f"daily/{day:%Y-%m-%d}/"))
    for part in range(6):
        key = f"daily/{day:%Y-%m-%d}/part-{part:02d}.csv.gz"
        journal.write(start + timedelta(seconds=8 + part), session, object_call("GetObject", EXPORTS, key, 310_000))


def _is_monitored(journal: Journal, day: datetime) -> None:
    """A monitoring vendor reads what runs, every two hours, with a role that trusts the vendor's account."""
    vendor = other_account(VENDOR_ACCOUNT, "collector", "collector", VENDOR)
    for hour in range(0, 24, 2):
        start = day + timedelta(hours=hour, minutes=41, seconds=journal.random.randint(0, 40))
        session = assume_across(journal, start, vendor, MONITORING_ROLE, "collector")
        for region in (HOME, SECOND):
            for step, action in enumerate(("ec2:DescribeInstances", "ec2:DescribeVolumes", "monitoring:ListMetrics")):
                at = start + timedelta(seconds=6 + step * 2)
                journal.write(at, session, Call(action=action, region=region))
        if hour == 8:
            journal.write(start + timedelta(seconds=20), session, denied(session, "rds:DescribeDBInstances", HOME))


def _is_recorded(journal: Journal, day: datetime) -> None:
    reads = (
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeInstances",
        "s3:GetBucketPolicy",
        "lambda:ListFunctions20150331",
    )
    for hour in range(0, 24, 6):
        start = day + timedelta(hours=hour, minutes=52, seconds=journal.random.randint(0, 30))
        recorder = config_recorder(start)
        for region in (HOME, SECOND):
            for step, action in enumerate(reads):
                request: JsonValue = {"bucketName": ORDERS} if action.startswith("s3:") else None
                call = Call(action=action, region=region, request=request)
                journal.write(start + timedelta(seconds=2 + step), recorder, call)


def _deploys(journal: Journal, day: datetime) -> None:
    """The pipeline rolls out four times a working day."""
    builder = user_key(CI_USER, CI_KEY, BUILD_HOST, GO_SDK.format(api="sts"))
    for hour in (8, 10, 13, 15):
        start = day + timedelta(hours=hour, seconds=journal.random.randint(0, 1500))
        session = assume(journal, start, builder, CI_ROLE, f"pipeline-{journal.random.randint(2000, 9999)}")
        session = session.seen_from(BUILD_HOST, GO_SDK.format(api="cloudformation"))
        stack: JsonValue = {"stackName": "halyard-shop"}
        for step, name in enumerate(("DescribeStacks", "CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet")):
            at = start + timedelta(seconds=10 + 12 * step)
            journal.write(at, session, Call(action=f"cloudformation:{name}", region=HOME, request=stack))
        update: JsonValue = {"functionName": f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:{ORDERS_ROLE}", "dryRun": False}
        code = Call(action="lambda:UpdateFunctionCode20150331v2", region=HOME, request=update)
        journal.write(start + timedelta(seconds=75), session, code)
        manifest = object_call("PutObject", ORDERS, f"releases/{day:%Y%m%d}-{hour}.json", 2_400)
        journal.write(start + timedelta(seconds=90), session, manifest)


def _moments(journal: Journal, start: datetime, span: timedelta, count: int) -> Iterator[datetime]:
    for _ in range(count):
        yield start + timedelta(seconds=journal.random.randint(5, int(span.total_seconds())))
