"""What is usual for a principal: its networks and calls before the window (9.7, novelty)."""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from investigator.domain.event import Event, action_of
from investigator.domain.networks import is_address, network_of
from investigator.domain.search import Operator, Search, Term, any_of, equals, search
from investigator.ports.store import Store

BASELINE = timedelta(days=30)
SHORTEST_HISTORY = timedelta(days=7)
"""With less history before the start, novelty is off, and that is a Gap."""
_WORKED = equals("outcome", "success")
_NO_SIGN_IN = equals("name", "ConsoleLogin").model_copy(update={"negated": True})
_NO_OUTSIDER = equals("identity", "AWSAccount", "Unknown").model_copy(update={"negated": True})
HOUSEHOLD = 3
"""Principals who called from a network long before the start: it is one of the company's own."""


@lru_cache(maxsize=65_536)
def is_public(address: str) -> bool:
    """Whether the address is not from a private range (documentation ranges count as public)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    private = (ipaddress.ip_network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
    if ip.is_loopback or ip.is_link_local:
        return False
    return ip.version == 6 or not any(ip in net for net in private)


@dataclass(frozen=True, slots=True)
class Usual:
    """The baseline of one principal; `known` is False where there is too little history to call anything new."""

    known: bool
    days: int
    networks: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()

    def does(self, event: Event) -> bool:
        return event.action in self.actions


def learn(principals: Sequence[str], start: datetime, store: Store) -> Mapping[str, Usual]:
    """What each principal did in the 30 days before `start`; known from 7 days of its own records on."""
    if not principals:
        return {}
    where = any_of("principal", principals).within(start - BASELINE, start)
    done = where.also(_WORKED)
    first = {event.principal: event.time for event in store.first_each(where, "principal")}
    networks = _by_first((who, network_of(address)) for who, address in _seen_at(where, "principal", store))
    actions = _by_first(
        (who, action_of(source, name)) for who, source, name in store.distinct(done, "principal", "source", "name")
    )
    return {
        who: _usual(start - (first.get(who) or start), networks.get(who, ()), actions.get(who, ()))
        for who in principals
    }


def networks_before(principal: str, time: datetime | None, store: Store) -> frozenset[str]:
    """The networks from which a principal had called before a time, as far as the logs reach."""
    earlier = any_of("principal", [principal]).within(None, time)
    return frozenset(network_of(address) for _, address in _seen_at(earlier, "principal", store))


def shared_networks(start: datetime, store: Store) -> frozenset[str]:
    """Networks from which several principals called, each at least a week before `start`; outsiders do not count."""
    long_ago = search(_NO_OUTSIDER).within(start - BASELINE, start - SHORTEST_HISTORY)
    callers: dict[str, set[str]] = {}
    for who, address in _seen_at(long_ago, "principal", store):
        if is_address(address):
            callers.setdefault(network_of(address), set()).add(who)
    return frozenset(network for network, found in callers.items() if len(found) >= HOUSEHOLD)


def networks_of_people(sessions: Sequence[str], start: datetime, store: Store) -> Mapping[str, set[str]]:
    """The networks from which sessions of these names, in any role, called in the 30 days before `start`.

    Whoever takes a role chooses the session's name: only what was there a week before the start counts.
    """
    if not sessions:
        return {}
    where = any_of("session", sessions).within(start - BASELINE, start - SHORTEST_HISTORY)
    return _by_first((name, network_of(address)) for name, address in _seen_at(where, "session", store))


def actions_of_namesakes(role: str, start: datetime, store: Store) -> frozenset[str]:
    """What roles of this name did in any account, at least a week before `start`: one permission set is many roles."""
    name = Term(field="principal", op=Operator.MATCHES, values=(f":role/(.+/)?{re.escape(role)}$",))
    where = search(name, _WORKED).within(start - BASELINE, start - SHORTEST_HISTORY)
    return frozenset(action_of(source, called) for source, called in store.distinct(where, "source", "name"))


def _seen_at(where: Search, who: str, store: Store) -> Iterator[tuple[str, str]]:
    """Who called from which address: by signed calls, and by sign-ins that worked; a failed one is anybody's."""
    for signed in (where.also(_NO_SIGN_IN), where.also(_WORKED)):
        yield from ((name, address) for name, address in store.distinct(signed, who, "ip"))


def _usual(history: timedelta, networks: Iterable[str], actions: Iterable[str]) -> Usual:
    return Usual(
        known=history >= SHORTEST_HISTORY,
        days=history.days,
        networks=frozenset(networks),
        actions=frozenset(actions),
    )


def _by_first(pairs: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for who, what in pairs:
        found.setdefault(who, set()).add(what)
    return found
