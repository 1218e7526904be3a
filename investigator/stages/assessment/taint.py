"""Taint: which records of which credential are the intruder's, and why; the rest of the same credential is left alone.

A credential is tainted when a tainted record issued it, when somebody named it and it was used from a network that
is not its own, when it belongs to a machine and was used elsewhere, or when new behaviour and weighty hits meet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.times import parse_instant
from investigator.domain.words import Actor, Scenario, Severity
from investigator.stages.assessment.credential_records import read_records
from investigator.stages.assessment.machines import is_machine, used_elsewhere
from investigator.stages.assessment.told import is_disowned, is_in, known_networks
from investigator.stages.assessment.usual import (
    Usual,
    is_address,
    learn,
    network_of,
    networks_of_people,
    shared_networks,
)
from investigator.stages.matter import Matter
from investigator.stages.suspects import named


class Reason(StrEnum):
    """Why a credential is tainted."""

    ISSUED = "issued by the intruder"
    NEW_NETWORK = "named, and used from a network that is not its own"
    NO_HISTORY = "named, and there is no history to tell its use apart"
    AFTER_LEAVING = "used after the access should have ended"
    DISOWNED = "signed in with, and not by the person"
    OFF_MACHINE = "issued to a machine, and used elsewhere"
    NOVELTY = "a new network and weighty calls"


@dataclass(frozen=True, slots=True)
class Tainted:
    """A credential in the intruder's hands, and the records that he made with it."""

    credential: Credential
    reason: Reason
    events: tuple[Event, ...]
    sure: bool = True
    """Whether the reason alone proves misuse; NO_HISTORY and NOVELTY lean on what else was done."""
    witness: tuple[EvidenceId, ...] = ()
    """Records of others that prove it: the issuing call, a person on the same address."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """A credential that was looked into and not found tainted."""

    credential: Credential
    events: tuple[Event, ...]
    usual: Usual
    everyday: bool
    """Whether it did what it always does: from its networks, and no weighty change of a kind that is new for it."""
    named: bool
    """Whether the case is about it, and not only some hits."""


@dataclass(frozen=True)
class Trace:
    """The outcome over all credentials of the forest."""

    tainted: tuple[Tainted, ...]
    cleared: tuple[Cleared, ...]
    gaps: tuple[Gap, ...] = ()
    """Records of the credentials that were not read."""

    @cached_property
    def events(self) -> tuple[Event, ...]:
        return tuple(event for taint in self.tainted for event in taint.events)

    @cached_property
    def ids(self) -> frozenset[EvidenceId]:
        return frozenset(event.id for event in self.events)


def trace(matter: Matter) -> Trace:
    """Follow the taint through the forest, parents before children."""
    return _Tracer(matter).run()


class _Tracer:
    def __init__(self, matter: Matter) -> None:
        self.matter = matter
        self.named = named(matter)
        self.records = read_records(matter)
        self.firsts = {key: events[0] for key, events in self.records.by_credential.items()}
        principals = sorted({event.principal for event in self.firsts.values()})
        self.usual = learn(principals, matter.window.start, matter.store)
        self.elsewhere = used_elsewhere(self._of_machines(), matter)
        self.tainted: dict[str, Tainted] = {}
        self.cleared: list[Cleared] = []
        self.hostile: set[EvidenceId] = set()
        self.known = known_networks(matter)
        self.weighty = frozenset(
            id_
            for hit in matter.hits
            if hit.harmful or hit.level.number >= Severity.MEDIUM.number
            for id_ in hit.event_ids
        )

    def run(self) -> Trace:
        for credential in _parents_first(self.matter.linked.credentials):
            events = self.records.of(credential.id)
            taint = self._judge(credential, events)
            if taint is not None:
                self.tainted[credential.id] = taint
                self.hostile.update(event.id for event in taint.events)
            elif events:
                usual = self.usual[events[0].principal]
                everyday, named = self._is_everyday(events, usual), self._is_named(credential, events)
                self.cleared.append(Cleared(credential, events, usual, everyday, named))
        return Trace(tuple(self.tainted.values()), tuple(self.cleared), self.records.gaps)

    def _is_everyday(self, events: tuple[Event, ...], usual: Usual) -> bool:
        new = any(e.read_only is not True and self._is_new_and_weighty(e, usual) for e in events)
        return usual.known and not new and not _without(events, usual.networks, self.known)

    def _of_machines(self) -> dict[str, tuple[Event, ...]]:
        return {key: events for key, events in self.records.by_credential.items() if any(map(is_machine, events))}

    def _judge(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        if credential.by in self.hostile and credential.parent in self.tainted:
            return Tainted(credential, Reason.ISSUED, events, witness=(credential.by,) if credential.by else ())
        if not events or credential.id.startswith("service:"):
            return None
        return (
            self._off_machine(credential)
            or self._after_leaving(credential, events)
            or self._disowned(credential, events)
            or self._by_name(credential, events)
            or self._by_novelty(credential, events)
        )

    def _is_named(self, credential: Credential, events: tuple[Event, ...]) -> bool:
        first = events[0]
        return not self.named.isdisjoint({credential.id, credential.issued_to, first.principal, first.arn})

    def _off_machine(self, credential: Credential) -> Tainted | None:
        elsewhere = self.elsewhere.get(credential.id)
        if elsewhere is None:
            return None
        return Tainted(credential, Reason.OFF_MACHINE, elsewhere.events, elsewhere.sure, elsewhere.witness)

    def _after_leaving(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        if Scenario.TERMINATED_EMPLOYEE not in self.matter.scenarios or not self._is_named(credential, events):
            return None
        left = next(iter(self.matter.told("left_at")), None)
        if left is None:
            return None
        after = tuple(event for event in events if event.time and event.time >= parse_instant(left))
        return Tainted(credential, Reason.AFTER_LEAVING, after) if after else None

    def _disowned(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        """The sessions of a person who says that the sign-in was not theirs."""
        if not is_disowned(self.matter) or not self._is_named(credential, events):
            return None
        signed_in = tuple(event for event in events if event.actor is Actor.PERSON and _is_signed_in(event))
        return Tainted(credential, Reason.DISOWNED, signed_in) if signed_in else None

    def _by_name(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        if not self._is_named(credential, events):
            return None
        usual = self.usual[events[0].principal]
        if not usual.known:
            strange = _without(events, frozenset(), self.known)
            return Tainted(credential, Reason.NO_HISTORY, strange, sure=False) if strange else None
        strange = _without(events, usual.networks, self.known)
        return Tainted(credential, Reason.NEW_NETWORK, strange, sure=self._is_exposed(credential)) if strange else None

    def _is_exposed(self, credential: Credential) -> bool:
        """Whether the key itself was said to have leaked, or the alert that opened the case is about it."""
        alerted = {entity.value for alert in self.matter.intake.alerts for entity in alert.entities}
        return credential.id in {*self.matter.told("key"), *alerted} or bool(self.matter.told("exposure"))

    def _by_novelty(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        usual = self.usual[events[0].principal]
        if not usual.known or events[0].actor in (Actor.SERVICE, Actor.ANONYMOUS):
            return None
        strange = _without(events, usual.networks, self.known)
        if not any(map(self._is_about_the_case, strange)):
            strange = self._weighty_from_strangers(strange, usual)
        return Tainted(credential, Reason.NOVELTY, strange, sure=False) if strange else None

    def _weighty_from_strangers(self, strange: tuple[Event, ...], usual: Usual) -> tuple[Event, ...]:
        """The calls from networks that are strange for everybody, when one of them is new and weighty; else none."""
        if not any(self._is_new_and_weighty(event, usual) for event in strange):
            return ()
        strangers = self._of_no_person(_without(strange, self._shared, ()))
        return strangers if any(self._is_new_and_weighty(event, usual) for event in strangers) else ()

    def _of_no_person(self, strange: tuple[Event, ...]) -> tuple[Event, ...]:
        """Those from networks that the person of the session, by whatever role, has not called from before."""
        names = sorted({event.session for event in strange if event.session})
        known = networks_of_people(names, self.matter.window.start, self.matter.store)
        return tuple(event for event in strange if network_of(event.ip) not in known.get(event.session, ()))

    @cached_property
    def _shared(self) -> frozenset[str]:
        """The networks of the company: what several others have long called from is strange for nobody."""
        return shared_networks(self.matter.window.start, self.matter.store)

    def _is_new_and_weighty(self, event: Event, usual: Usual) -> bool:
        return event.id in self.weighty and not usual.does(event)

    def _is_about_the_case(self, event: Event) -> bool:
        """Whether it touched a bucket, or came from an address, that the case names."""
        return event.asked("bucketName") in self.matter.told("bucket") or event.ip in self.matter.told("ip")


def _is_signed_in(event: Event) -> bool:
    return event.name == "ConsoleLogin" or bool(event.session_start)


def _without(events: Iterable[Event], usual: frozenset[str], known: tuple[str, ...]) -> tuple[Event, ...]:
    """The events from addresses outside these networks; what a service forwarded goes with its neighbours."""
    strange = tuple(
        event
        for event in events
        if is_address(event.ip) and network_of(event.ip) not in usual and not is_in(event.ip, known)
    )
    agents = {event.agent for event in strange}
    forwarded = tuple(
        event for event in events if not is_address(event.ip) and event.invoked_by and agents and event.agent in agents
    )
    return tuple(sorted((*strange, *forwarded), key=_moment))


def _moment(event: Event) -> tuple[str, str]:
    return (event.time.isoformat() if event.time else "", event.id)


def _parents_first(credentials: tuple[Credential, ...]) -> tuple[Credential, ...]:
    by_id = {credential.id: credential for credential in credentials}
    ordered: dict[str, Credential] = {}

    def visit(credential: Credential, path: frozenset[str]) -> None:
        if credential.id in ordered or credential.id in path:
            return
        parent = by_id.get(credential.parent or "")
        if parent is not None:
            visit(parent, path | {credential.id})
        ordered[credential.id] = credential

    for credential in credentials:
        visit(credential, frozenset())
    return tuple(ordered.values())
