"""The benign twin: a pipeline that trains a model on Mondays, and an administrator who renews a key in the same hour.

The calls are those of the night of 26 October; who makes them, from where and how often is what differs.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import JsonValue

from investigator.demo.callers import GO_SDK, Caller, user_key
from investigator.demo.calls import assume, create_key, listing_call, object_call, set_key, sign_in
from investigator.demo.company import (
    ADMINISTRATOR,
    BACKUP_USER,
    BUILD_HOST,
    CI_KEY,
    CI_ROLE,
    CI_USER,
    EXPORTS,
    FAR,
    GLOBAL,
    HOME,
    NIGHT,
    OFFICE,
    TRAINING_ROLE,
    clock,
    hexed,
    unique,
)
from investigator.demo.journal import Call, Journal, denied
from investigator.demo.launches import BIG_GPU_TYPE, GPU_TYPE, Machine, launch, refused_launch

OBJECTS_READ = 210
HOURS = 8
MACHINE_COUNT = 3
MONDAYS = tuple(NIGHT - timedelta(days=7 * weeks) for weeks in (4, 3, 2, 1, 0))

_CHECKS = (
    ("ec2:DescribeRegions", GLOBAL), ("ec2:DescribeVpcs", FAR), ("ec2:DescribeSubnets", FAR),
    ("ec2:DescribeSecurityGroups", FAR), ("ec2:DescribeInstances", FAR), ("ec2:DescribeInstanceTypeOfferings", FAR),
    ("ec2:DescribeImages", FAR), ("iam:ListRoles", GLOBAL), ("iam:GetAccountSummary", GLOBAL),
    ("s3:ListBuckets", HOME), ("lambda:ListFunctions20150331", HOME), ("ecr:DescribeRepositories", HOME),
    ("cloudformation:DescribeStacks", HOME), ("logs:DescribeLogGroups", HOME), ("ec2:DescribeInstances", HOME),
)  # fmt: skip


def backup_key(day: datetime) -> str:
    """The key of the backup user on that day: a new one every Monday."""
    return unique("AKIA", f"{BACKUP_USER}/week {_week(day)}")


def trains(journal: Journal) -> None:
    """Every Monday of the month: checks, two role hops, the training set, three machines for eight hours."""
    for monday in MONDAYS:
        _trains_on(journal, monday + timedelta(minutes=journal.random.randint(0, 25)))


def renews_keys(journal: Journal) -> None:
    """Every Monday the administrator gives the backup user a new key, and switches the old one off."""
    for monday in MONDAYS:
        start = clock(monday, "13:05:00") + timedelta(minutes=journal.random.randint(0, 20))
        session = sign_in(journal, start, ADMINISTRATOR, OFFICE)
        asked: JsonValue = {"userName": BACKUP_USER}
        listed = Call(action="iam:ListAccessKeys", region=GLOBAL, request=asked)
        journal.write(start + timedelta(minutes=1), session, listed)
        create_key(journal, start + timedelta(minutes=2), session, BACKUP_USER, backup_key(monday + timedelta(days=1)))
        old = backup_key(monday)
        set_key(journal, start + timedelta(minutes=9), session, BACKUP_USER, old)
        request: JsonValue = {"userName": BACKUP_USER, "accessKeyId": old}
        deleted = Call(action="iam:DeleteAccessKey", region=GLOBAL, request=request)
        journal.write(start + timedelta(minutes=21), session, deleted)


def machines(monday: datetime) -> tuple[Machine, ...]:
    """The machines of one run."""
    return tuple(_machines(monday))


def _machines(monday: datetime) -> Iterator[Machine]:
    for number in range(MACHINE_COUNT):
        yield Machine(
            id=hexed("i", f"training/{monday:%Y%m%d}/{number}"),
            name=f"training-{number}",
            kind=GPU_TYPE,
            region=FAR,
            launched=clock(monday, "09:58:30"),
            private=f"10.60.1.{10 + number}",
        )


def _trains_on(journal: Journal, start: datetime) -> None:
    monday = start.replace(hour=0, minute=0)
    start = clock(start, "09:05:00")
    builder = user_key(CI_USER, CI_KEY, BUILD_HOST, GO_SDK.format(api="sts"))
    _checks(journal, start, builder)
    run = f"training-{monday:%Y%m%d}"
    pipeline = assume(journal, start + timedelta(minutes=5), builder, CI_ROLE, run)
    trainer = assume(journal, start + timedelta(minutes=6), pipeline, TRAINING_ROLE, run)
    _reads_the_training_set(journal, start + timedelta(minutes=7), monday, trainer)
    batch = machines(monday)
    journal.write(batch[0].launched - timedelta(minutes=2), trainer, refused_launch(FAR, BIG_GPU_TYPE, batch[0]))
    journal.write(batch[0].launched, trainer, launch(batch))
    _ends(journal, batch[0].launched + timedelta(hours=HOURS), run, batch)


def _checks(journal: Journal, start: datetime, builder: Caller) -> None:
    journal.write(start, builder, Call(action="sts:GetCallerIdentity", region=HOME))
    moment = start
    for action, region in _CHECKS:
        moment += timedelta(seconds=journal.random.randint(3, 14))
        journal.write(moment, builder, Call(action=action, region=region))
    for action in ("servicequotas:ListServiceQuotas", "organizations:DescribeOrganization"):
        moment += timedelta(seconds=4)
        journal.write(moment, builder, denied(builder, action, FAR if action.startswith("service") else GLOBAL))


def _reads_the_training_set(journal: Journal, moment: datetime, monday: datetime, trainer: Caller) -> None:
    journal.write(moment, trainer, listing_call(EXPORTS, "daily/"))
    for number in range(OBJECTS_READ):
        moment += timedelta(seconds=journal.random.randint(2, 6))
        day = monday - timedelta(days=1 + number // 7)
        key = f"daily/{day:%Y-%m-%d}/part-{number % 7:02d}.csv.gz"
        journal.write(
            moment, trainer, object_call("GetObject", EXPORTS, key, 310_000 + journal.random.randint(0, 9_000))
        )


def _ends(journal: Journal, at: datetime, run: str, batch: tuple[Machine, ...]) -> None:
    """Eight hours later a new session of the pipeline terminates the machines."""
    builder = user_key(CI_USER, CI_KEY, BUILD_HOST, GO_SDK.format(api="sts"))
    pipeline = assume(journal, at - timedelta(minutes=2), builder, CI_ROLE, f"{run}-end")
    trainer = assume(journal, at - timedelta(minutes=1), pipeline, TRAINING_ROLE, f"{run}-end")
    ids: JsonValue = {"items": [{"instanceId": machine.id} for machine in batch]}
    ended: JsonValue = {
        "items": [
            {
                "instanceId": machine.id,
                "currentState": {"code": 32, "name": "shutting-down"},
                "previousState": {"code": 16, "name": "running"},
            }
            for machine in batch
        ]
    }
    call = Call(
        action="ec2:TerminateInstances", region=FAR, request={"instancesSet": ids}, response={"instancesSet": ended}
    )
    journal.write(at, trainer, call)


def _week(day: datetime) -> int:
    """Weeks since the history began; a week turns on Monday at 13:30, when the new key is in use."""
    return (day - timedelta(hours=13, minutes=30) - MONDAYS[0]).days // 7
