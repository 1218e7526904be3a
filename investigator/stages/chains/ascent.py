"""Upwards: which credential issued each one, hop by hop."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.search import any_of, equals
from investigator.ports.store import Store
from investigator.stages.chains.console import console_parents
from investigator.stages.chains.forest import Forest, is_key
from investigator.stages.chains.issuing import issued, signer
from investigator.stages.chains.limits import HOPS, some, too_far
from investigator.stages.chains.seeds import first_uses, owners_of

_ANOTHER_ACCOUNT = equals("identity", "AWSAccount")
_ITS_OWN = _ANOTHER_ACCOUNT.model_copy(update={"negated": True})


def ascend(forest: Forest, store: Store) -> Iterator[Gap]:
    """Plant what issued the credentials of the forest, and what issued that; a Gap where that goes on too far."""
    frontier = [key for key in forest.nodes if is_key(key)]
    climbed = set(frontier)
    for _ in range(HOPS):
        parents = _parents(frontier, store)
        forest.unissued.update(dict.fromkeys(key for key in frontier if key not in parents))
        above = _plant(parents.values(), forest, store)
        frontier = [key for key in above if is_key(key) and key not in climbed]
        climbed.update(frontier)
        if not frontier:
            break
    else:
        yield too_far("above", frontier)


def _plant(parents: Iterable[Credential], forest: Forest, store: Store) -> Sequence[str]:
    """Plant credentials with their parent, and those parents; the parents in order."""
    known = list(parents)
    for credential in known:
        forest.plant(credential)
    above = list(dict.fromkeys(credential.parent for credential in known if credential.parent))
    new = [id_ for id_ in above if id_ not in forest.nodes]
    owners = owners_of([id_ for id_ in new if is_key(id_)], store)
    for id_ in new:
        owner = owners.get(id_, "unknown") if is_key(id_) else id_.partition(":")[2].partition("@")[0]
        forest.plant(Credential(id=id_, issued_to=owner))
    return [id_ for id_ in above if id_ in forest.nodes]


def _parents(keys: Sequence[str], store: Store) -> Mapping[str, Credential]:
    """Each key as the record that handed it out tells of it, or the sign-in behind it; others are left out."""
    if not keys:
        return {}
    issuers = tuple(store.first_each(any_of("issued_key", keys), "issued_key"))
    signed_by = _signers(issuers, store)
    found = {event.issued_key: issued(event, signed_by[event.id]) for event in issuers}
    rest = [key for key in keys if key not in found]
    by_key = {**found, **console_parents(first_uses(rest, store), store)}
    return {key: by_key[key] for key in keys if key in by_key}


def _signers(issuers: Sequence[Event], store: Store) -> Mapping[str, str]:
    """The parent of each issuing record; in the trusting account the caller's own record is found by its shared id."""
    shared = [event.shared_id for event in issuers if event.identity == "AWSAccount" and event.shared_id]
    twins: dict[str, Event] = {}
    if shared:
        twins = {
            twin.shared_id: twin for twin in store.first_each(any_of("shared_id", shared).also(_ITS_OWN), "shared_id")
        }
    return {
        event.id: signer(twins.get(event.shared_id, event) if event.identity == "AWSAccount" else event)
        for event in issuers
    }


def without_issuer(forest: Forest) -> Iterator[Gap]:
    """A Gap for the sessions of which neither the way up nor the way down shows who issued them."""
    keys = [key for key in forest.unissued if key.startswith("ASIA") and forest.nodes[key].parent is None]
    if keys:
        yield Gap.of(
            what=f"which credential issued the session{'s' if len(keys) > 1 else ''} {some(keys, 3)}",
            why="no record of the issue was read: it lies outside the window, Region, account or files at hand",
            effect="the credential behind such a session is not known, and others that it issued may be missing",
            close="read the logs of the hours before the first use, of us-east-1, and of accounts that trust the role",
        )
