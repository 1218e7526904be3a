"""Console sessions: a sign-in, or a switch of role, as the parent of later records (9.6, rule 7)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from investigator.domain.credential import UNKNOWN_TIME, Credential
from investigator.domain.event import Event
from investigator.domain.search import equals, search
from investigator.domain.times import to_text
from investigator.ports.store import Store
from investigator.stages.chains.issuing import Rule
from investigator.stages.chains.starts import instant

SIGN_IN = timedelta(seconds=60)
"""How far the start that a session's records tell may lie from the record of its sign-in."""
_SUCCESS = equals("outcome", "success")
_SECOND = timedelta(seconds=1)


def console_parents(firsts: Mapping[str, Event], store: Store) -> Mapping[str, Credential]:
    """The console session behind each temporary key, given by its first record; keys without any are left out."""
    dated = ((key, event, instant(event.session_start)) for key, event in firsts.items() if event.arn)
    started = {key: (event, start) for key, event, start in dated if start is not None}
    if not started:
        return {}
    switches = _by_arn(_switches([event for event, _ in started.values()], store))
    logins = _by_arn(_logins([*started.values()], store))
    found: dict[str, Credential] = {}
    for key, (event, start) in started.items():
        if switch := _last(switches.get(event.arn, ()), event):
            found[key] = _session(key, switch, f"console:{_origin(switch)}@{UNKNOWN_TIME}")
        elif login := _nearest(logins.get(event.arn, ()), start):
            found[key] = _session(key, login, f"console:{event.arn}@{signed_in_at(login)}")
    return found


def _switches(firsts: Iterable[Event], store: Store) -> Iterator[Event]:
    arns = list(dict.fromkeys(event.arn for event in firsts if event.issuer))
    if arns:
        where = search(equals("name", "SwitchRole"), equals("arn", *arns), _SUCCESS)
        yield from (switch for switch in store.events(where) if _origin(switch))


def _origin(switch: Event) -> str:
    origin = switch.additional.get("SwitchFrom") if isinstance(switch.additional, dict) else None
    return origin if isinstance(origin, str) else ""


def _last(switches: Iterable[Event], before: Event) -> Event | None:
    """The last switch up to the first record of a session."""
    earlier = [switch for switch in switches if switch.time and before.time and switch.time <= before.time]
    return earlier[-1] if earlier else None


def _logins(started: Sequence[tuple[Event, datetime]], store: Store) -> Iterator[Event]:
    arns = list(dict.fromkeys(event.arn for event, _ in started))
    starts = [start for _, start in started]
    where = search(equals("name", "ConsoleLogin"), equals("arn", *arns), _SUCCESS)
    yield from store.events(where.within(min(starts) - SIGN_IN, max(starts) + SIGN_IN + _SECOND))


def _nearest(logins: Iterable[Event], start: datetime) -> Event | None:
    """The sign-in closest to the start of a session, the earlier of two as close."""
    near = [(abs(login.time - start), login) for login in logins if login.time]
    return min((pair for pair in near if pair[0] <= SIGN_IN), key=lambda pair: pair[0], default=(None, None))[1]


def _by_arn(events: Iterable[Event]) -> Mapping[str, Sequence[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        found[event.arn].append(event)
    return found


def _session(key: str, by: Event, parent: str) -> Credential:
    return Credential(
        id=key, issued_to=by.arn, parent=parent, by=by.id, rule=Rule.CONSOLE, certainty="medium", start=by.time
    )


def signed_in_at(event: Event) -> str:
    """The time of a sign-in, as the id of its session has it."""
    return to_text(event.time) if event.time else UNKNOWN_TIME
