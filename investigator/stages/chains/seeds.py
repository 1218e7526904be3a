"""Seeds: the credentials that suspects name, from which the forest grows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from investigator.domain.credential import Credential
from investigator.domain.entity import EntityRef
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.search import any_of
from investigator.domain.words import EntityKind
from investigator.ports.store import Store
from investigator.stages.chains.forest import Forest
from investigator.stages.matter import moment

MOST_SEEDS = 2_000
"""Access keys of named principals, sessions and instances from which linking starts; the earliest used are kept."""
_COLUMN = {EntityKind.PRINCIPAL: "principal", EntityKind.SESSION: "arn", EntityKind.INSTANCE: "session"}


def plant_seeds(suspects: Sequence[EntityRef], forest: Forest, store: Store) -> Iterator[Gap]:
    """Plant the keys that suspects are, then those that their records carry; a Gap when these are too many."""
    keys = [suspect.value for suspect in suspects if suspect.kind is EntityKind.ACCESS_KEY]
    owners = owners_of(keys, store)
    for key in keys:
        forest.plant(Credential(id=key, issued_to=owners.get(key, "unknown")))
    firsts = {event.key: event for event in sorted(_firsts(suspects, store), key=moment, reverse=True)}
    in_order = sorted(firsts.values(), key=moment)
    for event in in_order[:MOST_SEEDS]:
        forest.plant(Credential(id=event.key, issued_to=_owner(event)))
    if len(in_order) > MOST_SEEDS:
        yield _too_many(in_order[MOST_SEEDS])


def _firsts(suspects: Iterable[EntityRef], store: Store) -> Iterator[Event]:
    """The first record of each key of each named principal, session and instance."""
    values: dict[str, list[str]] = {}
    for suspect in suspects:
        if column := _COLUMN.get(suspect.kind):
            values.setdefault(column, []).append(suspect.value)
    for column, named in values.items():
        yield from store.first_each(any_of(column, named), column, "key", limit=MOST_SEEDS + 1)


def owners_of(keys: Sequence[str], store: Store) -> Mapping[str, str]:
    """For whom each key speaks, as its first record says; keys without any record are left out."""
    return {key: _owner(event) for key, event in first_uses(keys, store).items()}


def first_uses(keys: Sequence[str], store: Store) -> Mapping[str, Event]:
    """The first record that each key signed."""
    return {event.key: event for event in store.first_each(any_of("key", keys), "key")} if keys else {}


def _owner(event: Event) -> str:
    return event.arn or event.principal


def _too_many(first: Event) -> Gap:
    return Gap.of(
        what=f"the access keys of the suspects that were first used from {first.key} on",
        why=f"the suspects' records carry more than {MOST_SEEDS:,} access keys; those first used are linked",
        effect="what was done with the later keys, and what these issued, is not judged",
        close="name single keys or sessions, or open a case for a shorter time",
    )
