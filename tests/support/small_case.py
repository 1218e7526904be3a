"""A small incident told as a log, and an Investigation that starts no process."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from investigator.adapters.cases import CaseDatabase
from investigator.investigation import Investigation
from investigator.settings import Settings
from investigator.wiring import equipment
from tests.support.log_files import write_log
from tests.support.matters import history
from tests.support.story import key_of, told

WORRY = "The access key of alice was committed to a public repository"
STORY = """
    03:04 alice iam:ListUsers                                  from 198.51.100.7
    03:06 alice iam:CreateUser(support)                        from 198.51.100.7
    03:07 alice iam:CreateAccessKey(support) -> AKIASUPPORT00000EXAM from 198.51.100.7
    03:09 AKIASUPPORT00000EXAM s3:ListBuckets                  from 198.51.100.7
    03:12 AKIASUPPORT00000EXAM cloudtrail:StopLogging(main)    from 198.51.100.7
"""
ALERT = {
    "source": "aws.guardduty",
    "detail-type": "GuardDuty Finding",
    "account": "111122223333",
    "region": "us-east-1",
    "detail": {
        "schemaVersion": "2.0",
        "id": "6ab1f3d2c0",
        "type": "UnauthorizedAccess:IAMUser/TorIPCaller",
        "severity": 8,
        "accountId": "111122223333",
        "region": "us-east-1",
        "resource": {
            "resourceType": "AccessKey",
            "accessKeyDetails": {"accessKeyId": key_of("alice"), "userName": "alice"},
        },
        "service": {"eventFirstSeen": "2026-01-27T03:00:00Z", "eventLastSeen": "2026-01-27T03:20:00Z", "count": 3},
    },
}


def small_logs(folder: Path) -> Path:
    """A month of everyday life, and the incident."""
    return write_log(folder, (*history("09:00 alice s3:GetObject(acme-data)"), *told(STORY)))


@dataclass
class Launches:
    """In place of worker processes: what was asked for, as (handle, prepare only)."""

    asked: list[tuple[str, bool]] = field(default_factory=list)

    def __call__(self, handle: str, prepare_only: bool) -> Callable[[], int | None]:
        self.asked.append((handle, prepare_only))
        return lambda: None


def without_workers(folder: Path, launches: Launches, patience: float = 5) -> Investigation:
    """An Investigation over a data folder; it notes what it was asked to start, and starts nothing."""
    settings = Settings(case_dir=folder)
    tools = replace(equipment(settings), launch=launches, expect=lambda: None, shelf=CaseDatabase(folder, patience))
    return Investigation(tools, worker_patience=patience)
