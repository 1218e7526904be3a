"""Sessions whose records carry no access key: matched by issue time, or as the only candidate (9.6, rules 2 and 2b)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.search import Search, equals
from investigator.domain.times import parse_instant, to_text
from investigator.ports.store import Store
from investigator.stages.chains.issuing import Rule, expiry, session_arn

TOLERANCE = timedelta(seconds=1)
LONGEST_SESSION = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class KeylessMatch:
    """The records of one session that name no key: which they are, and how sure that is."""

    where: Search
    rule: Rule


@dataclass(frozen=True, slots=True)
class Keyless:
    """What was matched for one issuing record, and what could not be."""

    matches: tuple[KeylessMatch, ...] = ()
    gaps: tuple[Gap, ...] = ()


def records_without_key(issuer: Event, store: Store) -> Keyless:
    """The keyless records of the session that `issuer` made."""
    arn = session_arn(issuer)
    if not arn or issuer.time is None:
        return Keyless()
    keyless = Search(terms=(equals("arn", arn), equals("key", "null")))
    if not is_there(keyless, store):
        return Keyless()
    by_time = _by_issue_time(keyless, issuer.time, store)
    rest = keyless.also(equals("session_start", "null")).within(issuer.time, _end(issuer, issuer.time))
    found = store.group(rest)
    if not found.count:
        return Keyless(matches=by_time)
    candidates = _candidates(arn, issuer, store)
    if len(candidates) == 1:
        return Keyless(matches=(*by_time, KeylessMatch(rest, Rule.ONLY_CANDIDATE)))
    return Keyless(matches=by_time, gaps=(_ambiguous(arn, candidates, found.count),))


def is_there(where: Search, store: Store) -> bool:
    """Whether any record matches."""
    return any(True for _ in store.events(where, limit=1))


def _by_issue_time(keyless: Search, issued: datetime, store: Store) -> tuple[KeylessMatch, ...]:
    if not is_there(keyless.also(equals("session_start", "null").model_copy(update={"negated": True})), store):
        return ()
    times = {
        event.session_start
        for event in store.events(keyless, limit=2_000)
        if event.session_start and abs(_moment(event.session_start, issued) - issued) <= TOLERANCE
    }
    return tuple(KeylessMatch(keyless.also(equals("session_start", start)), Rule.ISSUE_TIME) for start in sorted(times))


def _moment(text: str, otherwise: datetime) -> datetime:
    try:
        return parse_instant(text)
    except ValueError:
        return otherwise + timedelta(days=36_500)


def _end(issuer: Event, issued: datetime) -> datetime:
    return expiry(issuer.answered("credentials.expiration")) or issued + LONGEST_SESSION


def _candidates(arn: str, issuer: Event, store: Store) -> Sequence[Event]:
    calls = store.events(
        Search(
            terms=(
                equals("name", "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"),
                equals("outcome", "success"),
                equals("requestParameters.roleSessionName", issuer.asked("roleSessionName")),
            )
        )
    )
    start = issuer.time
    assert start is not None
    end = _end(issuer, start)
    return [
        call
        for call in calls
        if session_arn(call) == arn and call.time is not None and call.time < end and _end(call, call.time) > start
    ]


def _ambiguous(arn: str, candidates: Sequence[Event], records: int) -> Gap:
    issuers = ", ".join(f"{call.id} at {to_text(call.time)}" for call in candidates if call.time)
    return Gap.of(
        what=f"which issue of the session {arn} made {records} of its records",
        why=f"they carry no access key and no session start, and several calls issued that session: {issuers}",
        effect="these records are not tied to one credential",
        close="compare the callers' addresses and times, or read the records of LookupEvents, which name the key",
    )
