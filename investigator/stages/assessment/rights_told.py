"""Sentences about what a principal could do, each with predicates that evaluate its policies again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from investigator.domain.claim import Permits, Predicate, Reaches
from investigator.domain.permissions.escalation import METHODS, PASS, Way
from investigator.domain.permissions.levels import Level, ServiceReach, services
from investigator.domain.permissions.rights import Answer, Rights, decide
from investigator.domain.permissions.targets import Standing, ways_up
from investigator.domain.permissions.trust import ASSUME, Assumable, assumable, may_assume
from investigator.stages.assessment.account_details import Details
from investigator.stages.assessment.conclusion import Sentence
from investigator.stages.assessment.wording import listed, short, some

MOST_TOLD = 6
"""Ways, roles or services that one sentence names."""
MOST_ROLES = 100
_CONDITIONS = " (on conditions)"


@dataclass(frozen=True)
class Holder:
    """A principal of an account with everything that its policies give it."""

    details: Details
    principal: str

    @cached_property
    def rights(self) -> Rights:
        return self.details.account.rights(self.principal)

    @cached_property
    def roles(self) -> tuple[Assumable, ...]:
        """At most 100."""
        return tuple(islice(assumable(self.details.account, self.principal), MOST_ROLES))

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        roles = tuple(one.role for one in self.roles)
        return tuple(ways_up(Standing(self.details.account, self.principal, roles), METHODS))

    @cached_property
    def services(self) -> tuple[ServiceReach, ...]:
        return services(self.rights)

    def sentences(self) -> Iterator[Sentence]:
        """What it could do, could become and could take; nothing of what it could not."""
        if self.services:
            yield self._sentence(_of_services(self.services), self._reaches())
        if self.ways:
            told = [f"{_way(way)}{_CONDITIONS if way.only_if else ''}" for way in self.ways]
            yield self._sentence(f"get more rights by {some(told, MOST_TOLD)}", self._permits())
        if self.roles:
            told = [f"{short(one.role)}{_CONDITIONS if one.only_if else ''}" for one in self.roles]
            yield self._sentence(f"assume {some(told, MOST_TOLD)}", self._assumes())

    def _sentence(self, could: str, predicates: Iterator[Predicate]) -> Sentence:
        return Sentence(f"{short(self.principal)} could {could}.", tuple(predicates), (self.details.answer,))

    def _reaches(self) -> Iterator[Predicate]:
        for one in _widest(self.services)[:MOST_TOLD]:
            yield Reaches(
                answer=self.details.answer,
                principal=self.principal,
                service=one.service,
                levels=one.levels,
                whole=one.is_open,
            )

    def _permits(self) -> Iterator[Predicate]:
        for way in self.ways[:MOST_TOLD]:
            for action, resource in way.needs:
                yield self._permit(self.principal, action, resource, decide(self.rights, action, resource).answer)
            if way.method.service and way.targets:
                yield self._permit(way.method.service, ASSUME, way.targets[0], Answer.ALLOWED)

    def _assumes(self) -> Iterator[Predicate]:
        for one in self.roles[:MOST_TOLD]:
            by = one.through[-1] if one.through else self.principal
            says = may_assume(self.details.account, by, one.role).answer
            yield self._permit(by, ASSUME, one.role, says)

    def _permit(self, principal: str, action: str, resource: str, says: Answer) -> Predicate:
        return Permits(
            answer=self.details.answer, principal=principal, action=action, resource=resource, says=says
        )  # fmt: skip


def _way(way: Way) -> str:
    if not way.targets:
        return way.method.name
    return f"{way.method.name} {'with' if PASS in way.method.actions else 'on'} {short(way.targets[0])}"


def _widest(reached: Sequence[ServiceReach]) -> list[ServiceReach]:
    """What is whole first, then what changes rights, then what changes anything."""
    return sorted(
        reached,
        key=lambda one: (not one.is_open, Level.PERMISSIONS not in one.levels, Level.WRITE not in one.levels),
    )


def _of_services(reached: Sequence[ServiceReach]) -> str:
    parts = [_service(one) for one in _widest(reached)[:MOST_TOLD]]
    more = "; and more in other services" if len(reached) > MOST_TOLD else ""
    return f"use, by the names of actions, {'; '.join(parts)}{more}"


def _service(one: ServiceReach) -> str:
    name = "every service" if one.service == "*" else one.service
    but = f" but {some(one.but, 3)}" if one.but else ""
    if one.is_open:
        return f"everything in {name}{but}"
    return f"{listed(one.levels)} in {name}{but}{_CONDITIONS if one.only_if else ''}"
