"""May a principal do this? Identity policies narrowed by a permissions boundary; an explicit denial wins.

The rule is AWS's (IAM user guide, policy evaluation logic) as far as identity policies and boundaries reach: what
service control policies, resource policies and session policies add or take away is not in them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from investigator.domain.permissions.documents import Statement
from investigator.domain.permissions.globs import covers
from investigator.domain.permissions.scopes import Part, Scope, capped, within, without


class Answer(StrEnum):
    """What policies say of an action on a resource."""

    ALLOWED = "allowed"
    CONDITIONAL = "allowed_under_conditions"
    DENIED = "denied"
    """A statement denies it."""
    NOT_ALLOWED = "not_allowed"
    """No statement allows it: the implicit denial."""
    UNKNOWN = "unknown"
    """No statement that could be read allows it; others could not be read, or are too many to follow."""

    @property
    def may(self) -> bool:
        return self in (Answer.ALLOWED, Answer.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class Unread:
    """A policy that applies and could not be read."""

    policy: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rights:
    """Every statement that applies to a principal."""

    statements: tuple[Statement, ...] = ()
    boundary: tuple[Statement, ...] | None = None
    """None when there is no boundary."""
    unread: tuple[Unread, ...] = ()
    unread_boundary: tuple[Unread, ...] = ()

    @property
    def denials(self) -> tuple[Statement, ...]:
        return tuple(one for one in (*self.statements, *(self.boundary or ())) if not one.allows)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer; where it may: on which part of the resources, and by which policies."""

    answer: Answer
    scopes: tuple[Scope, ...] = ()

    @property
    def only_if(self) -> tuple[str, ...]:
        """The conditions of the part with the fewest."""
        return min((scope.only_if for scope in self.scopes), key=len, default=())

    @property
    def policies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for scope in self.scopes for name in scope.policies))


def decide(rights: Rights, action: str, resource: str = "*") -> Decision:
    """Whether an action (`iam:CreateAccessKey`) may be done on a resource; of a pattern, on some resource that fits."""
    name = action.lower()
    allowed = _parts(one for one in rights.statements if one.allows and names(one, name))
    scopes, cut = capped(within([Scope((resource,))], allowed))
    if rights.boundary is not None:
        limits = _parts(one for one in rights.boundary if one.allows and names(one, name))
        scopes, cut = _again(within(scopes, limits), cut)
    before = scopes
    denials = _parts(one for one in rights.denials if names(one, name))
    for denial in denials:
        scopes, cut = _again(without(scopes, denial), cut)
    scopes = tuple(scope for scope in scopes if not scope.is_empty)
    if not scopes:
        if _denied(resource, denials):
            return Decision(Answer.DENIED)
        return Decision(Answer.UNKNOWN if cut or rights.unread else Answer.DENIED if before else Answer.NOT_ALLOWED)
    return _some(rights, scopes)


def names(statement: Statement, action: str) -> bool:
    """Whether the statement speaks of the action, which is in lower case."""
    if statement.actions:
        return any(covers(glob.text, action) for glob in statement.actions)
    return not any(covers(glob.text, action) for glob in statement.not_actions)


def _parts(statements: Iterable[Statement]) -> Sequence[Part]:
    return [Part(one.resources, one.not_resources, one.conditions, one.policy) for one in statements]


def _again(scopes: Iterable[Scope], cut: bool) -> tuple[tuple[Scope, ...], bool]:
    kept, more = capped(scopes)
    return kept, cut or more


def _denied(resource: str, denials: Sequence[Part]) -> bool:
    """Whether denials alone leave nothing of the resource."""
    scopes, cut = (Scope((resource,)),), False
    for denial in denials:
        scopes, cut = _again(without(scopes, denial), cut)
    return not cut and all(scope.is_empty for scope in scopes)


def _some(rights: Rights, scopes: tuple[Scope, ...]) -> Decision:
    unread = (*rights.unread, *rights.unread_boundary)
    open_ = tuple(f"{one.policy}, which could not be read, lets it through" for one in unread)
    kept = tuple(scope.given(*open_) for scope in scopes) if open_ else scopes
    certain = any(not scope.only_if for scope in kept)
    return Decision(Answer.ALLOWED if certain else Answer.CONDITIONAL, kept)
