"""Scopes: the part of all resources, or of all actions, that is left of an allowance after limits and denials."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from investigator.domain.permissions.documents import Glob
from investigator.domain.permissions.globs import covers, overlap

MOST_SCOPES = 400
"""More are not followed; what they would have allowed is then unknown."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What fits every one of `patterns` and none of `excluded`, on these conditions."""

    patterns: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return any(covers(gone, pattern) for gone in self.excluded for pattern in self.patterns)

    def is_within(self, glob: str) -> bool:
        """Whether all of it fits the pattern."""
        return any(covers(glob, pattern) for pattern in self.patterns)

    def touches(self, glob: str) -> bool:
        """Whether some of it may fit the pattern."""
        return all(overlap(glob, pattern) for pattern in self.patterns)

    def narrowed(self, glob: str) -> "Scope | None":
        """What of it fits the pattern too; None when nothing does."""
        if self.is_within(glob):
            return self
        if not self.touches(glob):
            return None
        kept = tuple(pattern for pattern in self.patterns if not covers(pattern, glob))
        left = replace(self, patterns=(*kept, glob))
        return None if left.is_empty else left

    def given(self, *conditions: str) -> "Scope":
        """The same on more conditions."""
        return replace(self, only_if=tuple(dict.fromkeys((*self.only_if, *conditions))))

    def by(self, policy: str) -> "Scope":
        return replace(self, policies=tuple(dict.fromkeys((*self.policies, policy))))


@dataclass(frozen=True, slots=True)
class Part:
    """What one statement speaks of: these patterns, or everything but those; conditions and the policy it stands in."""

    globs: tuple[Glob, ...]
    but: tuple[Glob, ...]
    conditions: tuple[str, ...]
    policy: str


def within(scopes: Iterable[Scope], allowed: Sequence[Part]) -> Iterator[Scope]:
    """What of the scopes the allowances let through."""
    for scope in scopes:
        for part in allowed:
            yield from _through(scope, part)


def _through(scope: Scope, part: Part) -> Iterator[Scope]:
    """A scope as one allowance leaves it; a pattern with an unknown variable is a condition."""
    told = scope.given(*part.conditions).by(part.policy)
    for glob in part.globs:
        if (left := told.narrowed(glob.text)) is not None:
            yield left if glob.sure else left.given(f"it is {glob} of the request")
    if not part.globs:
        left = replace(told, excluded=(*told.excluded, *(glob.text for glob in part.but if glob.sure)))
        left = left.given(*(f"it is not {glob} of the request" for glob in part.but if not glob.sure))
        if not left.is_empty:
            yield left


def without(scopes: Iterable[Scope], denied: Part) -> Iterator[Scope]:
    """What is left of the scopes after a denial; one that depends on the request leaves them on a condition."""
    for scope in scopes:
        if denied.conditions:
            yield from _unless(scope, denied)
        elif denied.globs:
            yield from _after(scope, denied.globs)
        else:
            yield from _inside(scope, denied.but)


def _unless(scope: Scope, denied: Part) -> Iterator[Scope]:
    hit = any(scope.touches(glob.text) for glob in denied.globs) or (
        not denied.globs and not any(glob.sure and scope.is_within(glob.text) for glob in denied.but)
    )
    yield scope.given(f"not ({' and '.join(denied.conditions)})") if hit else scope


def _after(scope: Scope, globs: Sequence[Glob]) -> Iterator[Scope]:
    if any(glob.sure and scope.is_within(glob.text) for glob in globs):
        return
    unsure = [str(glob) for glob in globs if not glob.sure and scope.touches(glob.text)]
    touched = tuple(glob.text for glob in globs if glob.sure and scope.touches(glob.text))
    left = replace(scope, excluded=(*scope.excluded, *touched))
    yield left.given(*(f"it is not {text} of the request" for text in unsure))


def _inside(scope: Scope, kept: Sequence[Glob]) -> Iterator[Scope]:
    """A denial of everything but these leaves what fits one of them."""
    for glob in kept:
        if (left := scope.narrowed(glob.text)) is not None:
            yield left if glob.sure else left.given(f"it is {glob} of the request")


def capped(scopes: Iterable[Scope], most: int = MOST_SCOPES) -> tuple[tuple[Scope, ...], bool]:
    """Each scope once, at most so many, and whether some were left out."""
    kept: dict[Scope, None] = {}
    for scope in scopes:
        kept[scope] = None
        if len(kept) > most:
            return tuple(kept)[:most], True
    return tuple(kept), False
