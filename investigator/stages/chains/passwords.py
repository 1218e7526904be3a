"""Passwords: the sign-ins that follow when a credential gives a user a password (9.6, rules 6 and 7)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.search import Search, any_of, equals, search
from investigator.ports.store import Store
from investigator.stages.chains.console import SIGN_IN, signed_in_at
from investigator.stages.chains.forest import Offspring
from investigator.stages.chains.issuing import Rule
from investigator.stages.chains.limits import MOST_CALLS, too_many
from investigator.stages.chains.starts import Starts

PASSWORD_CALLS = ("CreateLoginProfile", "UpdateLoginProfile")
_ENDING = "DeleteLoginProfile"
_SUCCESS = equals("outcome", "success")
User = tuple[str, str]
"""Account and name."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Console sessions by time, and Gaps for those that were not read."""

    found: tuple[Offspring, ...] = ()
    gaps: tuple[Gap, ...] = ()


def sign_ins(givers: Mapping[EvidenceId, str], calls: Sequence[Event], store: Store) -> Sessions:
    """The sign-ins of users to whom these calls gave a password; `givers` says whose call each was.

    A sign-in belongs to the last call that set the user's password before it: whoever resets it ends what an earlier
    password can do.
    """
    given = [call for call in calls if call.asked("userName") and call.time]
    if not given:
        return Sessions()
    users = list(dict.fromkeys(call.asked("userName") for call in given))
    passwords = _Passwords(users, store)
    where = search(equals("name", "ConsoleLogin"), equals("user", *users), _SUCCESS)
    start = min(call.time for call in given if call.time)
    logins = tuple(store.events(where.within(start, None), limit=MOST_CALLS))
    records = _records([login for login in logins if login.arn], store)
    found = tuple(
        Offspring(_session(login, setter, givers[setter]), (search(equals("id", login.id)), records[login.id]))
        for login in logins
        if login.arn and (setter := passwords.set_before(login)) in givers
    )
    return Sessions(found, (too_many("sign-ins", logins[-1].id),) if len(logins) == MOST_CALLS else ())


class _Passwords:
    """Which call set the password of each user, at any time; a deleted one counts as set by whoever deleted it."""

    def __init__(self, users: Sequence[str], store: Store) -> None:
        names = equals("name", *PASSWORD_CALLS, _ENDING)
        self._calls: dict[User, list[tuple[datetime, EvidenceId]]] = defaultdict(list)
        for call in store.events(search(names, equals("requestParameters.userName", *users), _SUCCESS)):
            if call.time:
                self._calls[call.account, call.asked("userName")].append((call.time, call.id))

    def set_before(self, login: Event) -> EvidenceId:
        """The id of the last call before a sign-in; "" when there is none."""
        calls = self._calls.get((login.account, login.user), [])
        before = bisect_right(calls, login.time, key=lambda call: call[0]) if login.time else 0
        return calls[before - 1][1] if before else ""


def _session(login: Event, by: EvidenceId, giver: str) -> Credential:
    return Credential(
        id=f"console:{login.arn}@{signed_in_at(login)}",
        issued_to=login.arn,
        parent=giver,
        by=by,
        rule=Rule.CONSOLE,
        certainty="medium",
        start=login.time,
    )


def _records(logins: Sequence[Event], store: Store) -> Mapping[EvidenceId, Search]:
    """The search for the records of each sign-in's session: those that began when it was, or closest to it."""
    by_arn: dict[str, list[Event]] = defaultdict(list)
    for login in logins:
        by_arn[login.arn].append(login)
    if not by_arn:
        return {}
    starts = Starts(_console_starts(list(by_arn), store))
    return {
        login.id: search(equals("arn", arn), equals("session_start", *_nearest(position, same, starts)))
        for arn, same in by_arn.items()
        for position, login in enumerate(same)
    }


def _console_starts(arns: Sequence[str], store: Store) -> Iterator[tuple[str, str]]:
    """The session starts of users, but for those of sessions that a call handed out."""
    signed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for arn, start, key in store.distinct(any_of("arn", arns), "arn", "session_start", "key"):
        signed[arn, start].append(key)
    keys = [key for same in signed.values() for key in same]
    handed_out = store.distinct(any_of("issued_key", keys), "issued_key") if keys else ()
    issued = frozenset(key for key, *_ in handed_out)
    for arn, start in store.distinct(any_of("arn", arns), "arn", "session_start"):
        same = signed.get((arn, start), [])
        if not same or not issued.issuperset(same):
            yield arn, start


def _nearest(position: int, logins: Sequence[Event], starts: Starts) -> Sequence[str]:
    """The starts that lie closer to this sign-in than to the one before or after; its own time when there are none."""
    login = logins[position]
    if login.time is None:
        return (signed_in_at(login),)
    before = next((other.time for other in reversed(logins[:position]) if other.time), None)
    after = next((other.time for other in logins[position + 1 :] if other.time), None)
    near = [
        text
        for start, text in starts.near(login.arn, login.time, SIGN_IN)
        if (before is None or abs(start - login.time) < abs(start - before))
        and (after is None or abs(start - login.time) <= abs(start - after))
    ]
    return near or (signed_in_at(login),)
