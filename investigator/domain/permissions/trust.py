"""Which roles of its own account a principal could assume.

The rule (IAM user guide: policy evaluation logic, roles terms and concepts, permissions boundaries): a role's trust
policy must allow it, and no statement of either side may deny it. Where the trust policy names the user's or role's own
ARN, that is enough, and a boundary limits a role, but not a user, by its silence. Where it names the account, or its
root, the right must come from the principal's own policies too. A trust policy for everyone (`*`) is read like one for
the account; without a right of one's own, what it gives is not known.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from investigator.domain.permissions.account import Account
from investigator.domain.permissions.documents import Glob, Statement
from investigator.domain.permissions.rights import Answer, Decision, Rights, Unread, decide, names
from investigator.domain.permissions.scopes import Scope

ASSUME = "sts:AssumeRole"
MOST_FOLLOWED = 50
_DIRECT, _ACCOUNT, _EVERYONE = "direct", "account", "everyone"


@dataclass(frozen=True, slots=True)
class Assumable:
    """A role that could be assumed, and what must hold for it."""

    role: str
    only_if: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    """The roles to assume before it, in order."""


def may_assume(account: Account, principal: str, role: str) -> Decision:
    """Whether the principal may assume the role, both of this account."""
    trust = account.trust(role)
    if isinstance(trust, Unread):
        return Decision(Answer.UNKNOWN)
    spoken = [(one, reach) for one in trust if names(one, ASSUME.lower()) and (reach := _reach(one, principal))]
    denials = [one for one, _ in spoken if not one.allows]
    if any(not one.conditions for one in denials):
        return Decision(Answer.DENIED)
    unless = tuple(f"not ({' and '.join(one.conditions)})" for one in denials)
    rights = account.rights(principal)
    granted = [_granted(one, reach, (rights, principal, role)) for one, reach in spoken if one.allows]
    return _best(granted, unless)


def assumable(account: Account, principal: str) -> Iterator[Assumable]:
    """Every role that it could assume, by itself or through others, nearest first; each role once.

    Of the first `MOST_FOLLOWED` roles it is told what they could assume in turn.
    """
    seen, ahead, followed = {principal}, deque([Assumable(principal)]), 0
    while ahead and followed <= MOST_FOLLOWED:
        at, followed = ahead.popleft(), followed + 1
        for role in sorted(account.roles.keys() - seen):
            decision = may_assume(account, at.role, role)
            if decision.answer.may:
                seen.add(role)
                through = (*at.through, at.role) if at.role != principal else ()
                found = Assumable(role, tuple(dict.fromkeys((*at.only_if, *decision.only_if))), through)
                ahead.append(found)
                yield found


def _granted(statement: Statement, reach: str, asked: tuple[Rights, str, str]) -> Decision:
    """What one statement of the trust policy gives."""
    rights, principal, role = asked
    own = _by_name(rights, principal, role) if reach == _DIRECT else decide(rights, ASSUME, role)
    if own.answer.may:
        return _under((*own.only_if, *statement.conditions))
    return Decision(Answer.UNKNOWN) if reach == _EVERYONE and own.answer is Answer.NOT_ALLOWED else own


def _by_name(rights: Rights, principal: str, role: str) -> Decision:
    """What denials, and the boundary of a role, leave of a right that the trust policy gives by name."""
    given = Statement(policy=role, effect="Allow", actions=(Glob(ASSUME.lower()),), resources=(Glob("*"),))
    is_user = ":user/" in principal
    limits = (None, ()) if is_user else (rights.boundary, rights.unread_boundary)
    return decide(Rights((given, *rights.denials), limits[0], rights.unread, limits[1]), ASSUME, role)


def _under(conditions: tuple[str, ...]) -> Decision:
    told = tuple(dict.fromkeys(conditions))
    return Decision(Answer.CONDITIONAL if told else Answer.ALLOWED, (Scope(("*",), only_if=told),))


def _best(granted: Sequence[Decision], unless: tuple[str, ...]) -> Decision:
    allowed = [one for one in granted if one.answer.may]
    if allowed:
        return _under((*min((one.only_if for one in allowed), key=len), *unless))
    answers = {one.answer for one in granted}
    order = (Answer.UNKNOWN, Answer.DENIED)
    return Decision(next((answer for answer in order if answer in answers), Answer.NOT_ALLOWED))


def _reach(statement: Statement, principal: str) -> str:
    """How the statement speaks of the principal: by name, as one of its account, as anyone; "" when it does not."""
    account = principal.split(":")[4]
    if statement.not_principals:
        kinds = {_one(kind, value, principal, account) for kind, value in statement.not_principals}
        return "" if kinds & {_DIRECT, _ACCOUNT, _EVERYONE} else _EVERYONE
    kinds = {_one(kind, value, principal, account) for kind, value in statement.principals}
    return next((reach for reach in (_DIRECT, _ACCOUNT, _EVERYONE) if reach in kinds), "")


def _one(kind: str, value: str, principal: str, account: str) -> str:
    if kind not in ("AWS", "*"):
        return ""
    if value == principal:
        return _DIRECT
    if value == account or (value.startswith("arn:") and value.endswith(f":iam::{account}:root")):
        return _ACCOUNT
    return _EVERYONE if value == "*" else ""
