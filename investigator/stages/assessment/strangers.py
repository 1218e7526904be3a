"""Strange networks: what a call from one that is new for its caller says, and what does not make one strange."""

from collections.abc import Iterable
from functools import cached_property

from investigator.domain.event import Event
from investigator.domain.words import Actor, Severity
from investigator.stages.assessment.secrets_named import is_named_secret
from investigator.stages.assessment.told import is_in, known_networks
from investigator.stages.assessment.usual import (
    Usual,
    actions_of_namesakes,
    is_address,
    network_of,
    networks_of_people,
    shared_networks,
)
from investigator.stages.matter import Matter


class Strangers:
    """Tells the calls of strangers from those that are new for their caller alone."""

    def __init__(self, matter: Matter) -> None:
        self._matter = matter
        self._known = known_networks(matter)
        self._namesakes: dict[str, frozenset[str]] = {}
        self._weighty = frozenset(
            id_
            for hit in matter.hits
            if hit.harmful or hit.level.number >= Severity.MEDIUM.number
            for id_ in hit.event_ids
        )

    @cached_property
    def shared(self) -> frozenset[str]:
        """The networks of the company: what several others have long called from is strange for nobody."""
        return shared_networks(self._matter.window.start, self._matter.store)

    def outside(self, events: Iterable[Event], usual: frozenset[str]) -> tuple[Event, ...]:
        """The events from addresses outside these networks and those that people called theirs.

        What a service forwarded goes with its neighbours.
        """
        strange = tuple(event for event in events if is_address(event.ip) and not self._is_usual(event, usual))
        agents = {event.agent for event in strange}
        forwarded = tuple(
            event
            for event in events
            if not is_address(event.ip) and event.invoked_by and agents and event.agent in agents
        )
        return tuple(sorted((*strange, *forwarded), key=_moment))

    def _is_usual(self, event: Event, usual: frozenset[str]) -> bool:
        return network_of(event.ip) in usual or is_in(event.ip, self._known)

    def telling(self, events: tuple[Event, ...], usual: Usual) -> tuple[Event, ...]:
        """The calls from networks that are new for their caller, when they say more than that; else none.

        They do when one touches what the case is about, or one is new, weighty and from where nobody calls.
        """
        strange = self.outside(events, usual.networks)
        return (
            strange
            if any(self._is_about_the_case(event, usual) for event in strange)
            else self._weighty_of(strange, usual)
        )

    def is_new_and_weighty(self, event: Event, usual: Usual) -> bool:
        """Whether a rule weighs it, and neither its caller nor the same role elsewhere is used to such calls."""
        return event.id in self._weighty and not usual.does(event) and event.action not in self._of_namesakes(event)

    def _of_namesakes(self, event: Event) -> frozenset[str]:
        """What the role of the call does in all accounts."""
        role = event.principal.rpartition("/")[2] if ":role/" in event.principal else ""
        if role and role not in self._namesakes:
            found = actions_of_namesakes(role, self._matter.window.start, self._matter.store)
            self._namesakes[role] = found
        return self._namesakes.get(role, frozenset())

    def _weighty_of(self, strange: tuple[Event, ...], usual: Usual) -> tuple[Event, ...]:
        if not any(self.is_new_and_weighty(event, usual) for event in strange):
            return ()
        strangers = self._of_no_person([event for event in strange if network_of(event.ip) not in self.shared])
        return strangers if any(self.is_new_and_weighty(event, usual) for event in strangers) else ()

    def _of_no_person(self, strange: Iterable[Event]) -> tuple[Event, ...]:
        """Those from networks that the person of the session, by whatever role, has not called from before."""
        events = tuple(strange)
        names = sorted({event.session for event in events if event.session})
        known = networks_of_people(names, self._matter.window.start, self._matter.store)
        return tuple(event for event in events if network_of(event.ip) not in known.get(event.session, ()))

    def _is_about_the_case(self, event: Event, usual: Usual) -> bool:
        """Whether it touched a bucket or secret, or came from an address, that the case names.

        A workload that always reads secrets may do so from a new address of its own.
        """
        told = self._matter.told
        if event.asked("bucketName") in told("bucket") or event.ip in told("ip"):
            return True
        unusual = event.actor is Actor.PERSON or not usual.does(event)
        return unusual and network_of(event.ip) not in self.shared and is_named_secret(event, told("secret"))


def _moment(event: Event) -> tuple[str, str]:
    return (event.time.isoformat() if event.time else "", event.id)
