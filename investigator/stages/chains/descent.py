"""Downwards: what each credential issued, hop by hop, the records of a whole hop read together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.search import equals
from investigator.ports.store import Store
from investigator.stages.chains.forest import Forest, Offspring
from investigator.stages.chains.issuing import SESSION_CALLS
from investigator.stages.chains.limits import HOPS, MOST_CALLS, cut_short, too_far, too_many
from investigator.stages.chains.passwords import PASSWORD_CALLS, sign_ins
from investigator.stages.chains.reaches import Holders, together
from investigator.stages.chains.sessions import sessions
from investigator.stages.matter import in_order

_SUCCESS = equals("outcome", "success")
_NONE = equals("issued_key", "null")
_HANDED_OUT = _NONE.model_copy(update={"negated": True})
_SILENT = (equals("name", *sorted(SESSION_CALLS)), _NONE, _SUCCESS)
_PASSWORDS = (equals("name", *PASSWORD_CALLS), _SUCCESS)


def descend(forest: Forest, store: Store) -> Iterator[Gap]:
    """Plant what the credentials of the forest issued, and what that issued; Gaps where this ends early."""
    frontier = list(forest.nodes)
    unclear: list[Gap] = []
    for _ in range(HOPS):
        hop = _hop(frontier, forest, store)
        unclear += hop.gaps
        planted = (born.credential.id for born in hop.born if forest.plant(born.credential, *born.records))
        frontier = list(dict.fromkeys(planted))
        if not frontier:
            break
    else:
        beyond = _hop(frontier, forest, store).born
        if any(born.credential.id not in forest.nodes for born in beyond):
            yield too_far("below", frontier)
    yield from cut_short(list({gap.id: gap for gap in unclear}.values()))


@dataclass(frozen=True, slots=True)
class _Hop:
    """What the credentials of one hop made, the earliest first."""

    born: tuple[Offspring, ...]
    gaps: tuple[Gap, ...]


def _hop(frontier: Sequence[str], forest: Forest, store: Store) -> _Hop:
    calls = _Calls.of(frontier, forest, store)
    issued = sessions(calls.issuing, calls.holders, store)
    signed_in = sign_ins(calls.holders, calls.passwords, store)
    born = sorted(chain(issued.found, signed_in.found), key=_when)
    return _Hop(tuple(born), (*calls.gaps, *issued.gaps, *signed_in.gaps))


def _when(born: Offspring) -> tuple[str, str]:
    start = born.credential.start
    return (start.isoformat() if start else "~", born.credential.id)


@dataclass(frozen=True, slots=True)
class _Calls:
    """The calls of some credentials that hand something out, and whose call each was."""

    issuing: tuple[Event, ...]
    passwords: tuple[Event, ...]
    holders: Mapping[EvidenceId, str]
    gaps: tuple[Gap, ...] = field(default=())

    @classmethod
    def of(cls, frontier: Sequence[str], forest: Forest, store: Store) -> "_Calls":
        reach = {credential: forest.reach[credential] for credential in frontier}
        shapes = together(where for searches in reach.values() for where in searches)
        handed = [tuple(store.first_each(where.also(_HANDED_OUT), "issued_key", limit=MOST_CALLS)) for where in shapes]
        silent = [tuple(store.events(where.also(*_SILENT), limit=MOST_CALLS)) for where in shapes]
        given = [tuple(store.events(where.also(*_PASSWORDS), limit=MOST_CALLS)) for where in shapes]
        holders = Holders(reach)
        held = {event.id: holder for event in chain(*handed, *silent, *given) if (holder := _holder(event, holders))}
        gaps = (*_cut("issuing calls", handed, silent), *_cut("password changes", given))
        return cls(_of(chain(*handed, *silent), held), _of(chain(*given), held), held, gaps)


def _holder(event: Event, holders: Holders) -> str | None:
    return next(holders.of(event), None)


def _of(events: Iterable[Event], held: Mapping[EvidenceId, str]) -> tuple[Event, ...]:
    return in_order(event for event in events if event.id in held)


def _cut(kind: str, *reads: Sequence[tuple[Event, ...]]) -> Iterator[Gap]:
    for events in chain(*reads):
        if len(events) == MOST_CALLS:
            yield too_many(kind, events[-1].id)
