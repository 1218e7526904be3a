"""Tracing: which credentials are tainted, judged one after another, parents before children.

A credential is tainted when a tainted record issued it, when somebody named it and it was used from a network that
is not its own, when it belongs to a machine and was used elsewhere, when new behaviour and weighty hits meet, or when
it came through a way in that the intruder made.
"""

from collections.abc import Sequence

from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.ids import EvidenceId
from investigator.domain.words import Actor
from investigator.stages.assessment.credential_records import read_records
from investigator.stages.assessment.machines import is_machine, used_elsewhere
from investigator.stages.assessment.sign_ins import sign_ins_of
from investigator.stages.assessment.strangers import Strangers
from investigator.stages.assessment.taint import Cleared, Reason, Tainted, Trace
from investigator.stages.assessment.told import is_disowned, is_exposed, left_at
from investigator.stages.assessment.usual import Usual, learn, networks_before
from investigator.stages.assessment.ways_in import WaysIn
from investigator.stages.chains.issuing import Rule
from investigator.stages.matter import Matter
from investigator.stages.suspects import named


def trace(matter: Matter) -> Trace:
    """Follow the taint through the forest."""
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
        self.strangers = Strangers(matter)
        self.ways = WaysIn(matter)
        self.left = left_at(matter)
        self.tainted: dict[str, Tainted] = {}
        self.hostile: set[EvidenceId] = set()

    def run(self) -> Trace:
        """Judge every credential; those from outside come last, when it is known which roles the intruder opened."""
        credentials = _parents_first(self.matter.linked.credentials)
        self._settle([one for one in credentials if not self.ways.is_from_outside(one)])
        self._settle(credentials)
        cleared = (entry for one in credentials if (entry := self._cleared(one)))
        tainted = tuple(self.tainted.values())
        return Trace(tainted, tuple(cleared), self.records.gaps, sign_ins_of(tainted, self.matter))

    def _settle(self, credentials: Sequence[Credential]) -> None:
        """Judge these, and again while what one is found to have done opens a way to another."""
        before = -1
        while len(self.tainted) > before:
            before = len(self.tainted)
            for credential in credentials:
                self._take(credential)

    def _take(self, credential: Credential) -> None:
        taint = None if credential.id in self.tainted else self._judge(credential, self.records.of(credential.id))
        if taint is not None:
            self.tainted[credential.id] = taint
            self.hostile.update(event.id for event in taint.events)
            self.ways.learn(taint.events, sure=taint.sure)

    def _cleared(self, credential: Credential) -> Cleared | None:
        events = self.records.of(credential.id)
        if credential.id in self.tainted or not events:
            return None
        usual = self.usual[events[0].principal]
        home = usual.networks if usual.known else self._home_of(credential)
        at_home = (usual.known or self._maker_of(credential).known) and not self.strangers.outside(events, home)
        new = (e for e in events if e.read_only is not True and self.strangers.is_new_and_weighty(e, usual))
        return Cleared(credential, events, usual, at_home, tuple(new), self._is_named(credential, events))

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
            or self._through_a_door(credential, events)
            or self._by_name(credential, events)
            or self._by_novelty(credential, events)
            or self._by_his_code(credential, events)
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
        """What a person did after leaving, and what was done elsewhere with keys that they had made for others."""
        after = tuple(event for event in events if self.left and event.time and event.time >= self.left)
        if not after:
            return None
        if self._is_named(credential, events):
            return Tainted(credential, Reason.AFTER_LEAVING, after)
        maker = self.firsts.get(credential.parent or "")
        if credential.rule != Rule.NEW_KEY or maker is None or maker.principal not in self.named:
            return None
        before = networks_before(events[0].principal, credential.start, self.matter.store)
        away = self.strangers.outside(after, before | self.strangers.shared)
        made_by = (credential.by,) if credential.by else ()
        return Tainted(credential, Reason.LEFT_BEHIND, away, sure=bool(before), witness=made_by) if away else None

    def _disowned(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        """The sessions of a person who says that the sign-in was not theirs."""
        if not is_disowned(self.matter) or not self._is_named(credential, events):
            return None
        signed_in = tuple(event for event in events if event.actor is Actor.PERSON and _is_signed_in(event))
        return Tainted(credential, Reason.DISOWNED, signed_in) if signed_in else None

    def _through_a_door(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        """The session of somebody from outside, of a role that the intruder opened."""
        door = self.ways.door_of(credential)
        return Tainted(credential, Reason.BACK_DOOR, events, door.sure, door.witness) if door else None

    def _by_name(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        """Strange use of what the case names.

        That there is no history says nothing of a person before leaving, nor of networks from before an exposure.
        """
        if not self._is_named(credential, events):
            return None
        usual = self.usual[events[0].principal]
        if not usual.known:
            owners = usual.networks if is_exposed(self.matter) else frozenset[str]()
            strange = () if self.left else self.strangers.outside(events, self._home_of(credential) | owners)
            return Tainted(credential, Reason.NO_HISTORY, strange, sure=False) if strange else None
        strange = self.strangers.outside(events, usual.networks)
        return Tainted(credential, Reason.NEW_NETWORK, strange, sure=self._is_exposed(credential)) if strange else None

    def _home_of(self, credential: Credential) -> frozenset[str]:
        """Where a credential without a history is at home: the company's networks, and those of whoever made it."""
        maker = self._maker_of(credential)
        return self.strangers.shared | maker.networks if maker.known else self.strangers.shared

    def _maker_of(self, credential: Credential) -> Usual:
        """What is usual for whoever made it, as far as the logs show."""
        maker = self.firsts.get(credential.parent or "")
        return self.usual[maker.principal] if maker else Usual(known=False, days=0)

    def _is_exposed(self, credential: Credential) -> bool:
        """Whether the key itself was said to have leaked, or the alert that opened the case is about it."""
        alerted = {entity.value for alert in self.matter.intake.alerts for entity in alert.entities}
        return credential.id in {*self.matter.told("key"), *alerted} or is_exposed(self.matter)

    def _by_novelty(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        usual = self.usual[events[0].principal]
        if not usual.known or events[0].actor in (Actor.SERVICE, Actor.ANONYMOUS):
            return None
        strange = self.strangers.telling(events, usual)
        return Tainted(credential, Reason.NOVELTY, strange, sure=False) if strange else None

    def _by_his_code(self, credential: Credential, events: tuple[Event, ...]) -> Tainted | None:
        """What a machine or function did that the intruder had run something."""
        his = self.ways.run_by_him(events, self.usual[events[0].principal])
        return Tainted(credential, Reason.HIS_CODE, his.events, sure=False, witness=his.witness) if his else None


def _is_signed_in(event: Event) -> bool:
    return event.name == "ConsoleLogin" or bool(event.session_start)


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
