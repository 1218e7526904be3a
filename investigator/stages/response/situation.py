"""The situation that actions answer to: who is accused, who is not to be touched, and what was done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from investigator.domain.entity import Entity
from investigator.domain.event import Event
from investigator.domain.finding import Finding
from investigator.domain.ids import EvidenceId
from investigator.domain.stage_results import Assessed, Gathered, Linked
from investigator.domain.state import State
from investigator.domain.words import EntityKind, Role, Tactic
from investigator.ports.store import Store
from investigator.stages.assessment.timeline_of import cited_events

_PROTECTED = frozenset({Role.RESPONDER, Role.OWN, Role.BENIGN})


def last_part(name: str) -> str:
    """The last part of an ARN; other names as they are."""
    return name.split(":", 5)[-1].rpartition("/")[2] if name.startswith("arn:") else name


@dataclass(frozen=True)
class Situation:
    """What was assessed, with the look-ups that proposing needs."""

    assessed: Assessed
    linked: Linked
    gathered: Gathered
    store: Store

    def accused(self) -> Iterator[Entity]:
        """The accused entities, but nobody who is also a responder, ourselves or cleared."""
        return (e for e in self.assessed.entities if e.role.accused and e.value not in self._protected)

    def hostile_addresses(self) -> tuple[str, ...]:
        return tuple(e.value for e in self.accused() if e.kind is EntityKind.IP and e.role is Role.HOSTILE)

    def is_accused(self, value: str) -> bool:
        return any(entity.value == value for entity in self.accused())

    def was_made(self, name: str) -> bool:
        """Whether the intruder made what has this name or ARN."""
        made = (e.value for e in self.accused() if e.role is Role.CREATED_BY_ACTOR)
        return any(name in (value, last_part(value)) for value in made)

    def is_cleared(self, value: str) -> bool:
        return any(entity.value == value and entity.role is Role.BENIGN for entity in self.assessed.entities)

    @cached_property
    def harmful(self) -> tuple[Event, ...]:
        """Successful calls that a finding about the intruder, or about a harmful effect, cites, in order of time."""
        return tuple(event for event in self._cited(self._calling) if event.succeeded and not self._is_spared(event))

    @cached_property
    def answers(self) -> tuple[Event, ...]:
        """Successful calls that a finding about the response cites."""
        response = [finding for finding in self.assessed.findings if finding.tactic is Tactic.RESPONSE]
        return tuple(event for event in self._cited(response) if event.succeeded)

    @cached_property
    def begins(self) -> datetime | None:
        """When the first harmful call was made."""
        return min((event.time for event in self.harmful if event.time), default=None)

    def is_hostile(self, event: Event) -> bool:
        return event.id in self._harmful_ids

    def findings_on(self, entity: Entity) -> tuple[str, ...]:
        """The findings that name an entity, else those that cite the evidence for its role."""
        naming = tuple(f.id for f in self._calling if entity.value in f.entities)
        return naming or tuple(f.id for f in self._calling if not set(f.evidence).isdisjoint(entity.evidence))

    def findings_citing(self, event: Event) -> tuple[str, ...]:
        """Every finding that cites a record."""
        return self._citing.get(event.id, ())

    def owner(self, key: str) -> str:
        """The ARN of the principal that a key belongs to, as far as records or IAM say it."""
        credential = next((c for c in self.linked.credentials if c.id == key), None)
        if credential and credential.issued_to.startswith("arn:"):
            return credential.issued_to
        state = next((state for state in self._states("access_key") if state.entity.value == key), None)
        if state and state.values.get("UserName"):
            return f"arn:aws:iam::{state.account}:user/{state.values['UserName']}"
        return ""

    def place(self, entity: Entity) -> tuple[str, str]:
        """Account and Region of an entity: where IAM or EC2 saw it, else where the calls on it were made."""
        for state in self.gathered.observations:
            if isinstance(state, State) and state.entity.value == entity.value:
                return state.account, state.region
        for entry in self.assessed.timeline:
            if entity.value in entry.on or not set(entry.evidence).isdisjoint(entity.evidence):
                return entry.place.account, entry.place.region
        return "", ""

    def is_off(self, key: str) -> bool:
        """Whether IAM says that the key is inactive already."""
        return any(s.entity.value == key and s.values.get("Status") == "Inactive" for s in self._states("access_key"))

    def _states(self, kind: str) -> Iterator[State]:
        return (s for s in self.gathered.observations if isinstance(s, State) and s.kind == kind)

    def _cited(self, findings: Sequence[Finding]) -> tuple[Event, ...]:
        return cited_events(findings, self.store)

    def _is_spared(self, event: Event) -> bool:
        return not {event.arn, event.principal, event.key}.isdisjoint(self._protected)

    @cached_property
    def _harmful_ids(self) -> frozenset[EvidenceId]:
        return frozenset(event.id for event in self.harmful)

    @cached_property
    def _calling(self) -> tuple[Finding, ...]:
        """Findings that call for something: not those about the response."""
        against = set(self.assessed.verdict.against)
        return tuple(f for f in self.assessed.findings if f.tactic is not Tactic.RESPONSE and f.id not in against)

    @cached_property
    def _citing(self) -> dict[EvidenceId, tuple[str, ...]]:
        """The findings that cite each piece of evidence: those that call for something, else those on the response."""
        citing: dict[EvidenceId, tuple[str, ...]] = {}
        response = [finding for finding in self.assessed.findings if finding.tactic is Tactic.RESPONSE]
        for findings in (self._calling, response):
            seen = frozenset(citing)
            for finding in findings:
                for id_ in set(finding.evidence) - seen:
                    citing[id_] = (*citing.get(id_, ()), finding.id)
        return citing

    @cached_property
    def _protected(self) -> frozenset[str]:
        return frozenset(entity.value for entity in self.assessed.entities if entity.role in _PROTECTED)
