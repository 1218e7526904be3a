"""Sessions whose records carry no access key: matched by issue time, or as the only candidate (9.6, rules 2 and 2b)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.search import Search, equals, search
from investigator.domain.times import to_text
from investigator.ports.store import Store
from investigator.stages.chains.issuing import Rule, expiry, session_arn
from investigator.stages.chains.starts import Starts
from investigator.stages.matter import moment

TOLERANCE = timedelta(seconds=1)
LONGEST_SESSION = timedelta(hours=12)
MOST_BARE = 20_000
"""Records with neither key nor session start, and calls that may have issued their sessions, read for one hop."""
MOST_NAMED = 20
_BARE = equals("session_start", "null")
_ASSUMED = (
    equals("name", "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"),
    equals("outcome", "success"),
)


@dataclass(frozen=True, slots=True)
class KeylessMatch:
    """The records of one session that name no key: which they are, and how sure that is."""

    where: Search
    rule: Rule


@dataclass(frozen=True, slots=True)
class Keyless:
    """What was matched for each issuing record, by its id, and what could not be."""

    matches: Mapping[EvidenceId, tuple[KeylessMatch, ...]] = field(
        default_factory=dict[EvidenceId, tuple[KeylessMatch, ...]]
    )
    gaps: tuple[Gap, ...] = ()

    def of(self, issuer: Event) -> tuple[KeylessMatch, ...]:
        return self.matches.get(issuer.id, ())


def records_without_key(issuers: Iterable[Event], store: Store) -> Keyless:
    """The keyless records of the sessions that these calls made."""
    issues = [Issue(event, arn, event.time) for event in issuers if event.time and (arn := session_arn(event))]
    if not issues:
        return Keyless()
    arns = list(dict.fromkeys(issue.arn for issue in issues))
    keyless = search(equals("arn", *arns), equals("key", "null"))
    starts = Starts(store.distinct(keyless, "arn", "session_start"))
    bare = frozenset(arn for (arn,) in store.distinct(keyless.also(_BARE), "arn"))
    only, gaps = _only_candidates([issue for issue in issues if issue.arn in bare], store)
    matches = {issue.call.id: (*_by_issue_time(issue, starts), *only.get(issue.call.id, ())) for issue in issues}
    return Keyless({id_: found for id_, found in matches.items() if found}, gaps)


@dataclass(frozen=True, slots=True)
class Issue:
    """A call that issued a session, whose ARN and time it tells."""

    call: Event
    arn: str
    time: datetime

    @property
    def end(self) -> datetime:
        """When the session ended, as the answer says it, but never later than a session of a role can."""
        latest = self.time + LONGEST_SESSION
        return min(expiry(self.call.answered("credentials.expiration")) or latest, latest)

    @property
    def keyless(self) -> Search:
        return search(equals("arn", self.arn), equals("key", "null"))

    @property
    def bare(self) -> Search:
        """Its records, were it the only one: between issue and end."""
        return self.keyless.also(_BARE).within(self.time, self.end)


def _by_issue_time(issue: Issue, starts: Starts) -> Iterator[KeylessMatch]:
    for _, start in starts.near(issue.arn, issue.time, TOLERANCE):
        yield KeylessMatch(issue.keyless.also(equals("session_start", start)), Rule.ISSUE_TIME)


def _only_candidates(
    issues: Sequence[Issue], store: Store
) -> tuple[Mapping[EvidenceId, tuple[KeylessMatch, ...]], tuple[Gap, ...]]:
    """Records with neither key nor start, where one call alone can have issued their session; else a Gap."""
    if not issues:
        return {}, ()
    records = _Bare.read(issues, store)
    matches: dict[EvidenceId, tuple[KeylessMatch, ...]] = {}
    unclear: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        if records.within(issue) and len(records.rivals(issue)) == 1:
            matches[issue.call.id] = (KeylessMatch(issue.bare, Rule.ONLY_CANDIDATE),)
        elif records.within(issue):
            unclear[issue.arn].append(issue)
    return matches, (*records.gaps, *(_ambiguous(arn, unclear[arn], records) for arn in sorted(unclear)))


@dataclass(frozen=True, slots=True)
class _Bare:
    """When records with neither key nor start were made, by ARN, and which calls issued such sessions."""

    times: Mapping[str, Sequence[datetime]]
    issues: Mapping[str, Sequence[Issue]]
    gaps: tuple[Gap, ...]

    @classmethod
    def read(cls, issues: Sequence[Issue], store: Store) -> "_Bare":
        arns = list(dict.fromkeys(issue.arn for issue in issues))
        where = search(equals("arn", *arns), equals("key", "null"), _BARE)
        span = where.within(min(issue.time for issue in issues), max(issue.end for issue in issues))
        times: dict[str, list[datetime]] = defaultdict(list)
        for event in store.events(span, limit=MOST_BARE):
            times[event.arn].append(event.time or datetime.max.replace(tzinfo=UTC))
        names = equals("requestParameters.roleSessionName", *dict.fromkeys(arn.rpartition("/")[2] for arn in arns))
        calls = tuple(store.events(search(*_ASSUMED, names), limit=MOST_BARE))
        by_arn: dict[str, list[Issue]] = defaultdict(list)
        for call in sorted({call.id: call for call in (*(i.call for i in issues), *calls)}.values(), key=moment):
            if call.time:
                by_arn[session_arn(call)].append(Issue(call, session_arn(call), call.time))
        is_cut = MOST_BARE in (sum(map(len, times.values())), len(calls))
        return cls(times, by_arn, (_unread(arns),) if is_cut else ())

    def within(self, issue: Issue) -> int:
        """How many of the records lie in the time of a session."""
        times = self.times.get(issue.arn, ())
        return max(0, bisect_left(times, issue.end) - bisect_left(times, issue.time))

    def rivals(self, issue: Issue) -> Sequence[Issue]:
        """The calls that issued this session or one of the same ARN at the same time, itself too."""
        others = self.issues[issue.arn]
        first = bisect_right(others, issue.time - LONGEST_SESSION, key=lambda other: other.time)
        last = bisect_left(others, issue.end, key=lambda other: other.time)
        found: list[Issue] = []
        for other in others[first:last]:
            if other.end > issue.time:
                found.append(other)
            if len(found) > MOST_NAMED:
                break
        return found


def _ambiguous(arn: str, issues: Sequence[Issue], bare: _Bare) -> Gap:
    rivals = {rival.call.id: rival for issue in issues for rival in bare.rivals(issue)}
    names = [f"{id_} at {to_text(rival.time)}" for id_, rival in list(rivals.items())[:MOST_NAMED]]
    more = " and others" if len(rivals) > MOST_NAMED else ""
    return Gap.of(
        what=f"which issue of the session {arn} made {_records(issues, bare)} of its records",
        why="they carry no access key and no session start, and several calls issued that session: "
        + ", ".join(names)
        + more,
        effect="these records are not tied to one credential",
        close="compare the callers' addresses and times, or read the records of LookupEvents, which name the key",
    )


def _records(issues: Sequence[Issue], bare: _Bare) -> int:
    """The records in the time of any of the sessions, each counted once."""
    times = bare.times[issues[0].arn]
    spans = [(bisect_left(times, issue.time), bisect_left(times, issue.end)) for issue in issues]
    total = reached = 0
    for first, last in sorted(spans):
        total += max(0, last - max(first, reached))
        reached = max(reached, last)
    return total


def _unread(arns: Sequence[str]) -> Gap:
    more = f" and {len(arns) - 1:,} more" if len(arns) > 1 else ""
    return Gap.of(
        what=f"later records of the session {arns[0]}{more} that carry neither access key nor session start",
        why=f"there are {MOST_BARE:,} or more of them, or of the calls that may have issued these sessions",
        effect="the later ones are not tied to a credential, or to the wrong one of several",
        close="read the records of LookupEvents, which name the key, or open a case for a shorter time",
    )
