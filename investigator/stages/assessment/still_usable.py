"""Credentials of an intruder that could be used further after the last record."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from investigator.domain.gap import Gap
from investigator.domain.search import Search, equals
from investigator.stages.assessment.taint import Tainted
from investigator.stages.assessment.wording import clock, listed
from investigator.stages.matter import Matter, in_order

_LONGEST_SESSION = timedelta(hours=36)
"""Of GetSessionToken and GetFederationToken; sessions of roles end earlier (AWS STS API reference)."""


def still_usable(tainted: Sequence[Tainted], matter: Matter, end: datetime) -> Iterator[Gap]:
    """A Gap for the credentials that nothing had ended when the records end."""
    usable = _usable(tainted, matter, end)
    if not usable:
        return
    several = len(usable) > 1
    known = [until for until in usable.values() if until]
    if len(known) == len(usable):
        fact = f"{'these credentials were' if several else 'the credential was'} good until {clock(max(known))}"
        close = f"add the CloudTrail files up to {clock(max(known))}"
    else:
        fact = f"nothing in them ends {'these credentials' if several else 'the credential'}"
        close = "add the CloudTrail files of the time after that, or run with --aws"
    yield Gap.of(
        what=f"use of {listed(usable, 3)} after {clock(end)}",
        why=f"the records end there, and {fact}",
        effect="later use cannot be excluded",
        close=close,
    )


def _usable(tainted: Sequence[Tainted], matter: Matter, end: datetime) -> Mapping[str, datetime | None]:
    """The credentials that could still be used when the records end, and until when, where that is known."""
    open_end = [taint for taint in tainted if taint.credential.end is None]
    ended = _switched_off([taint.credential.id for taint in open_end], matter)
    usable: dict[str, datetime | None] = {
        taint.credential.id: None
        for taint in open_end
        if end <= matter.window.end and taint.credential.id not in ended and _may_last(taint, end)
    }
    return usable | {
        taint.credential.id: taint.credential.end
        for taint in tainted
        if taint.credential.end and taint.credential.end > end
    }


def _may_last(taint: Tainted, end: datetime) -> bool:
    """Whether a credential without a known end can be good at that time: a long-term key, or a young session."""
    first = next((event.time for event in taint.events if event.time), None)
    return taint.credential.id.startswith("AKIA") or first is None or first + _LONGEST_SESSION > end


def _switched_off(keys: Sequence[str], matter: Matter) -> frozenset[str]:
    """The access keys that the last word on them made inactive, or deleted."""
    said: dict[str, bool] = {}
    calls = (equals("name", "UpdateAccessKey", "DeleteAccessKey"), equals("outcome", "success"))
    where = Search(terms=(*calls, equals("requestParameters.accessKeyId", *keys)))
    for event in in_order(matter.store.events(where)) if keys else ():
        said[event.asked("accessKeyId")] = event.name == "DeleteAccessKey" or event.asked("status") == "Inactive"
    return frozenset(key for key, off in said.items() if off)
