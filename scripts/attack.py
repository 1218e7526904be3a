"""Techniques of MITRE ATT&CK that rules may name: those of its cloud list, and a few beside it that AWS shows too."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

LIST = Path(__file__).with_name("attack.json")


class Technique(Struct, frozen=True):
    """A technique or sub-technique."""

    id: str
    name: str
    tactics: tuple[str, ...]
    cloud: bool
    """It is in the list for infrastructure as a service."""


class Attack(Struct, frozen=True):
    """The list of one version, and what the next one numbers anew."""

    licence: str
    version: str
    renumbered: dict[str, str]
    """From this version's id to that of the next."""
    later: tuple[Technique, ...]
    """Techniques of the next version alone."""
    techniques: tuple[Technique, ...]

    def names(self) -> dict[str, str]:
        """Every id of either numbering with its name, that of a sub-technique behind its parent's."""
        plain = {one.id: one.name for one in (*self.techniques, *self.later)}
        parents = {id_: plain.get(id_.partition(".")[0], "") for id_ in plain if "." in id_}
        return {id_: f"{parents[id_]}: {name}" if parents.get(id_) else name for id_, name in plain.items()}

    def problems(self, ids: tuple[str, ...]) -> Iterator[str]:
        """What is wrong with the techniques of one rule."""
        known = self.names()
        yield from (f"{id_} is no technique that we know" for id_ in ids if id_ not in known)
        for old, new in self.renumbered.items():
            if old in ids and new not in ids:
                yield f"{old} without {new}, its number in the next version"
        for new in {one.id for one in self.later}.intersection(ids):
            if not {old for old, other in self.renumbered.items() if other == new}.intersection(ids):
                yield f"{new} without its number in version {self.version}"


@cache
def attack() -> Attack:
    return msgspec.json.decode(LIST.read_bytes(), type=Attack)
