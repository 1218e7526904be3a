"""Access levels by service: what kind of thing a principal could do there.

An approximation by names, not the Service Authorization Reference: `List*` is List, `Get*`, `Describe*` and their like
are Read, `Tag*` and `Untag*` are Tagging, verbs that change grants or policies are Permissions management, all else is
Write. A pattern has every level that some name which fits it could have.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from investigator.domain.permissions.documents import Statement
from investigator.domain.permissions.globs import covers, is_pattern, overlap
from investigator.domain.permissions.rights import Rights
from investigator.domain.permissions.scopes import Part, Scope, capped, within, without

EVERY_SERVICE = "*"


class Level(StrEnum):
    """The access levels of AWS."""

    LIST = "List"
    READ = "Read"
    WRITE = "Write"
    PERMISSIONS = "Permissions management"
    TAGGING = "Tagging"


@dataclass(frozen=True, slots=True)
class ServiceReach:
    """What could be done in one service (`*`: in every service)."""

    service: str
    levels: tuple[Level, ...]
    but: tuple[str, ...] = ()
    """Patterns of actions that are left out of it."""
    is_open: bool = False
    """Every action on every resource, on no condition."""
    only_if: bool = False
    """Whether all of it stands under conditions."""


MOST_PARTS = 5_000
"""Patterns of actions that are followed; of a principal with more, not all services are told."""
_SOME = "some resources"
_LIMITED = frozenset({_SOME, f"not ({_SOME})"})


_SHAPES: tuple[tuple[Level, str, str], ...] = (
    (
        Level.PERMISSIONS,
        "iam",
        "attach*policy detach*policy createpolicy* deletepolicy* setdefaultpolicyversion updateassumerolepolicy "
        "put*permissionsboundary delete*permissionsboundary",
    ),
    (
        Level.PERMISSIONS,
        "*",
        "put*policy set*policy delete*policy add*permission remove*permission put*permission* grant* revoke* "
        "create*grant retiregrant put*acl modify*attribute put*publicaccessblock delete*publicaccessblock "
        "create*accountassignment delete*accountassignment create*permissionset delete*permissionset",
    ),
    (Level.TAGGING, "*", "tag* untag* addtags* removetags* put*tagging delete*tagging"),
    *((Level.TAGGING, service, "createtags deletetags") for service in ("ec2", "redshift", "workspaces")),
    (Level.LIST, "*", "list*"),
    (
        Level.READ,
        "*",
        "get* describe* batchget* head* lookup* search* query* scan* select* view* check* simulate* filter* download* "
        "read* preview* validate* estimate* test*",
    ),
)
"""Level, service, names; the first row that fits decides for an action."""
_CHANGES = (
    "create* update* delete* put* modify* run* start* stop* send* invoke* publish* set* add* remove* enable* disable* "
    "attach* detach* associate* disassociate* assume* pass* register* deregister* execute* terminate* reboot* import* "
    "export* copy* restore* upload* write* cancel* request* authorize* encrypt* decrypt* generate* reset* change* "
    "accept* reject*"
).split()


@lru_cache(maxsize=8_192)
def levels_of(action: str) -> tuple[Level, ...]:
    """The levels of an action, or of every action that fits a pattern; in lower case."""
    service, _, name = action.partition(":") if ":" in action else ("*", "", "*")
    shapes = [(level, shape) for level, of, names in _SHAPES if overlap(of, service) for shape in names.split()]
    if not is_pattern(action):
        return (next((level for level, shape in shapes if covers(shape, name)), Level.WRITE),)
    found = {level for level, shape in shapes if overlap(shape, name)}
    if not found or any(overlap(shape, name) for shape in _CHANGES):
        found.add(Level.WRITE)
    return tuple(level for level in Level if level in found)


def services(rights: Rights) -> tuple[ServiceReach, ...]:
    """What the rights give in each service that they name, in alphabetical order."""
    scopes, _ = _scopes(rights)
    named = sorted({name for scope in scopes for name in _services_of(scope)})
    known = not rights.unread and not rights.unread_boundary
    return tuple(_reach(name, scopes, known=known) for name in named)


def is_cut(rights: Rights) -> bool:
    """Whether the rights have too many parts for all services to be told."""
    return _scopes(rights)[1]


def _scopes(rights: Rights) -> tuple[tuple[Scope, ...], bool]:
    scopes, cut = capped(within([Scope(("*",))], _parts(rights.statements)), MOST_PARTS)
    if rights.boundary is not None:
        scopes, more = capped(within(scopes, _parts(rights.boundary)), MOST_PARTS)
        cut = cut or more
    for denial in rights.denials:
        scopes, more = capped(without(scopes, _part(denial)), MOST_PARTS)
        cut = cut or more
    return tuple(scope for scope in scopes if not scope.is_empty), cut


def _parts(statements: Iterable[Statement]) -> list[Part]:
    return [_part(one) for one in statements if one.allows]


def _part(statement: Statement) -> Part:
    """A statement as one of actions; that it holds for some resources only is a condition."""
    everywhere = any(glob.sure and glob.text == "*" for glob in statement.resources)
    conditions = statement.conditions if everywhere else (_SOME, *statement.conditions)
    return Part(statement.actions, statement.not_actions, conditions, statement.policy)


def _services_of(scope: Scope) -> Iterator[str]:
    names = {pattern.partition(":")[0] for pattern in scope.patterns if ":" in pattern}
    yield from names or {EVERY_SERVICE}


def _reach(service: str, scopes: Iterable[Scope], *, known: bool) -> ServiceReach:
    of_it = [scope for scope in scopes if service in _services_of(scope)]
    levels = {level for scope in of_it for level in Level if _has(scope, level)}
    whole = "*" if service == EVERY_SERVICE else f"{service}:*"
    return ServiceReach(
        service=service,
        levels=tuple(level for level in Level if level in levels),
        but=_left_out(of_it),
        is_open=known and any(not one.only_if and _is_whole(one, whole) for one in of_it),
        only_if=not known or all(set(one.only_if) - _LIMITED for one in of_it),
    )


def _left_out(scopes: Sequence[Scope]) -> tuple[str, ...]:
    """What every part leaves out."""
    common = set[str](scopes[0].excluded).intersection(*(scope.excluded for scope in scopes))
    return tuple(sorted(common))


def _has(scope: Scope, level: Level) -> bool:
    """Whether every pattern of it has the level."""
    return all(level in levels_of(pattern) for pattern in scope.patterns)


def _is_whole(scope: Scope, whole: str) -> bool:
    fits = all(covers(pattern, whole) for pattern in scope.patterns)
    return fits and not any(overlap(gone, whole) for gone in scope.excluded)
