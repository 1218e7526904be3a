"""Credentials as a tree: who issued whom, in the order of their start."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from investigator.domain.credential import Credential

Children = Mapping[str, Sequence[Credential]]


@dataclass(frozen=True, slots=True)
class Branch:
    """One credential and the lines that lead to it from its parent."""

    guides: str
    credential: Credential
    issued: int
    """How many credentials it issued."""


def forest(credentials: Sequence[Credential], accused: Collection[str] = ()) -> tuple[Branch, ...]:
    """Every credential once; branches that lead to an accused one come first.

    A credential whose parent is not known, or that descends from itself, starts a tree.
    """
    leading = _ancestry(credentials, accused)
    ordered = sorted(credentials, key=lambda credential: (credential.id not in leading, *_order(credential)))
    known = {credential.id for credential in ordered}
    children: dict[str, list[Credential]] = {}
    for credential in ordered:
        if credential.parent in known:
            children.setdefault(credential.parent or "", []).append(credential)
    roots = [credential for credential in ordered if credential.parent not in known]
    seen: set[str] = set()
    return tuple(branch for root in (*roots, *ordered) for branch in _tree(root, children, seen))


def _tree(root: Credential, children: Children, seen: set[str]) -> Iterator[Branch]:
    """Depth first, without recursion: a chain may be longer than the interpreter's stack."""
    waiting = [(root, "", "")]
    while waiting:
        credential, guides, stem = waiting.pop()
        if credential.id in seen:
            continue
        seen.add(credential.id)
        offspring = children.get(credential.id, ())
        yield Branch(guides, credential, len(offspring))
        for nth, child in enumerate(reversed(offspring)):
            guide, below = ("└─ ", "   ") if nth == 0 else ("├─ ", "│  ")
            waiting.append((child, stem + guide, stem + below))


def _ancestry(credentials: Sequence[Credential], accused: Collection[str]) -> set[str]:
    """The accused credentials and all that led to them."""
    parents = {credential.id: credential.parent for credential in credentials}
    leading: set[str] = set()
    for credential in accused:
        step: str | None = credential
        while step is not None and step not in leading:
            leading.add(step)
            step = parents.get(step)
    return leading


def _order(credential: Credential) -> tuple[datetime, str]:
    return credential.start or datetime.max.replace(tzinfo=UTC), credential.id
