"""Halyard Freight: the invented company that the embedded case is about, its people, networks and places.

Addresses come from the documentation ranges of RFC 5737 and from RFC 1918.
"""

import random
import string
from datetime import UTC, datetime, timedelta

SEED = "halyard-freight"
ACCOUNT = "111122223333"
VENDOR_ACCOUNT = "444455556666"

HOME = "eu-west-1"
GLOBAL = "us-east-1"
SECOND = "eu-central-1"
FAR = "ap-south-1"
REGIONS = (
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
    "us-east-1", "us-east-2", "us-west-1", "us-west-2",
)  # fmt: skip
"""Every Region that an account has without opting in."""

OFFICE_NETWORK = "203.0.113.0/24"
OFFICE = "203.0.113.24"
BUILD_HOST = "203.0.113.80"
NAT_GATEWAY = "203.0.113.200"
VENDOR = "192.0.2.30"
NEW_ADDRESS = "198.51.100.77"
NEXT_ADDRESS = "198.51.100.142"

DEVELOPER = "nadia.osei"
SECOND_DEVELOPER = "piotr.zielinski"
ADMINISTRATOR = "tomas.ek"
RESPONDER = "ida.brandt"
CI_USER = "svc-ci"
BACKUP_USER = "svc-backup"
USERS = (DEVELOPER, SECOND_DEVELOPER, ADMINISTRATOR, RESPONDER, CI_USER, BACKUP_USER)

STAGING_ROLE = "staging-deploy"
EXPORT_ROLE = "export-reader"
CI_ROLE = "ci-deploy"
TRAINING_ROLE = "training-launch"
WEB_ROLE = "web-server"
ORDERS_ROLE = "orders-handler"
BACKUP_ROLE = "backup-runner"
LOGS_ROLE = "log-shipper"
MONITORING_ROLE = "monitoring-reader"
CONFIG_ROLE = "AWSServiceRoleForConfig"

TRAIL = "halyard-trail"
TRAIL_ARN = f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/{TRAIL}"
TRAIL_BUCKET = "halyard-cloudtrail-logs"
EXPORTS = "halyard-customer-exports"
ORDERS = "halyard-orders"
BACKUPS = "halyard-backups"
BUCKETS = (BACKUPS, TRAIL_BUCKET, EXPORTS, ORDERS)

QUARANTINE_ARN = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"

HISTORY = datetime(2026, 9, 26, tzinfo=UTC)
"""The first day of the log files: 30 days before anything happens."""
NIGHT = datetime(2026, 10, 26, tzinfo=UTC)
"""The day of the incident, or of the planned run in the benign twin."""
AS_OF = datetime(2026, 10, 28, 12, tzinfo=UTC)
"""When the case is opened."""


def clock(day: datetime, time: str) -> datetime:
    """The moment `HH:MM:SS` of that day."""
    hours, minutes, seconds = map(int, time.split(":"))
    return day + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def unique(prefix: str, name: str) -> str:
    """The unique id of an identity or key: the prefix and 16 or 17 letters and digits, the same for the same name."""
    drawn = random.Random(f"{SEED}/{prefix}/{name}")
    length = 17 if prefix in {"AIDA", "AROA", "ANPA"} else 16
    return prefix + "".join(drawn.choices(string.ascii_uppercase + "234567", k=length))


def hexed(kind: str, name: str) -> str:
    """A resource id such as `i-0…`: the kind and 17 hex digits, the same for the same name."""
    return f"{kind}-0{random.Random(f'{SEED}/{kind}/{name}').getrandbits(64):016x}"


def user_arn(user: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:user/{user}"


def role_arn(role: str) -> str:
    path = "aws-service-role/config.amazonaws.com/" if role == CONFIG_ROLE else ""
    return f"arn:aws:iam::{ACCOUNT}:role/{path}{role}"


LEAKED_KEY = unique("AKIA", f"{DEVELOPER}/1")
BACKUP_KEY = unique("AKIA", f"{BACKUP_USER}/1")
SECOND_KEY = unique("AKIA", f"{BACKUP_USER}/2")
CI_KEY = unique("AKIA", f"{CI_USER}/1")
SECOND_DEVELOPER_KEY = unique("AKIA", f"{SECOND_DEVELOPER}/1")
