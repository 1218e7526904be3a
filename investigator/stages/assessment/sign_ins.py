"""Sign-ins to the console, which no access key signs: those of the intruder are told by user and address."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from investigator.domain.event import Event
from investigator.domain.search import any_of, equals
from investigator.domain.words import Actor
from investigator.stages.assessment.usual import is_address
from investigator.stages.matter import Matter, in_order

GUESSED = 5
"""Failures before a success that look like guessing."""
MOST = 2_000
"""Sign-ins that are read."""


class Held(Protocol):
    """What the intruder did with one credential."""

    @property
    def events(self) -> tuple[Event, ...]: ...


def is_guessed(sign_ins: Sequence[Event]) -> bool:
    """Whether a sign-in worked after so many of the same user had failed."""
    failures: Counter[str] = Counter()
    for event in sign_ins:
        if event.succeeded and failures[event.user] >= GUESSED:
            return True
        failures[event.user] += not event.succeeded
    return False


def sign_ins_of(tainted: Iterable[Held], matter: Matter) -> tuple[Event, ...]:
    """The sign-ins of users whose sessions the intruder had, from the addresses that he used them from."""
    events = [event for taint in tainted for event in taint.events if event.actor is Actor.PERSON and event.user]
    places = {(event.account, event.user, event.ip) for event in events if is_address(event.ip)}
    if not places:
        return ()
    users, addresses = (sorted({place[n] for place in places}) for n in (1, 2))
    where = any_of("user", users).also(equals("name", "ConsoleLogin"), equals("ip", *addresses))
    read = {event.id for event in events}
    found = matter.store.events(where.within(matter.window.start, matter.window.end), limit=MOST)
    return in_order(e for e in found if (e.account, e.user, e.ip) in places and e.id not in read)
