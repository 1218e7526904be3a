"""Blast radius of the credentials in the intruder's hands: done, tried, could (specification 9.7)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from investigator.domain.blast import BlastRadius, RoleInReach, ServiceRight, Used, UsedCredential, WayUp
from investigator.domain.claim import Claim
from investigator.domain.coverage import Cell
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.stages.assessment.account_details import Details, details_by_account
from investigator.stages.assessment.proving import Proof, after
from investigator.stages.assessment.rights_gaps import OUTSIDE, gaps_of, no_details
from investigator.stages.assessment.rights_told import Holder
from investigator.stages.assessment.taint import Tainted, Trace
from investigator.stages.matter import Matter


@dataclass(frozen=True, slots=True)
class BlastRadii:
    """One radius for each user or role, with its sentences and Gaps; nothing where no rights were read."""

    radii: tuple[BlastRadius, ...] = ()
    claims: tuple[Claim, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def numbered(self, number: int) -> "BlastRadii":
        """The same with claims that go on from claim `number` of the document."""
        claims = after(number, self.claims)
        new = {old.id: claim.id for old, claim in zip(self.claims, claims, strict=True)}
        radii = [r.model_copy(update={"claims": tuple(new[id_] for id_ in r.claims)}) for r in self.radii]
        return BlastRadii(tuple(radii), claims, self.gaps)


def blast_radii(trace: Trace, matter: Matter, cells: Sequence[Cell], proof: Proof) -> BlastRadii:
    """The radii; a sentence that proof cannot confirm is marked, and named by no radius."""
    details = details_by_account(matter)
    if not details or not trace.tainted:
        return BlastRadii()
    of: dict[str, list[Tainted]] = {}
    for taint in trace.tainted:
        of.setdefault(principal_of(taint, details), []).append(taint)
    holders = {name: _holder(name, details) for name in of}
    claims = proof.judged(tuple(_claims(holders)), cells)
    gaps = {name: _gaps(name, holder) for name, holder in holders.items()}
    radii = tuple(
        BlastRadius(
            principal=name,
            used=tuple(map(_used, taints)),
            claims=tuple(claim.id for claim in claims if claim.holds and claim.id.startswith(f"{name} ")),
            gaps=tuple(gap.id for gap in gaps[name]),
        ).model_copy(update=_could(holders[name]))
        for name, taints in of.items()
    )
    return BlastRadii(radii, claims, tuple(gap for each in gaps.values() for gap in each))


def principal_of(taint: Tainted, details: Mapping[str, Details]) -> str:
    """The user or role that a credential acts as; one that was never used, as its issue names it."""
    named = taint.events[0].principal if taint.events else taint.credential.issued_to
    kind, _, session = named.partition(":assumed-role/")
    account = _account(named)
    if not session or account not in details:
        return named
    role = session.partition("/")[0]
    roles = details[account].account.roles.values()
    return next((each.arn for each in roles if each.name == role), f"{kind.replace(':sts:', ':iam:')}:role/{role}")


def _account(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 else ""


def _holder(principal: str, details: Mapping[str, Details]) -> Holder | None:
    of_account = details.get(_account(principal))
    return Holder(of_account, principal) if of_account and of_account.account.holds(principal) else None


def _claims(holders: Mapping[str, Holder | None]) -> Iterator[Claim]:
    """The sentences, each with its principal and number as a name until they are numbered."""
    for name, holder in holders.items():
        for number, told in enumerate(holder.sentences() if holder else (), 1):
            yield Claim(
                id=f"{name} {number}",
                text=told.text,
                basis="observed",
                predicates=told.predicates,
                evidence=told.evidence,
            )


def _gaps(principal: str, holder: Holder | None) -> tuple[Gap, ...]:
    return (OUTSIDE, *gaps_of(holder)) if holder else (no_details(principal),)


def _used(taint: Tainted) -> UsedCredential:
    return UsedCredential(
        credential=taint.credential.id,
        done=_counted(event for event in taint.events if event.succeeded),
        tried=_counted(event for event in taint.events if not event.succeeded),
    )


def _counted(events: Iterable[Event]) -> tuple[Used, ...]:
    """The calls, the most frequent first."""
    counts = Counter(event.action for event in events)
    return tuple(
        Used(action=action, count=n) for action, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )


def _could(holder: Holder | None) -> Mapping[str, object]:
    if holder is None:
        return {}
    return {
        "services": tuple(
            ServiceRight(
                service=one.service, levels=one.levels, but=one.but, whole=one.is_open, conditional=one.only_if
            )
            for one in holder.services
        ),
        "ways_up": tuple(WayUp(method=one.method.name, on=one.targets, only_if=one.only_if) for one in holder.ways),
        "roles": tuple(RoleInReach(role=one.role, through=one.through, only_if=one.only_if) for one in holder.roles),
    }
