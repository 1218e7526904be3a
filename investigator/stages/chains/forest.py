"""The forest that linking grows: credentials, what issued them, and the searches that find their records."""

from dataclasses import dataclass, field

from investigator.domain.credential import Credential
from investigator.domain.search import Search, any_of
from investigator.stages.chains.reaches import NULL

MOST_CREDENTIALS = 5_000
"""Credentials of one forest; those nearest to the suspects are kept, of one hop the earliest."""


@dataclass
class Forest:
    """The credentials found so far."""

    nodes: dict[str, Credential] = field(default_factory=dict[str, Credential])
    reach: dict[str, list[Search]] = field(default_factory=dict[str, list[Search]])
    left_out: dict[str, None] = field(default_factory=dict[str, None])
    """Ids for which there was no room."""
    unissued: dict[str, None] = field(default_factory=dict[str, None])
    """Keys that no record handed out, on the way up."""

    def plant(self, credential: Credential, *records: Search) -> bool:
        """Take in a credential and the searches that find its records, but for those by its key.

        True when it has records to follow that it had not before. One that is known learns of its parent and records.
        """
        known = self.nodes.get(credential.id)
        if known is None:
            return self._take(credential, records)
        self._complete(known, credential)
        more = [where for where in records if where not in self.reach[credential.id]]
        self.reach[credential.id].extend(more)
        return bool(more)

    def _take(self, credential: Credential, records: tuple[Search, ...]) -> bool:
        if len(self.nodes) >= MOST_CREDENTIALS:
            self.left_out[credential.id] = None
            return False
        self.nodes[credential.id] = credential
        own = [any_of("key", [credential.id])] if is_key(credential.id) else []
        self.reach[credential.id] = [*own, *records]
        return True

    def _complete(self, known: Credential, told: Credential) -> None:
        """Fill in a parent; what the same record says of the same credential later, with more seen, replaces it."""
        is_same_edge = known.by is not None and (known.by, known.parent) == (told.by, told.parent)
        if is_same_edge or (known.parent is None and told.parent is not None and not self._is_above(told)):
            self.nodes[told.id] = told

    def _is_above(self, credential: Credential) -> bool:
        """Whether the credential's parent hangs below it already: an edge that would close a circle is refused."""
        above = credential.parent
        while above is not None and above in self.nodes:
            if above == credential.id:
                return True
            above = self.nodes[above].parent
        return False


def is_key(credential: str) -> bool:
    """Whether a credential is named by an access key id, not by a session, subject or service.

    "null" is none: in a search it stands for records without a key.
    """
    return credential.isalnum() and credential != NULL


@dataclass(frozen=True, slots=True)
class Offspring:
    """A credential that another one made, and the searches that find its records beside those by its key."""

    credential: Credential
    records: tuple[Search, ...] = ()
