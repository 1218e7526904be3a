"""Console sessions: a sign-in, or a switch of role, as the parent of later records (9.6, rule 7)."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from investigator.domain.credential import UNKNOWN_TIME, Credential
from investigator.domain.event import Event
from investigator.domain.search import Search, any_of, equals
from investigator.domain.times import parse_instant, to_text
from investigator.ports.store import Store
from investigator.stages.chains.issuing import Rule

PASSWORD_CALLS = ("CreateLoginProfile", "UpdateLoginProfile")
_SUCCESS = equals("outcome", "success")


def console_parent(key: str, store: Store) -> Credential | None:
    """The console session behind a temporary key that no record issued, or None."""
    first = next(iter(store.events(any_of("key", [key]), limit=1)), None)
    if first is None or not first.session_start:
        return None
    return _switched(first, store) or _signed_in(first, store)


def _signed_in(first: Event, store: Store) -> Credential | None:
    try:
        started = parse_instant(first.session_start)
    except ValueError:
        return None
    around = Search(terms=(equals("name", "ConsoleLogin"), equals("arn", first.arn), _SUCCESS)).within(
        started - timedelta(seconds=60), started + timedelta(seconds=61)
    )
    for login in store.events(around, limit=1):
        return _session(first.key, login, f"console:{first.arn}@{_at(login)}")
    return None


def _switched(first: Event, store: Store) -> Credential | None:
    if not first.issuer:
        return None
    switches = Search(terms=(equals("name", "SwitchRole"), equals("arn", first.arn), _SUCCESS))
    for switch in store.events(switches, limit=20):
        origin = switch.additional.get("SwitchFrom") if isinstance(switch.additional, dict) else None
        if origin and switch.time and first.time and switch.time <= first.time:
            return _session(first.key, switch, f"console:{origin}@{UNKNOWN_TIME}")
    return None


def _session(key: str, by: Event, parent: str) -> Credential:
    return Credential(
        id=key, issued_to=by.arn, parent=parent, by=by.id, rule=Rule.CONSOLE, certainty="medium", start=by.time
    )


def _at(event: Event) -> str:
    return to_text(event.time) if event.time else UNKNOWN_TIME


def console_children(
    credential: Credential, reach: Sequence[Search], store: Store
) -> Iterable[tuple[Credential, Search]]:
    """The sign-ins of users to whom this credential gave a password, each with the search for its records."""
    for where in reach:
        for call in store.events(where.also(equals("name", *PASSWORD_CALLS), _SUCCESS)):
            user = call.asked("userName")
            if user and call.time:
                yield from _sign_ins(credential, call, user, store)


def _sign_ins(parent: Credential, call: Event, user: str, store: Store) -> Iterable[tuple[Credential, Search]]:
    logins = Search(
        terms=(equals("name", "ConsoleLogin"), equals("user", user), equals("account", call.account), _SUCCESS)
    )
    for login in store.events(logins.within(call.time, None), limit=100):
        session = Credential(
            id=f"console:{login.arn}@{_at(login)}",
            issued_to=login.arn,
            parent=parent.id,
            by=call.id,
            rule=Rule.CONSOLE,
            certainty="medium",
            start=login.time,
        )
        yield session, Search(terms=(equals("arn", login.arn), equals("session_start", _at(login))))
