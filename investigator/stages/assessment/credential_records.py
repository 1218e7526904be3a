"""What each credential of the forest did inside the window: read together, within limits that are told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.search import Search, equals, parse_search
from investigator.domain.times import to_text
from investigator.stages.assessment.usual import BASELINE
from investigator.stages.chains.reaches import Holders, alike, joined
from investigator.stages.matter import Matter, in_order

MOST_OF_ONE = 20_000
"""Records of one credential that are judged."""
MOST_OF_ALL = 50_000
"""Records of all credentials that are judged; a few hundred megabytes."""


@dataclass(frozen=True, slots=True)
class CredentialRecords:
    """The records of each credential in time order, our own calls left out, and Gaps for those that were not read."""

    by_credential: Mapping[str, tuple[Event, ...]]
    gaps: tuple[Gap, ...] = ()

    def of(self, credential: str) -> tuple[Event, ...]:
        return self.by_credential.get(credential, ())


def read_records(matter: Matter) -> CredentialRecords:
    """The records of every credential of the forest."""
    reach: dict[str, list[Search]] = {}
    for each in matter.linked.reach:
        reach.setdefault(each.credential, []).append(parse_search(each.where))
    reader = _Reader(matter)
    for searches in alike(where for same in reach.values() for where in same):
        reader.read(searches)
    for where in sorted(reader.heavy, key=lambda where: reader.heavy[where]):
        reader.read_heavy(where)
    return CredentialRecords(_by_credential(reader.found.values(), Holders(reach)), tuple(reader.gaps))


def _by_credential(events: Iterable[Event], holders: Holders) -> Mapping[str, tuple[Event, ...]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        for credential in holders.of(event):
            found.setdefault(credential, []).append(event)
    return {credential: in_order(same) for credential, same in found.items()}


@dataclass
class _Reader:
    """Reads what most credentials did in one go, and those with very many records one by one."""

    matter: Matter
    found: dict[str, Event] = field(default_factory=dict[str, Event])
    heavy: dict[Search, int] = field(default_factory=dict[Search, int])
    """Searches that find more than is judged of one credential, and how many records."""
    gaps: list[Gap] = field(default_factory=list[Gap])

    def read(self, searches: Sequence[Search]) -> None:
        """Read all records of searches of one shape, but for the heavy ones."""
        store = self.matter.store
        together = store.group(self._inside(joined(searches)))
        if together.count > MOST_OF_ONE:
            heavy = dict(self._heavy_ones(searches, together.values.get("key", {})))
            self.heavy |= heavy
            searches = [where for where in searches if where not in heavy]
        if searches and together.count:
            room = max(0, MOST_OF_ALL - len(self.found))
            events = tuple(islice(store.events(self._inside(joined(searches))), room + 1))
            self._take(events[:room])
            if len(events) > room:
                self.gaps.append(_no_room(events[-1], len(searches)))

    def _heavy_ones(self, searches: Sequence[Search], counts: Mapping[str, int]) -> Iterator[tuple[Search, int]]:
        """Those that find more than is judged of one; sessions without a key are counted one by one."""
        for where in searches:
            term = where.terms[0]
            by_key = term.field == "key"
            number = counts.get(term.values[0], 0) if by_key else self.matter.store.group(self._inside(where)).count
            if number > MOST_OF_ONE:
                yield where, number

    def read_heavy(self, where: Search) -> None:
        """Read the records from addresses that are new for it, then the earliest others, up to the limit."""
        store, inside = self.matter.store, self._inside(where)
        most = max(0, min(MOST_OF_ONE, MOST_OF_ALL - len(self.found)))
        new = self._new_addresses(where)
        strange = tuple(store.events(inside.also(equals("ip", *new)), limit=most)) if new else ()
        events = in_order((*strange, *store.events(inside, limit=most - len(strange))))
        self._take(events)
        self.gaps.append(_too_many(where, len(events), self.heavy[where]))

    def _new_addresses(self, where: Search) -> Sequence[str]:
        """The addresses of the window that it did not use in the 30 days before, if it was used then."""
        store, start = self.matter.store, self.matter.window.start
        earlier = set(store.distinct(where.within(start - BASELINE, start), "ip"))
        now = store.distinct(self._inside(where), "ip") if earlier else ()
        return [address for (address,) in now if (address,) not in earlier]

    def _take(self, events: Iterable[Event]) -> None:
        own = self.matter.own_requests
        self.found.update((event.id, event) for event in events if event.request_id not in own)

    def _inside(self, where: Search) -> Search:
        window = self.matter.window
        start = max(where.start, window.start) if where.start else window.start
        return where.within(start, min(where.end, window.end) if where.end else window.end)


def _too_many(where: Search, read: int, number: int) -> Gap:
    return Gap.of(
        what=f"{number - read:,} of the {number:,} records of {where.terms[0].values[0]}",
        why=f"at most {MOST_OF_ONE:,} records of one credential are judged, and {MOST_OF_ALL:,} of all: those from "
        "addresses that are new for it, then the earliest",
        effect="what the others show is not judged, and nothing is said of them",
        close="open a case for a shorter time, or search the records: investigator logs search",
    )


def _no_room(event: Event, credentials: int) -> Gap:
    return Gap.of(
        what=f"records of {credentials:,} linked credentials from {to_text(event.time) if event.time else event.id} on",
        why=f"at most {MOST_OF_ALL:,} records are judged, the earliest first",
        effect="what the later ones show is not judged, and nothing is said of them",
        close="open a case for a shorter time, or on single credentials",
    )
