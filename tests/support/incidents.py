"""One small incident, told whole: a month of everyday work, a stolen key, what was done with it, and a responder."""

from dataclasses import replace
from pathlib import Path

from investigator.domain.event import Event
from investigator.domain.words import Outcome
from tests.support.log_files import write_log
from tests.support.matters import history
from tests.support.story import key_of, told

KEY = key_of("build")
WORRY = f"The access key {KEY} of user build was pushed to GitHub on 2026-01-27."
INTRUDER = "198.51.100.7"
_ATTACK = f"""
    18:58:01 build    sts:GetCallerIdentity                         from {INTRUDER}
    19:00:02 build    iam:ListUsers                                 from {INTRUDER}
    19:02:03 build    iam:CreateUser(shadow) denied                 from {INTRUDER}
    19:04:04 build    iam:CreateAccessKey(backup) -> AKIABACKUP000000000 from {INTRUDER}
    19:06:05 AKIABACKUP000000000 sts:AssumeRole(deploy/nightly) -> ASIADEPLOY0000000000 from {INTRUDER}
    19:08:06 ASIADEPLOY0000000000 s3:GetObject(acme-data)            from {INTRUDER} in eu-west-1
    19:09:07 ASIADEPLOY0000000000 s3:GetObject(acme-data)            from {INTRUDER} in eu-west-1
    19:10:08 ASIADEPLOY0000000000 ec2:RunInstances -> i-0123456789abcdef0 from {INTRUDER} in eu-west-1
    19:12:09 AKIABACKUP000000000 cloudtrail:StopLogging(management-events) from {INTRUDER}
    20:30:10 admin    cloudtrail:StartLogging(management-events)
    20:32:11 admin    iam:DeleteLoginProfile(build)
"""


def leak() -> tuple[Event, ...]:
    """The incident as events, with all columns that a record can fill; ids are `ct:1` …, the month's `ct:d1` …."""
    month = (*history("09:00 build s3:ListBuckets"), *history("10:00 admin iam:ListUsers"))
    days = tuple(replace(event, id=f"ct:d{n}", request_id=f"d{n}") for n, event in enumerate(month, 1))
    return (*days, *map(_whole, told(_ATTACK)))


def _whole(event: Event) -> Event:
    """The event with what a session, a failure and a signed request also say."""
    context = {"session_start": "2026-01-27T18:57:00Z", "mfa": "false"} if event.session else {}
    failure = {"error_message": f"not authorized: {event.action}"} if event.outcome is not Outcome.SUCCESS else {}
    return replace(event, event_type="AwsApiCall", **context, **failure)


def leak_logs(folder: Path) -> Path:
    """The incident as one log file in a folder."""
    return write_log(folder, leak())
