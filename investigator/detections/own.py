"""What a credential does to things that it made itself: to read back or take back one's own is no theft and no loss.

Programs that manage infrastructure and tests do that all day, and an intruder has nothing to win by it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from types import MappingProxyType

from pydantic import JsonValue

from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.ids import EvidenceId
from investigator.domain.paths import first_text, texts
from investigator.domain.search import Search, any_of, equals, search
from investigator.domain.words import Done, Severity
from investigator.ports.store import Evidence

Names = tuple[str, ...]
Thing = tuple[str, str, str, str]
"""Key, account, Region (none where names hold everywhere) and name."""
MOST = 20_000
"""Events of a hit up to which it is looked at; a larger one stays as it is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: the calls that make one, where they name it, and where later requests do."""

    source: str
    made_by: Names
    asked: Names
    """Fields of the requests of later calls."""
    made: Names
    """Paths in the making call: `request.name` is what its caller chose, `response.volumeId` what AWS gave."""
    regional: bool = True
    anew: tuple[str, str] = ("", "")
    """A path in the making call, and what it holds where the thing was not there before."""


_TRAIL = Kind("cloudtrail", ("CreateTrail",), ("name",), ("request.name", "response.trailARN"))
_SECRET = Kind(
    "secretsmanager", ("CreateSecret",), ("secretId",), ("request.name", "response.aRN", "response.arn", "response.ARN")
)
_PARAMETER = Kind("ssm", ("PutParameter",), ("name", "names"), ("request.name",), anew=("response.version", "1"))
_BUCKET = Kind("s3", ("CreateBucket",), ("bucketName",), ("request.bucketName",), regional=False)
_MACHINE = Kind(
    "ec2",
    ("CreateSnapshot", "CreateSnapshots", "CopySnapshot", "CreateVolume", "CreateImage", "CopyImage", "RunInstances"),
    ("snapshotId", "volumeId", "imageId", "instancesSet.items.instanceId"),
    ("response.snapshotId", "response.snapshotSet.items.snapshotId", "response.imageId",
     "response.instancesSet.items.instanceId"),
)  # fmt: skip
_VOLUME = Kind("ec2", ("CreateVolume",), ("volumeId",), ("response.volumeId",))
_OWN: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {
        "secrets-read": (_SECRET,),
        "parameters-read": (_PARAMETER,),
        "bucket-deleted": (_BUCKET,),
        "buckets-deleted": (_BUCKET,),
        "disks-or-instances-removed": (_MACHINE, _VOLUME),
        "disks-or-instances-removed-in-bulk": (_MACHINE, _VOLUME),
    }
)
"""Rules and bursts by name, with what they are about."""


def without_own(hits: Iterable[Hit], bursts: Mapping[str, int], store: Evidence) -> Iterator[Hit]:
    """The hits, without what a credential did to things of its own.

    A rule on single calls weighs a level less for these. Of a burst, `bursts` tells by name how many things it takes;
    what is left has to be about as many.
    """
    made = cache(partial(_makers, store))
    for hit in hits:
        kinds = _OWN.get(hit.name, ())
        makers = frozenset[str]().union(*map(made, kinds)) if hit.count <= MOST else ()
        by_makers = store.events(any_of("id", hit.event_ids).also(equals("key", *makers))) if makers else ()
        own = _own(kinds, by_makers, store)
        if not own:
            yield hit
        elif hit.name in bursts:
            yield from _left_of_burst(hit, own, bursts[hit.name], store)
        else:
            yield from _weighed(hit, own, store)


def strange_trails(stopped: Sequence[Event], store: Evidence) -> list[Event]:
    """Those of the calls that are about a trail which another credential made."""
    own = _own((_TRAIL,), stopped, store)
    return [event for event in stopped if event.id not in own]


def _left_of_burst(hit: Hit, own: frozenset[EvidenceId], least: int, store: Evidence) -> Iterator[Hit]:
    """What is about things of others, where these alone would be a burst."""
    rest = [event for event in store.events(any_of("id", hit.event_ids)) if event.id not in own]
    fields = tuple(field for kind in _OWN[hit.name] for field in kind.asked)
    if len({name for event in rest for name in _named(event.request, fields)}) >= least:
        yield _of(hit, rest, hit.level)


def _weighed(hit: Hit, own: frozenset[EvidenceId], store: Evidence) -> Iterator[Hit]:
    """What is about things of others as it is, and a level lower what is about its own."""
    events = list(store.events(any_of("id", hit.event_ids)))
    if rest := [event for event in events if event.id not in own]:
        yield _of(hit, rest, hit.level)
    yield _of(hit, [event for event in events if event.id in own], hit.level.lowered())


def _own(kinds: Sequence[Kind], events: Iterable[Event], store: Evidence) -> frozenset[EvidenceId]:
    """The events that are about nothing but things that the same key had made before."""
    later = [event for event in events if event.key and event.time]
    keys = {event.key for event in later}
    made = {thing: time for kind in kinds if later for thing, time in _made(kind, keys, store)}
    return frozenset(event.id for event in later if any(_is_own(event, kind, made) for kind in kinds))


def _makers(store: Evidence, kind: Kind) -> frozenset[str]:
    """The keys that made something of the kind."""
    return frozenset(key for (key,) in store.distinct(_making(kind), "key"))


def _made(kind: Kind, keys: Iterable[str], store: Evidence) -> Iterator[tuple[Thing, datetime]]:
    """What each key made, with the time of its making; the first time last."""
    path, value = kind.anew
    for event in reversed([*store.events(_making(kind).also(equals("key", *keys)))]):
        parts: JsonValue = {"request": event.request, "response": event.response}
        if event.time and (not path or first_text(parts, path) == value):
            for name in _named(parts, kind.made):
                yield _thing(event, kind, name), event.time


def _making(kind: Kind) -> Search:
    """The calls that made one."""
    service = equals("source", f"{kind.source}.amazonaws.com")
    return search(service, equals("name", *kind.made_by), equals("outcome", "success"))


def _is_own(event: Event, kind: Kind, made: Mapping[Thing, datetime]) -> bool:
    began = [made.get(_thing(event, kind, name)) for name in _named(event.request, kind.asked)]
    return bool(began) and all(start is not None and event.time is not None and start <= event.time for start in began)


def _thing(event: Event, kind: Kind, name: str) -> Thing:
    return event.key, event.account, event.region if kind.regional else "", name


def _named(part: JsonValue, fields: Names) -> Iterator[str]:
    for field in fields:
        yield from filter(None, texts(part, field))


def _of(hit: Hit, events: Sequence[Event], level: Severity) -> Hit:
    outcome = Done.DONE if any(event.succeeded for event in events) else Done.TRIED
    return hit.part({event.id: event.time for event in events}, level).model_copy(update={"outcome": outcome})
