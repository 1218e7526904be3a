"""What the account holds when the case is opened: identities, machines, trail, detectors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from investigator.demo import intrusion, planned, response
from investigator.demo.alerts import Finding, findings_of_the_intrusion
from investigator.demo.company import (
    ADMINISTRATOR,
    BACKUP_KEY,
    BACKUP_ROLE,
    BACKUP_USER,
    CI_KEY,
    CI_ROLE,
    CI_USER,
    CONFIG_ROLE,
    DEVELOPER,
    EXPORT_ROLE,
    HISTORY,
    HOME,
    LEAKED_KEY,
    LOGS_ROLE,
    MONITORING_ROLE,
    NIGHT,
    ORDERS_ROLE,
    QUARANTINE_ARN,
    RESPONDER,
    SECOND,
    SECOND_DEVELOPER,
    SECOND_DEVELOPER_KEY,
    SECOND_KEY,
    STAGING_ROLE,
    TRAINING_ROLE,
    VENDOR_ACCOUNT,
    WEB_ROLE,
    clock,
    hexed,
    role_arn,
    user_arn,
)
from investigator.demo.launches import Machine
from investigator.demo.policies import (
    ADMINISTRATOR_ACCESS,
    EC2_FULL_ACCESS,
    POWER_USER_ACCESS,
    READ_ONLY_ACCESS,
    SECURITY_AUDIT,
    allow,
)
from investigator.demo.programs import WEB_SERVERS

FOUNDED = datetime(2024, 3, 4, 9, 12, 40, tzinfo=UTC)
"""When the account's first identities were made."""


@dataclass(frozen=True, slots=True)
class Key:
    """An access key of a user."""

    id: str
    created: datetime
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An IAM user."""

    name: str
    created: datetime = FOUNDED
    keys: tuple[Key, ...] = ()
    attached: tuple[str, ...] = ()
    inline: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    console: bool = False
    """Has a password, and an MFA device with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """An IAM role."""

    name: str
    trusts: JsonValue
    """The Principal element of the trust policy."""
    created: datetime = FOUNDED
    path: str = "/"
    attached: tuple[str, ...] = ()
    inline: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """The account as its AWS answers show it."""

    users: tuple[User, ...]
    roles: tuple[Role, ...]
    machines: tuple[Machine, ...]
    findings: tuple[Finding, ...] = ()
    logging_stopped: datetime | None = None
    logging_started: datetime = FOUNDED
    gpu_hours: Mapping[datetime, float] = field(default_factory=dict[datetime, float])
    """Hours that GPU machines ran in the far Region, by day."""


def after_the_intrusion() -> Estate:
    """With the second key, the quarantine and the machines that still run."""
    developer = _developer(active=False, attached=(QUARANTINE_ARN,))
    backup = _backup_user(Key(BACKUP_KEY, FOUNDED), Key(SECOND_KEY, clock(NIGHT, "23:05:12")))
    return Estate(
        users=(developer, _second_developer(), _administrator(), _responder(), _ci_user(), backup),
        roles=_roles(),
        machines=(*_shop(), *intrusion.MACHINES),
        findings=findings_of_the_intrusion(),
        logging_stopped=intrusion.STOPPED,
        logging_started=response.STARTED,
        gpu_hours=_hours_since(intrusion.LAUNCHED, len(intrusion.MACHINES)),
    )


def after_the_run() -> Estate:
    """With this week's key of the backup user; the machines of the run are gone."""
    key = Key(planned.backup_key(NIGHT + timedelta(days=1)), clock(NIGHT, "13:07:00"))
    return Estate(
        users=(_developer(), _second_developer(), _administrator(), _responder(), _ci_user(), _backup_user(key)),
        roles=_roles(),
        machines=_shop(),
        gpu_hours=dict.fromkeys(planned.MONDAYS, planned.HOURS * planned.MACHINE_COUNT * 1.0),
    )


def _hours_since(launched: datetime, count: int) -> dict[datetime, float]:
    """Machine hours by day from the launch on; Cost Explorer knows the present day up to 04:00."""
    days = [NIGHT, NIGHT + timedelta(days=1), NIGHT + timedelta(days=2)]
    ends = [days[1], days[2], days[2] + timedelta(hours=4)]
    return {day: count * (end - max(day, launched)).total_seconds() / 3600 for day, end in zip(days, ends, strict=True)}


def _developer(*, active: bool = True, attached: tuple[str, ...] = ()) -> User:
    key = Key(LEAKED_KEY, datetime(2026, 2, 11, 13, 40, 5, tzinfo=UTC), active)
    rights = {"take-staging": allow("sts:AssumeRole", role_arn(STAGING_ROLE))}
    return User(name=DEVELOPER, keys=(key,), attached=(READ_ONLY_ACCESS, *attached), inline=rights)


def _second_developer() -> User:
    return User(name=SECOND_DEVELOPER, keys=(Key(SECOND_DEVELOPER_KEY, FOUNDED),), attached=(READ_ONLY_ACCESS,))


def _administrator() -> User:
    return User(name=ADMINISTRATOR, attached=(ADMINISTRATOR_ACCESS,), console=True)


def _responder() -> User:
    return User(name=RESPONDER, attached=(SECURITY_AUDIT, ADMINISTRATOR_ACCESS), console=True)


def _ci_user() -> User:
    rights = {"take-deploy": allow("sts:AssumeRole", role_arn(CI_ROLE))}
    return User(name=CI_USER, keys=(Key(CI_KEY, FOUNDED),), attached=(READ_ONLY_ACCESS,), inline=rights)


def _backup_user(*keys: Key) -> User:
    return User(name=BACKUP_USER, keys=keys, attached=(EC2_FULL_ACCESS,), inline={"backups": allow("s3:*", "*")})


def _roles() -> tuple[Role, ...]:
    ours: JsonValue = [user_arn(DEVELOPER), user_arn(SECOND_DEVELOPER)]
    exports: JsonValue = {"AWS": [role_arn(STAGING_ROLE)], "Service": "lambda.amazonaws.com"}
    keys = {"service-keys": allow(["iam:CreateAccessKey", "iam:GetRole", "iam:List*"], "*")}
    return (
        Role(
            name=CONFIG_ROLE, trusts={"Service": "config.amazonaws.com"}, path="/aws-service-role/config.amazonaws.com/"
        ),
        Role(name=BACKUP_ROLE, trusts={"Service": "backup.amazonaws.com"}, attached=(EC2_FULL_ACCESS,)),
        Role(name=CI_ROLE, trusts={"AWS": user_arn(CI_USER)}, attached=(POWER_USER_ACCESS,)),
        Role(name=EXPORT_ROLE, trusts=exports, inline={"read-exports": allow(["s3:GetObject", "s3:ListBucket"], "*")}),
        Role(name=LOGS_ROLE, trusts={"Service": "lambda.amazonaws.com"}, inline={"logs": allow("logs:*", "*")}),
        Role(name=MONITORING_ROLE, trusts={"AWS": f"arn:aws:iam::{VENDOR_ACCOUNT}:root"}, attached=(SECURITY_AUDIT,)),
        Role(
            name=ORDERS_ROLE, trusts={"Service": "lambda.amazonaws.com"}, inline={"orders": allow("s3:PutObject", "*")}
        ),
        Role(name=STAGING_ROLE, trusts={"AWS": ours}, attached=(POWER_USER_ACCESS,), inline=keys),
        Role(name=TRAINING_ROLE, trusts={"AWS": role_arn(CI_ROLE)}, attached=(EC2_FULL_ACCESS,)),
        Role(name=WEB_ROLE, trusts={"Service": "ec2.amazonaws.com"}, inline={"shop": allow("s3:GetObject", "*")}),
    )


def _shop() -> tuple[Machine, ...]:
    """The machines that have always been there."""
    web = [
        Machine(
            id=instance,
            name=f"web-{number}",
            kind="t3.large",
            region=HOME,
            launched=HISTORY - timedelta(days=94),
            private=address,
            profile=WEB_ROLE,
        )
        for number, (instance, address) in enumerate(WEB_SERVERS.items(), start=1)
    ]
    staging = Machine(
        id=hexed("i", "staging-1"),
        name="staging-1",
        kind="t3.medium",
        region=SECOND,
        launched=HISTORY - timedelta(days=40),
        private="10.40.1.9",
        profile=WEB_ROLE,
    )
    return (*web, staging)
