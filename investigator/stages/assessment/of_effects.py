"""Findings about what was taken, started or switched off: objects read, instances launched, logging stopped."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from investigator.domain.claim import Absent, Before, Exists, Predicate
from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.event import Event
from investigator.domain.paths import texts
from investigator.domain.search import Search, Term, equals
from investigator.domain.words import Actor, Confidence, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, exemplars, ids_of, recorded, sentence
from investigator.stages.assessment.counting import Counted, Ledger, named_calls
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.told import weight_of_data
from investigator.stages.assessment.wording import MOST_ADDRESSES, addresses, caller, clock, short, some, who
from investigator.stages.matter import Matter

READS = frozenset({"GetObject", "CopyObject", "SelectObjectContent"})
OPENING = frozenset({"PutBucketPolicy", "PutBucketAcl", "DeleteBucketPublicAccessBlock", "PutBucketPublicAccessBlock"})
"""Calls that may let others read a bucket."""
MOST_STRANGE_READS = 1_000
STOPPING = frozenset({"StopLogging", "DeleteTrail"})
MOST_OBJECTS, MOST_TYPES = 4, 5
"""Names that one sentence gives; each stands in a record that it cites."""
_INSTANCES = "instancesSet.items.instanceId"
_QUARANTINE = re.compile(r"arn:[\w-]+:iam::aws:policy/AWSCompromisedKeyQuarantine(?:V\d+)?")


def effect_findings(trace: Trace, matter: Matter, ledger: Ledger) -> Iterator[Conclusion]:
    yield from _objects_read(trace, matter, ledger)
    yield from _instances(trace, matter, ledger)
    yield from _logging(trace, matter, ledger.cells)
    yield from _quarantine(matter)


def read_by_strangers(trace: Trace, matter: Matter) -> Iterator[Event]:
    """What was read without signing in, or from other accounts, of buckets that the intruder had opened."""
    opened: dict[str, Event] = {}
    for event in trace.events:
        if event.name in OPENING and event.succeeded:
            opened.setdefault(event.asked("bucketName"), event)
    strange = (equals("actor", Actor.ANONYMOUS, Actor.OTHER_ACCOUNT), equals("outcome", "success"))
    for bucket, event in opened.items():
        reads = Search(terms=(equals("name", *sorted(READS)), equals("requestParameters.bucketName", bucket), *strange))
        yield from matter.store.events(reads.within(event.time, matter.window.end), limit=MOST_STRANGE_READS)


def _key_and_bucket(event: Event) -> tuple[str, str]:
    return (event.key or event.arn, event.asked("bucketName"))


def _objects_read(trace: Trace, matter: Matter, ledger: Ledger) -> Iterator[Conclusion]:
    own = [event for event in trace.events if event.name in READS and event.succeeded and event.asked("bucketName")]
    reads = [*own, *read_by_strangers(trace, matter)]
    for (signer, bucket), group in groupby(sorted(reads, key=_key_and_bucket), key=_key_and_bucket):
        events = tuple(sorted(group, key=lambda event: (event.time is None, str(event.time), event.id)))
        objects = [name for name in dict.fromkeys(map(_object, events)) if name]
        yield Conclusion(
            sentences=(_read(bucket, objects, events, ledger),),
            when=events[0].time,
            tactic=Tactic.COLLECTION,
            techniques=("T1530",),
            severity=weight_of_data(matter),
            entities=(signer, bucket, *(f"{bucket}/{name}" for name in objects[:50])),
            evidence=ids_of(events),
            core=ids_of(events),
            headline=2,
            effect=True,
        )


def _read(bucket: str, objects: list[str], events: tuple[Event, ...], ledger: Ledger) -> Sentence:
    """The number is of different objects: a second read of one takes nothing more."""
    of_bucket = equals("requestParameters.bucketName", bucket)
    tally = ledger.tally(events, ledger.window, *named_calls(events), of_bucket)
    several = len(objects) != 1
    how_many = f"{len(objects)} object{'s' * several}" if tally and objects else f"Object{'s' * several}"
    named = f": {some(objects, MOST_OBJECTS)}" if objects else ""
    return sentence(
        f"{how_many} of bucket {bucket} {'were' if several else 'was'} read by {caller(events)} "
        f"from {addresses(events)}, {_when(events, tally)}{named}.",
        exemplars(events, (_address, MOST_ADDRESSES), (_object, MOST_OBJECTS)),
        *(tally.distinct("requestParameters.key", len(objects)) if tally and objects else ()),
        *_extent(tally),
        *(_says("requestParameters.key", name, of_bucket) for name in objects[:MOST_OBJECTS]),
    )


def _says(path: str, value: str, *terms: Term) -> Exists:
    """That one of the cited records names this."""
    return Exists(where=str(Search(terms=(*terms, equals(path, value)))))


def _when(events: Sequence[Event], tally: Counted | None) -> str:
    """The times of the first and the last, as a span only where proof can tell that there is none beyond them."""
    first, last = clock(events[0].time), clock(events[-1].time)
    if first == last:
        return f"at {first}"
    return f"from {first} to {last}" if tally else f"at {first} and at {last}"


def _extent(tally: Counted | None) -> tuple[Predicate, ...]:
    return tally.extent if tally and tally.n > 1 else ()


def _object(event: Event) -> str:
    return event.asked("key")


def _address(event: Event) -> str:
    return event.ip


def _launcher(event: Event) -> tuple[str, str, str]:
    return (event.account, event.region, event.principal)


def _instances(trace: Trace, matter: Matter, ledger: Ledger) -> Iterator[Conclusion]:
    launches = [event for event in trace.events if event.name == "RunInstances" and event.succeeded]
    for (_, region, _), group in groupby(sorted(launches, key=_launcher), key=_launcher):
        events = tuple(group)
        ids = list(dict.fromkeys(name for event in events for name in texts(event.response, _INSTANCES)))
        yield Conclusion(
            sentences=(
                _launched(region, ids, events, ledger),
                *_unused_before(region, events[0], matter, ledger.cells),
            ),
            when=events[0].time,
            tactic=Tactic.IMPACT,
            techniques=("T1496.001", "T1578.002"),
            severity=Severity.HIGH,
            entities=(*ids, events[0].principal),
            evidence=ids_of(events),
            core=ids_of(events),
            headline=2,
            effect=True,
        )


def _launched(region: str, ids: list[str], events: tuple[Event, ...], ledger: Ledger) -> Sentence:
    tally = ledger.tally(events, ledger.window, *named_calls(events), equals("awsRegion", region))
    several = len(ids) != 1
    how_many = f"{len(ids)} instance{'s' * several}" if tally and ids else f"Instance{'s' * several}"
    types = [name for name in dict.fromkeys(map(_type, events)) if name][:MOST_TYPES]
    of_types = f" of type {some(map(_type, events), MOST_TYPES)}" if types else ""
    return sentence(
        f"{how_many}{of_types} {'were' if several else 'was'} launched in {region} by "
        f"{caller(events)} {_when(events, tally)}{f': {some(ids)}' if ids else ''}.",
        exemplars(events, (_type, MOST_TYPES), (lambda event: _first_of(ids[:5], event), 5)),
        *(tally.distinct(f"responseElements.{_INSTANCES}", len(ids)) if tally and ids else ()),
        *_extent(tally),
        *(_says(f"responseElements.{_INSTANCES}", name) for name in ids[:5]),
        *(_says("requestParameters.instanceType", name) for name in types),
    )


def _type(event: Event) -> str:
    return event.asked("instanceType")


def _first_of(ids: Sequence[str], event: Event) -> str:
    return next((name for name in texts(event.response, _INSTANCES) if name in ids), "")


def _unused_before(region: str, first: Event, matter: Matter, cells: tuple[Cell, ...]) -> Iterator[Sentence]:
    """That no instance was launched there before, in the records given."""
    where = Search(
        terms=(equals("awsRegion", region), equals("eventName", "RunInstances"), equals("outcome", "success"))
    )
    before = where.within(None, first.time)
    if first.time is None or matter.store.group(before).count:
        return
    of_region = tuple(cell.id for cell in cells if cell.region == region and cell.source == LOG_FILES)
    if of_region:
        yield Sentence(
            f"No earlier successful RunInstances in {region} is in the records given.",
            (recorded(first), Absent(where=str(before), cells=of_region, scope="given")),
            (first.id,),
        )


def _logging(trace: Trace, matter: Matter, cells: tuple[Cell, ...]) -> Iterator[Conclusion]:
    for event in trace.events:
        if event.name in STOPPING and event.succeeded and event.source == "cloudtrail.amazonaws.com":
            again = started_again(event, matter)
            yield Conclusion(
                sentences=(_stopped(event, again, cells),),
                when=event.time,
                tactic=Tactic.DEFENSE_EVASION,
                techniques=("T1562.008", "T1685.002"),
                severity=Severity.HIGH,
                entities=(event.asked("name"), event.principal),
                evidence=(event.id, *((again.id,) if again else ())),
                core=(event.id,),
                headline=2,
                effect=True,
            )


def started_again(stop: Event, matter: Matter) -> Event | None:
    trail = short(stop.asked("name"))
    terms = (equals("name", "StartLogging"), equals("outcome", "success"), equals("account", stop.account))
    starts = matter.store.events(Search(terms=terms).within(stop.time, None))
    return next((event for event in starts if short(event.asked("name")) == trail), None)


def _stopped(stop: Event, again: Event | None, cells: tuple[Cell, ...]) -> Sentence:
    trail = short(stop.asked("name"))
    verb = "deleted" if stop.name == "DeleteTrail" else "stopped"
    told = f"Logging of trail {trail} was {verb} by {who(stop)} at {clock(stop.time)}"
    if again is not None:
        return Sentence(
            f"{told} and started again by {who(again)} at {clock(again.time)}.",
            (recorded(stop), recorded(again), Before(a=stop.id, b=again.id)),
            (stop.id, again.id),
        )
    terms = (equals("eventName", "StartLogging"), equals("outcome", "success"))
    written = dict.fromkeys((stop.asked("name"), trail))
    absent = [
        Search(terms=(*terms, equals("requestParameters.name", name))).within(stop.time, None) for name in written
    ]
    logs = tuple(cell.id for cell in cells if cell.source == LOG_FILES and cell.account == stop.account)
    if not logs:
        return Sentence(f"{told}.", (recorded(stop),), (stop.id,))
    return Sentence(
        f"{told}; no StartLogging of it after that is in the records given.",
        (recorded(stop), *(Absent(where=str(where), cells=logs, scope="given") for where in absent)),
        (stop.id,),
    )


def _quarantine(matter: Matter) -> Iterator[Conclusion]:
    names = ("AttachUserPolicy", "AttachRolePolicy")
    where = Search(terms=(equals("name", *names), equals("outcome", "success")))
    for event in matter.store.events(where.within(matter.window.start, matter.window.end), limit=2_000):
        policy = short(event.asked("policyArn"))
        if not _QUARANTINE.fullmatch(event.asked("policyArn")):
            continue
        user = event.asked("userName") or event.asked("roleName")
        yield Conclusion(
            sentences=(
                sentence(
                    f"The quarantine policy {policy} was attached to {user} by {who(event)} at {clock(event.time)}.",
                    [event],
                ),
            ),
            when=event.time,
            tactic=Tactic.RESPONSE,
            severity=Severity.HIGH,
            confidence=Confidence.HIGH,
            rules=("A16",),
            entities=(user, event.principal),
            evidence=(event.id,),
            core=(event.id,),
            hostile=False,
            headline=4,
        )
