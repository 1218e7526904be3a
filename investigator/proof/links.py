"""Linking rules of specification 9.6, recomputed on raw records: does rule N lead from one credential to the other?

Each rule is a function of the two credential ids and the records that a claim names; it tells nothing but yes or no.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from investigator.domain.words import Outcome
from investigator.proof.record import Record, issued_key, outcome_of, signing_key, time_of
from investigator.proof.sessions import expires, is_keyless, session_arn, session_id, signers, started

FEDERATED = frozenset({"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
KEEPS_USER = frozenset({"GetSessionToken", "GetFederationToken"})
SESSION_CALLS = FEDERATED | KEEPS_USER | {"AssumeRole", "AssumeRoot"}
PASSWORD_CALLS = frozenset({"CreateLoginProfile", "UpdateLoginProfile"})
TOLERANCE = timedelta(seconds=1)
SIGN_IN_TOLERANCE = timedelta(seconds=60)
"""A console session's creationDate stands close to the sign-in that opened it."""

Rule = Callable[[str, str, Sequence[Record]], bool]


def leads(rule: str, parent: str, child: str, through: Sequence[Record]) -> bool:
    """Whether the rule, recomputed on these records, leads from parent to child; False for an unknown rule."""
    recompute = RULES.get(rule)
    return recompute is not None and parent != child and recompute(parent, child, through)


def _succeeded(record: Record, calls: frozenset[str]) -> bool:
    return record.text("eventName") in calls and outcome_of(record) is Outcome.SUCCESS


def _signed(record: Record, credential: str, through: Sequence[Record]) -> bool:
    """By its own word; by the record that issued a session without key; or by its twin in the caller's account."""
    if credential in signers(record):
        return True
    if is_keyless(record) and any(_issued(other, credential) and _made(other, record) for other in through):
        return True
    return _is_outside_caller(record) and any(credential in signers(twin) for twin in _twins(record, through))


def _is_outside_caller(record: Record) -> bool:
    return record.text("userIdentity.type") == "AWSAccount"


def _twins(record: Record, through: Sequence[Record]) -> list[Record]:
    shared = record.text("sharedEventID")
    return [
        other
        for other in through
        if shared
        and other is not record
        and other.text("sharedEventID") == shared
        and not _is_outside_caller(other)
        and outcome_of(other) is Outcome.SUCCESS
    ]


def _issued(record: Record, credential: str) -> bool:
    return _succeeded(record, SESSION_CALLS) and credential in (issued_key(record), session_id(record))


def _made(issuer: Record, later: Record) -> bool:
    """Whether a later record belongs, by role, name and time, to the session that `issuer` made."""
    arn, begin, moment = session_arn(issuer), time_of(issuer), time_of(later)
    if not arn or later.text("userIdentity.arn") != arn or begin is None:
        return False
    since = started(later)
    if since is not None:
        return abs(since - begin) <= TOLERANCE
    return moment is not None and begin <= moment < expires(issuer, begin)


def _handed_out(calls: frozenset[str]) -> Rule:
    def recompute(parent: str, child: str, through: Sequence[Record]) -> bool:
        return any(
            _succeeded(record, calls) and issued_key(record) == child and _signed(record, parent, through)
            for record in through
        )

    return recompute


def _shared_event(parent: str, child: str, through: Sequence[Record]) -> bool:
    handed_out = [record for record in through if _issued(record, child)]
    return any(parent in signers(twin) for record in handed_out for twin in _twins(record, through))


def _issue_time(parent: str, child: str, through: Sequence[Record]) -> bool:
    return _belongs(parent, child, through, dated=True)


def _only_candidate(parent: str, child: str, through: Sequence[Record]) -> bool:
    return _belongs(parent, child, through, dated=False)


def _belongs(parent: str, child: str, through: Sequence[Record], *, dated: bool) -> bool:
    issuers = [record for record in through if _succeeded(record, SESSION_CALLS)]
    for later in through:
        made_by = [issuer for issuer in issuers if issuer is not later and _made(issuer, later)]
        ids = {signing_key(later), *(name for issuer in made_by for name in (issued_key(issuer), session_id(issuer)))}
        right_form = (started(later) is not None) if dated else (is_keyless(later) and started(later) is None)
        if len(made_by) == 1 and right_form and child in ids and _signed(made_by[0], parent, through):
            return True
    return False


def _console(parent: str, child: str, through: Sequence[Record]) -> bool:
    return (
        _session_of_sign_in(parent, child, through)
        or _session_of_switch(parent, child, through)
        or _sign_in_with_password(parent, child, through)
    )


def _session_of_sign_in(parent: str, child: str, through: Sequence[Record]) -> bool:
    return any(
        parent in signers(login)
        and later.text("userIdentity.arn") == login.text("userIdentity.arn")
        and _near(started(later), time_of(login))
        for login in through
        if _succeeded(login, frozenset({"ConsoleLogin"}))
        for later in through
        if child in signers(later)
    )


def _session_of_switch(parent: str, child: str, through: Sequence[Record]) -> bool:
    origin = re.fullmatch(r"console:(.+)@[^@]+", parent)
    return any(
        origin is not None
        and switch.text("additionalEventData.SwitchFrom") == origin[1]
        and later.text("userIdentity.arn") == switch.text("userIdentity.arn")
        and _not_after(time_of(switch), time_of(later))
        for switch in through
        if _succeeded(switch, frozenset({"SwitchRole"}))
        for later in through
        if child in signers(later)
    )


def _sign_in_with_password(parent: str, child: str, through: Sequence[Record]) -> bool:
    return any(
        child in signers(later)
        and re.fullmatch(rf"arn:[\w-]+:iam::\d+:user/(.*/)?{re.escape(user)}", later.text("userIdentity.arn"))
        and later.text("userIdentity.accountId") == call.text("recipientAccountId")
        and _not_after(time_of(call), time_of(later))
        for call in through
        if _succeeded(call, PASSWORD_CALLS) and _signed(call, parent, through)
        if (user := call.text("requestParameters.userName"))
        for later in through
    )


def _near(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= SIGN_IN_TOLERANCE


def _not_after(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one <= other


def _by_service(parent: str, child: str, through: Sequence[Record]) -> bool:
    return parent.startswith("service:") and _handed_out(SESSION_CALLS)(parent, child, through)


RULES: dict[str, Rule] = {
    "1": _handed_out(SESSION_CALLS),
    "2": _issue_time,
    "2b": _only_candidate,
    "3": _shared_event,
    "4": _handed_out(SESSION_CALLS),
    "5": _handed_out(KEEPS_USER),
    "6": _handed_out(frozenset({"CreateAccessKey"})),
    "7": _console,
    "8": _handed_out(FEDERATED),
    "9": _by_service,
}
