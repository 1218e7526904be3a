"""What a credential does to things that it made itself: to read back or take back one's own is no theft and no loss.

Programs that manage infrastructure and tests do that all day, and an intruder has nothing to win by it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from pydantic import JsonValue

from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.ids import EvidenceId
from investigator.domain.paths import texts
from investigator.domain.search import Search, any_of, equals, search
from investigator.domain.words import Severity
from investigator.ports.store import Evidence

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: the calls that make one, and the fields that name it there and in later calls."""

    source: str
    made_by: Names
    asked: Names
    """Fields of the request, of the making call and of later ones."""
    answered: Names = ()
    """Fields of the making call's response."""


_TRAIL = Kind("cloudtrail", ("CreateTrail",), ("name",), ("trailARN",))
_SECRET = Kind("secretsmanager", ("CreateSecret", "PutSecretValue"), ("secretId", "name"), ("aRN", "arn"))
_PARAMETER = Kind("ssm", ("PutParameter",), ("name", "names"))
_BUCKET = Kind("s3", ("CreateBucket",), ("bucketName",))
_MACHINE = Kind(
    "ec2",
    ("CreateSnapshot", "CreateSnapshots", "CopySnapshot", "CreateVolume", "CreateImage", "CopyImage", "RunInstances"),
    ("snapshotId", "volumeId", "imageId", "instancesSet.items.instanceId"),
    ("snapshotId", "snapshotSet.items.snapshotId", "volumeId", "imageId", "instancesSet.items.instanceId"),
)
_OWN: Mapping[str, Kind] = MappingProxyType(
    {
        "secrets-read": _SECRET,
        "parameters-read": _PARAMETER,
        "bucket-deleted": _BUCKET,
        "buckets-deleted": _BUCKET,
        "disks-or-instances-removed": _MACHINE,
        "disks-or-instances-removed-in-bulk": _MACHINE,
    }
)
"""Rules and bursts by name, with what they are about."""


def without_own(hits: Iterable[Hit], many: Mapping[str, int], store: Evidence) -> Iterator[Hit]:
    """The hits, without what a credential did to things of its own.

    A hit of one call is one level lower for these. Of a burst, `many` tells by name how many things it takes, and what
    is left has to be about as many.
    """
    makers: dict[Kind, Collection[str]] = {}
    for hit in hits:
        kind = _OWN.get(hit.name)
        if kind and kind not in makers:
            makers[kind] = {key for (key,) in store.distinct(_making(kind), "key")}
        of_makers = any_of("id", hit.event_ids).also(equals("key", *makers[kind])) if kind and makers[kind] else None
        own = _own(kind, store.events(of_makers), store) if kind and of_makers else frozenset[EvidenceId]()
        if not kind or not own:
            yield hit
            continue
        events = list(store.events(any_of("id", hit.event_ids)))
        rest = [event for event in events if event.id not in own]
        if len({name for event in rest for name in _named(event.request, kind.asked)}) >= many.get(hit.name, 1):
            yield _of(hit, rest)
        if hit.name not in many:
            yield _of(hit, [event for event in events if event.id in own], hit.level.lowered())


def strange_trails(stopped: Sequence[Event], store: Evidence) -> list[Event]:
    """Those of the calls that are about a trail which another credential made."""
    own = _own(_TRAIL, stopped, store)
    return [event for event in stopped if event.id not in own]


def _own(kind: Kind, events: Iterable[Event], store: Evidence) -> frozenset[EvidenceId]:
    """The events that are about nothing but things that the same key had made before."""
    later = [event for event in events if event.key and event.time]
    made = _made(kind, {event.key for event in later}, store)
    return frozenset(event.id for event in later if _is_own(event, kind, made))


def _made(kind: Kind, keys: Collection[str], store: Evidence) -> Mapping[tuple[str, str], datetime]:
    """When each key first made something of a name."""
    made: dict[tuple[str, str], datetime] = {}
    for event in store.events(_making(kind).also(equals("key", *keys))) if keys else ():
        for name in (*_named(event.request, kind.asked), *_named(event.response, kind.answered)):
            if event.time:
                made.setdefault((event.key, name), event.time)
    return made


def _making(kind: Kind) -> Search:
    """The calls that made one."""
    service = equals("source", f"{kind.source}.amazonaws.com")
    return search(service, equals("name", *kind.made_by), equals("outcome", "success"))


def _is_own(event: Event, kind: Kind, made: Mapping[tuple[str, str], datetime]) -> bool:
    names = list(_named(event.request, kind.asked))
    began = [made.get((event.key, name)) for name in names]
    return bool(names) and all(start is not None and event.time is not None and start <= event.time for start in began)


def _named(part: JsonValue, fields: Names) -> Iterator[str]:
    for field in fields:
        yield from filter(None, texts(part, field))


def _of(hit: Hit, events: Iterable[Event], level: Severity | None = None) -> Hit:
    return hit.part({event.id: event.time for event in events}, level or hit.level)
