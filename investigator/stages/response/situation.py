"""The situation that actions answer to: who is accused, who is not to be touched, and what was done already."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from investigator.domain.entity import Entity
from investigator.domain.finding import Finding
from investigator.domain.ids import EvidenceId
from investigator.domain.stage_results import Assessed, Gathered, Linked
from investigator.domain.state import State
from investigator.domain.timeline import TimelineEntry
from investigator.domain.words import EntityKind, Outcome, Role, Tactic

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

    def accused(self) -> Iterator[Entity]:
        """The accused entities, but nobody who is also a responder, ourselves or cleared."""
        return (e for e in self.assessed.entities if e.role.accused and e.value not in self._protected)

    def hostile_addresses(self) -> tuple[str, ...]:
        return tuple(e.value for e in self.accused() if e.kind is EntityKind.IP and e.role is Role.HOSTILE)

    def hostile_entries(self) -> Iterator[TimelineEntry]:
        """Successful calls that a finding about the intruder, or about a harmful effect, cites."""
        for entry in self.assessed.timeline:
            theirs = {entry.actor.arn, entry.credential} & self._protected
            if entry.outcome is Outcome.SUCCESS and not theirs and self.findings_citing(entry):
                yield entry

    def findings_on(self, entity: Entity) -> tuple[str, ...]:
        """The findings that name an entity, else those that cite the evidence for its role."""
        naming = tuple(f.id for f in self._calling if entity.value in f.entities)
        return naming or tuple(f.id for f in self._calling if not set(f.evidence).isdisjoint(entity.evidence))

    def findings_citing(self, entry: TimelineEntry) -> tuple[str, ...]:
        """The findings about the intruder, or about a harmful effect, that cite a call of the entry."""
        citing = {finding for id_ in entry.evidence for finding in self._citing.get(id_, ())}
        return tuple(finding.id for finding in self._calling if finding.id in citing)

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

    def was_done(self, calls: tuple[str, ...], names: frozenset[str]) -> bool:
        """Whether responders made one of these calls on everything of these names."""
        wanted = {last_part(name) for name in names}
        return any(call in calls and wanted <= on for call, on in self._done)

    def _states(self, kind: str) -> Iterator[State]:
        return (s for s in self.gathered.observations if isinstance(s, State) and s.kind == kind)

    @cached_property
    def _calling(self) -> tuple[Finding, ...]:
        """Findings that call for something: not those about the response."""
        against = set(self.assessed.verdict.against)
        return tuple(f for f in self.assessed.findings if f.tactic is not Tactic.RESPONSE and f.id not in against)

    @cached_property
    def _citing(self) -> dict[EvidenceId, list[str]]:
        """The findings that cite each piece of evidence."""
        citing: dict[EvidenceId, list[str]] = {}
        for finding in self._calling:
            for id_ in finding.evidence:
                citing.setdefault(id_, []).append(finding.id)
        return citing

    @cached_property
    def _protected(self) -> frozenset[str]:
        return frozenset(entity.value for entity in self.assessed.entities if entity.role in _PROTECTED)

    @cached_property
    def _done(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Calls that a finding about the response cites, each with the names that it was about."""
        response = {id_ for f in self.assessed.findings if f.tactic is Tactic.RESPONSE for id_ in f.evidence}
        return tuple(
            (entry.action, frozenset(map(last_part, entry.on)))
            for entry in self.assessed.timeline
            if entry.outcome is Outcome.SUCCESS and not response.isdisjoint(entry.evidence)
        )
