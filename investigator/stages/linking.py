"""Linking: which credential issued which, walked hop by hop from the suspects, up and down (specification 9.6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from investigator.domain.credential import Credential
from investigator.domain.entity import EntityRef
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.search import Search, Term, any_of, equals, search
from investigator.domain.stage_results import Linked, Reach
from investigator.domain.words import EntityKind
from investigator.ports.store import Store
from investigator.stages.chains.console import console_children, console_parent
from investigator.stages.chains.issuing import SESSION_CALLS, Rule, issued, session_arn, session_id, signer
from investigator.stages.chains.keyless import is_there, records_without_key

HOPS = 12
"""No chain of AWS role sessions is longer in practice; a longer one is a Gap."""
MOST_CREDENTIALS = 5_000
MOST_SEEDS = 200

_ISSUED = equals("issued_key", "null").model_copy(update={"negated": True})
_SUCCESS = equals("outcome", "success")


@dataclass
class Forest:
    """The credentials found so far, each with the searches that find its records."""

    store: Store
    nodes: dict[str, Credential] = field(default_factory=dict[str, Credential])
    reach: dict[str, list[Search]] = field(default_factory=dict[str, list[Search]])
    gaps: list[Gap] = field(default_factory=list[Gap])

    def plant(self, credential: Credential, *extra: Search) -> bool:
        """Add a credential with its records; False when it was known already (a parent is then filled in)."""
        known = self.nodes.get(credential.id)
        if known is not None:
            if known.parent is None and credential.parent is not None and not self._is_above(credential):
                self.nodes[credential.id] = credential
            return False
        self.nodes[credential.id] = credential
        own = [any_of("key", [credential.id])] if _is_key(credential.id) else []
        self.reach[credential.id] = [*own, *extra]
        return True

    def _is_above(self, credential: Credential) -> bool:
        """Whether the credential's parent hangs below it already: an edge that would close a circle is refused."""
        above = credential.parent
        while above is not None and above in self.nodes:
            if above == credential.id:
                return True
            above = self.nodes[above].parent
        return False


def _is_key(credential: str) -> bool:
    return credential.isalnum()


def link(suspects: Sequence[EntityRef], store: Store) -> Linked:
    """The forest around the suspects: their credentials, what issued those, and all that those issued."""
    forest = Forest(store)
    for suspect in suspects:
        for credential in seeds(suspect, store):
            forest.plant(credential)
    for start in list(forest.nodes):
        _ascend(forest, start)
    _descend(forest)
    credentials = sorted(forest.nodes.values(), key=_order)
    return Linked(
        credentials=tuple(credentials),
        reach=tuple(Reach(credential=c.id, where=str(where)) for c in credentials for where in forest.reach[c.id]),
        suspects=tuple(suspects),
        gaps=tuple({gap.id: gap for gap in forest.gaps}.values()),
    )


def _order(credential: Credential) -> tuple[str, str]:
    return (credential.start.isoformat() if credential.start else "", credential.id)


def seeds(suspect: EntityRef, store: Store) -> Iterable[Credential]:
    """The credentials that a suspect names: its key, or the keys that its records carry."""
    match suspect.kind:
        case EntityKind.ACCESS_KEY:
            yield _seed(suspect.value, store)
        case EntityKind.PRINCIPAL:
            yield from _keys_of(equals("principal", suspect.value), store)
        case EntityKind.SESSION:
            yield from _keys_of(equals("arn", suspect.value), store)
        case EntityKind.INSTANCE:
            yield from _keys_of(equals("session", suspect.value), store)
        case _:
            return


def _keys_of(term: Term, store: Store) -> Iterable[Credential]:
    for event in sorted(store.first_each(search(term), "key"), key=lambda event: event.key):
        yield Credential(id=event.key, issued_to=event.arn or event.principal)


def _seed(key: str, store: Store) -> Credential:
    first = next(iter(store.events(any_of("key", [key]), limit=1)), None)
    return Credential(id=key, issued_to=(first.arn or first.principal) if first else "unknown")


def _ascend(forest: Forest, key: str) -> None:
    for _ in range(HOPS):
        if not _is_key(key):
            return
        parent = _parent(forest, key)
        if parent is None:
            if key.startswith("ASIA"):
                forest.gaps.append(_missing_parent(key))
            return
        forest.plant(parent)
        if parent.parent is None:
            return
        key = parent.parent
        forest.plant(Credential(id=key, issued_to=_owner(key, forest.store)))


def _owner(key: str, store: Store) -> str:
    if not _is_key(key):
        return key.partition(":")[2].partition("@")[0]
    return _seed(key, store).issued_to


def _parent(forest: Forest, key: str) -> Credential | None:
    for event in forest.store.events(any_of("issued_key", [key]), limit=1):
        return issued(event, _signed_by(event, forest.store))
    return console_parent(key, forest.store)


def _signed_by(event: Event, store: Store) -> str:
    """The parent of an issuing record; in the trusting account the caller's own record is found by its shared id."""
    if event.identity == "AWSAccount" and event.shared_id:
        for twin in store.events(any_of("shared_id", [event.shared_id])):
            if twin.id != event.id and twin.identity != "AWSAccount":
                return signer(twin)
    return signer(event)


def _missing_parent(key: str) -> Gap:
    return Gap.of(
        what=f"which credential issued the session {key}",
        why="no record of its issue was read: it lies outside the window, Region, account or files at hand",
        effect="the credential behind this session is not known, and others that it issued may be missing",
        close="read the logs of the hours before its first use, of us-east-1, and of the accounts that trust the role",
    )


def _descend(forest: Forest) -> None:
    frontier = list(forest.nodes)
    for _ in range(HOPS):
        children = [child for event in _issuing(forest, frontier) for child in _children(forest, event)]
        children += [child for key in frontier for child in _from_console(forest, key)]
        frontier = sorted(set(children))
        if not frontier:
            return
        if len(forest.nodes) > MOST_CREDENTIALS:
            break
    forest.gaps.append(_too_far(len(forest.nodes)))


def _too_far(nodes: int) -> Gap:
    return Gap.of(
        what="the sessions beyond the last hop that was followed",
        why=f"the chain has more than {HOPS} hops or {nodes} credentials",
        effect="records of sessions further down are not attributed",
        close="open a case on the last credentials of the chain",
    )


def _issuing(forest: Forest, frontier: Sequence[str]) -> Iterable[Event]:
    keys = [key for key in frontier if _is_key(key)]
    if keys:
        yield from forest.store.events(any_of("key", keys).also(_ISSUED))
        yield from forest.store.events(
            any_of("key", keys).also(equals("name", *sorted(SESSION_CALLS)), equals("issued_key", "null"), _SUCCESS)
        )
    for credential in frontier:
        for where in forest.reach[credential]:
            if where.terms[0].field != "key":
                yield from forest.store.events(where.also(_ISSUED))


def _children(forest: Forest, event: Event) -> Iterable[str]:
    parent = _holder(forest, event)
    if event.issued_key:
        child = issued(event, parent)
    else:
        child = _without_response(event, parent, forest.store)
        if child is None:
            return
    found = records_without_key(event, forest.store) if event.name in SESSION_CALLS else None
    if found is not None:
        forest.gaps.extend(found.gaps)
        if found.matches and not is_there(any_of("key", [child.id]), forest.store):
            child = child.model_copy(update={"certainty": "medium", "rule": found.matches[0].rule})
    if child.id != parent and forest.plant(child, *(match.where for match in (found.matches if found else ()))):
        yield child.id


def _holder(forest: Forest, event: Event) -> str:
    """The credential of the forest that signed a record: its key, or the keyless session that it belongs to."""
    if event.key:
        return event.key
    for credential, searches in forest.reach.items():
        for where in searches:
            if where.terms[0].field != "key" and _belongs(event, where):
                return credential
    return signer(event)


def _belongs(event: Event, where: Search) -> bool:
    wanted = {term.field: term.values[0] for term in where.terms}
    after = where.start is None or (event.time is not None and event.time >= where.start)
    before = where.end is None or (event.time is not None and event.time < where.end)
    start = wanted.get("session_start", "null")
    return event.arn == wanted.get("arn") and after and before and (event.session_start or "null") == start


def _without_response(event: Event, parent: str, store: Store) -> Credential | None:
    """Rules 3 and 2: the response was not kept; the session is known by its twin, or by role, name and issue time."""
    if (twin := _twin_with_key(event, store)) is not None:
        return issued(twin, parent).model_copy(update={"by": event.id, "rule": Rule.SHARED_EVENT})
    found = records_without_key(event, store)
    if event.time is None:
        return None
    start = event.time
    for later in store.events(Search(terms=(equals("arn", session_arn(event)),)).within(start, None), limit=500):
        if later.key and later.session_start and later.session_start[:19] == start.isoformat()[:19]:
            return _medium(later.key, event, parent)
    return _medium(session_id(event), event, parent) if found.matches else None


def _twin_with_key(event: Event, store: Store) -> Event | None:
    """Rule 3: the other account's record of the same call, where that one kept the key that was handed out."""
    if not event.shared_id:
        return None
    twins = store.events(any_of("shared_id", [event.shared_id]).also(_ISSUED))
    return next((twin for twin in twins if twin.id != event.id), None)


def _medium(child: str, event: Event, parent: str) -> Credential:
    return issued(event, parent).model_copy(update={"id": child, "rule": Rule.ISSUE_TIME, "certainty": "medium"})


def _from_console(forest: Forest, key: str) -> Iterable[str]:
    for credential, where in console_children(forest.nodes[key], forest.reach[key], forest.store):
        if forest.plant(credential, *([where] if where else [])):
            yield credential.id
