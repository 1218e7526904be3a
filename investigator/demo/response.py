"""The morning after: a responder signs in from the office and contains what she knows of."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from investigator.demo.callers import Caller
from investigator.demo.calls import attach_to_user, set_key, sign_in
from investigator.demo.company import (
    DEVELOPER,
    GLOBAL,
    HOME,
    LEAKED_KEY,
    NIGHT,
    OFFICE,
    QUARANTINE_ARN,
    RESPONDER,
    TRAIL_ARN,
    clock,
)
from investigator.demo.journal import Call, Journal

MORNING = NIGHT + timedelta(days=1)
STARTED = clock(MORNING, "07:52:40")
QUARANTINED = clock(MORNING, "07:58:21")
SWITCHED_OFF = clock(MORNING, "08:01:47")


def respond(journal: Journal) -> None:
    """She turns logging on again, quarantines the developer's user and switches the leaked key off."""
    session = sign_in(journal, clock(MORNING, "07:46:05"), RESPONDER, OFFICE)
    _reads_alerts(journal, clock(MORNING, "07:47:20"), session)
    start: JsonValue = {"name": TRAIL_ARN}
    journal.write(STARTED, session, Call(action="cloudtrail:StartLogging", region=HOME, request=start))
    attach_to_user(journal, QUARANTINED, session, DEVELOPER, QUARANTINE_ARN)
    set_key(journal, SWITCHED_OFF, session, DEVELOPER, LEAKED_KEY)
    for minutes, action in enumerate(("iam:ListAccessKeys", "iam:ListAttachedUserPolicies"), start=1):
        call = Call(action=action, region=GLOBAL, request={"userName": DEVELOPER})
        journal.write(SWITCHED_OFF + timedelta(minutes=minutes), session, call)
    trail = Call(action="cloudtrail:GetTrailStatus", region=HOME, request={"name": TRAIL_ARN})
    journal.write(SWITCHED_OFF + timedelta(minutes=4), session, trail)


def reviews(journal: Journal) -> None:
    """The weekly look of the security team at its detectors, on the Fridays before."""
    for weeks in range(1, 5):
        start = clock(NIGHT - timedelta(days=7 * weeks - 4), "09:10:00") + timedelta(
            minutes=journal.random.randint(0, 50)
        )
        session = sign_in(journal, start, RESPONDER, OFFICE)
        _reads_alerts(journal, start + timedelta(minutes=2), session)


def _reads_alerts(journal: Journal, start: datetime, session: Caller) -> None:
    reads = ("guardduty:ListDetectors", "guardduty:ListFindings", "cloudtrail:GetTrailStatus", "iam:ListUsers")
    for step, action in enumerate(reads):
        region = GLOBAL if action.startswith("iam") else HOME
        journal.write(start + timedelta(seconds=37 * step), session, Call(action=action, region=region))
