"""What issuing calls made: by their answer, by the other account's record, or by time and name (9.6, 1-3 and 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.search import any_of, equals
from investigator.ports.store import Store
from investigator.stages.chains.forest import Offspring
from investigator.stages.chains.issuing import SESSION_CALLS, Rule, issued, session_arn, session_id
from investigator.stages.chains.keyless import TOLERANCE, Keyless, records_without_key
from investigator.stages.chains.starts import Starts

_HANDED_OUT = equals("issued_key", "null").model_copy(update={"negated": True})


@dataclass(frozen=True, slots=True)
class Issued:
    """The credentials that calls issued, and what could not be told of their records."""

    found: tuple[Offspring, ...] = ()
    gaps: tuple[Gap, ...] = ()


def sessions(calls: Sequence[Event], signers: Mapping[EvidenceId, str], store: Store) -> Issued:
    """What these calls issued; `signers` says which credential made each call."""
    if not calls:
        return Issued()
    keyless = records_without_key([call for call in calls if call.name in SESSION_CALLS], store)
    silent = _Silent.of([call for call in calls if not call.issued_key], keyless, store)
    children = {call.id: _child(call, signers[call.id], silent) for call in calls}
    used = _used([child.id for id_, child in children.items() if child and id_ in keyless.matches], store)
    born = (
        _born(child, call, keyless, used)
        for call in calls
        if (child := children[call.id]) is not None and child.id != child.parent
    )
    return Issued(tuple(born), keyless.gaps)


def _child(call: Event, parent: str, silent: "_Silent") -> Credential | None:
    return issued(call, parent) if call.issued_key else silent.child(call, parent)


def _used(keys: Sequence[str], store: Store) -> frozenset[str]:
    """Which of the keys signed any record."""
    return frozenset(key for (key,) in store.distinct(any_of("key", keys), "key")) if keys else frozenset()


def _born(child: Credential, call: Event, keyless: Keyless, used: frozenset[str]) -> Offspring:
    matches = keyless.of(call)
    if matches and child.id not in used:
        child = child.model_copy(update={"certainty": "medium", "rule": matches[0].rule})
    return Offspring(child, tuple(match.where for match in matches))


@dataclass(frozen=True, slots=True)
class _Silent:
    """What is known of calls whose answer was not kept."""

    twins: Mapping[str, Event]
    """Rule 3: the other account's record of the same call that kept the key, by shared id."""
    keys: Mapping[EvidenceId, str]
    """Rule 2: the key whose records carry the same role, session name and issue time."""
    keyless: Keyless

    @classmethod
    def of(cls, calls: Sequence[Event], keyless: Keyless, store: Store) -> "_Silent":
        shared = [call.shared_id for call in calls if call.shared_id]
        where = any_of("shared_id", shared).also(_HANDED_OUT)
        twins = {twin.shared_id: twin for twin in store.first_each(where, "shared_id")} if shared else {}
        return cls(twins, _keys_by_time([call for call in calls if call.shared_id not in twins], store), keyless)

    def child(self, call: Event, parent: str) -> Credential | None:
        if twin := self.twins.get(call.shared_id):
            return issued(twin, parent).model_copy(update={"by": call.id, "rule": Rule.SHARED_EVENT})
        if key := self.keys.get(call.id):
            return _by_time(key, call, parent)
        return _by_time(session_id(call), call, parent) if self.keyless.of(call) else None


def _by_time(child: str, call: Event, parent: str) -> Credential:
    return issued(call, parent).model_copy(update={"id": child, "rule": Rule.ISSUE_TIME, "certainty": "medium"})


def _keys_by_time(calls: Sequence[Event], store: Store) -> Mapping[EvidenceId, str]:
    """For each call the key of the same session that began closest to it; each key once."""
    arns = list(dict.fromkeys(arn for call in calls if (arn := session_arn(call))))
    if not arns:
        return {}
    keys: dict[tuple[str, str], list[str]] = {}
    for arn, start, key in store.distinct(any_of("arn", arns), "arn", "session_start", "key"):
        keys.setdefault((arn, start), []).append(key)
    starts, taken, found = Starts(keys), set[str](), dict[EvidenceId, str]()
    for call in calls:
        near = (keys[session_arn(call), start] for start in starts.nearest(session_arn(call), call.time, TOLERANCE))
        if key := next((key for same in near for key in same if key not in taken), None):
            found[call.id] = key
            taken.add(key)
    return found
