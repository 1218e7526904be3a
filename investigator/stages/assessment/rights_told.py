"""Sentences about what a principal could do, each with predicates that evaluate its policies again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from investigator.domain.claim import Permits, Predicate, Reaches
from investigator.domain.permissions.escalation import METHODS, PASS, Way
from investigator.domain.permissions.levels import EVERY_SERVICE, Level, ServiceReach, services
from investigator.domain.permissions.rights import Answer, Rights, decide
from investigator.domain.permissions.targets import Standing, ways_up
from investigator.domain.permissions.trust import ASSUME, Assumable, assumable, may_assume
from investigator.stages.assessment.account_details import Details
from investigator.stages.assessment.conclusion import Sentence
from investigator.stages.assessment.wording import listed, short, some

MOST_TOLD = 6
"""Ways, roles or services that one sentence names."""
MOST_ROLES = 100
_ON_CONDITIONS = " (on conditions)"


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
            named = _widest(self.services)[:MOST_TOLD]
            yield self._sentence(_of_services(named, len(self.services)), map(self._reaches, named))
        if self.ways:
            permits = [tuple(self._permits(way)) for way in self.ways]
            told = [f"{_way(way)}{_conditions(needed)}" for way, needed in zip(self.ways, permits, strict=True)]
            yield self._sentence(f"get more rights by {some(told, MOST_TOLD)}", chain(*permits[:MOST_TOLD]))
        if self.roles:
            assumes = [self._assumes(one) for one in self.roles]
            told = [f"{short(a.resource)}{self._through(a.principal)}{_conditions((a,))}" for a in assumes]
            yield self._sentence(f"assume {some(told, MOST_TOLD)}", assumes[:MOST_TOLD])

    def _sentence(self, could: str, predicates: Iterable[Predicate]) -> Sentence:
        return Sentence(f"{short(self.principal)} could {could}.", tuple(predicates), (self.details.answer,))

    def _reaches(self, one: ServiceReach) -> Reaches:
        return Reaches(
            answer=self.details.answer,
            principal=self.principal,
            service=one.service,
            levels=one.levels,
            but=one.but,
            whole=one.is_open,
            conditional=one.only_if,
        )

    def _permits(self, way: Way) -> Iterator[Permits]:
        for action, resource in way.needs:
            yield self._permit(self.principal, action, resource, decide(self.rights, action, resource).answer)
        if way.method.service and way.targets:
            yield self._permit(way.method.service, ASSUME, way.targets[0], Answer.ALLOWED)

    def _assumes(self, one: Assumable) -> Permits:
        """The last step to the role; the roles before it are told by themselves."""
        by = one.through[-1] if one.through else self.principal
        return self._permit(by, ASSUME, one.role, may_assume(self.details.account, by, one.role).answer)

    def _through(self, by: str) -> str:
        return "" if by == self.principal else f" through {short(by)}"

    def _permit(self, principal: str, action: str, resource: str, says: Answer) -> Permits:
        return Permits(answer=self.details.answer, principal=principal, action=action, resource=resource, says=says)


def _conditions(needed: Iterable[Permits]) -> str:
    return _ON_CONDITIONS if any(one.says is Answer.CONDITIONAL for one in needed) else ""


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


def _of_services(named: Sequence[ServiceReach], every: int) -> str:
    """`use everything in s3; on some resources at least, and by the names of actions, Read in ec2 and kms`."""
    whole = _parts(one for one in named if one.is_open)
    limited = _parts(one for one in named if not one.is_open)
    limited[:1] = [f"on some resources at least, and by the names of actions, {first}" for first in limited[:1]]
    more = ["and more in other services"] if every > len(named) else []
    return f"use {'; '.join((*whole, *limited, *more))}"


def _parts(named: Iterable[ServiceReach]) -> list[str]:
    """Services of the same extent are told together."""
    alike: dict[tuple[str, str], list[str]] = {}
    for one in named:
        alike.setdefault(_extent(one), []).append("every service" if one.service == EVERY_SERVICE else one.service)
    return [f"{what} in {listed(names)}{rest}" for (what, rest), names in alike.items()]


def _extent(one: ServiceReach) -> tuple[str, str]:
    """What can be done, and what limits it."""
    but = f" but {some(one.but, 3)}" if one.but else ""
    what = "everything" if one.is_open else listed(one.levels)
    return what, f"{but}{_ON_CONDITIONS if one.only_if else ''}"
