"""Findings about what was taken, started or switched off: objects read, instances launched, logging stopped."""

import re
from collections.abc import Iterator
from itertools import groupby

from investigator.domain.claim import Absent, Before
from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.event import Event
from investigator.domain.paths import texts
from investigator.domain.search import Search, equals
from investigator.domain.words import Confidence, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, ids_of, recorded, sentence
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.told import weight_of_data
from investigator.stages.assessment.wording import addresses, clock, listed, short, who
from investigator.stages.matter import Matter

READS = frozenset({"GetObject", "CopyObject", "SelectObjectContent"})
STOPPING = frozenset({"StopLogging", "DeleteTrail"})
_INSTANCES = "instancesSet.items.instanceId"
_QUARANTINE = re.compile(r"arn:[\w-]+:iam::aws:policy/AWSCompromisedKeyQuarantine(?:V\d+)?")


def effect_findings(trace: Trace, matter: Matter, cells: tuple[Cell, ...]) -> Iterator[Conclusion]:
    yield from _objects_read(trace, weight_of_data(matter))
    yield from _instances(trace, matter, cells)
    yield from _logging(trace, matter, cells)
    yield from _quarantine(matter)


def _key_and_bucket(event: Event) -> tuple[str, str]:
    return (event.key or event.arn, event.asked("bucketName"))


def _objects_read(trace: Trace, severity: Severity) -> Iterator[Conclusion]:
    reads = [event for event in trace.events if event.name in READS and event.succeeded and event.asked("bucketName")]
    for (signer, bucket), group in groupby(sorted(reads, key=_key_and_bucket), key=_key_and_bucket):
        events = tuple(sorted(group, key=lambda event: (event.time is None, str(event.time), event.id)))
        objects = list(dict.fromkeys(event.asked("key") for event in events))
        yield Conclusion(
            sentences=(
                sentence(
                    f"{len(objects)} object{'s' * (len(objects) != 1)} of bucket {bucket} "
                    f"{'were' if len(objects) != 1 else 'was'} read by {who(events[0])} from {addresses(events)}, "
                    f"from {clock(events[0].time)} to {clock(events[-1].time)}: {listed(objects, 4)}.",
                    events,
                ),
            ),
            when=events[0].time,
            tactic=Tactic.COLLECTION,
            techniques=("T1530",),
            severity=severity,
            entities=(signer, bucket, *(f"{bucket}/{name}" for name in objects[:50])),
            evidence=ids_of(events),
            core=ids_of(events),
            headline=2,
            effect=True,
        )


def _launcher(event: Event) -> tuple[str, str, str]:
    return (event.account, event.region, event.principal)


def _instances(trace: Trace, matter: Matter, cells: tuple[Cell, ...]) -> Iterator[Conclusion]:
    launches = [event for event in trace.events if event.name == "RunInstances" and event.succeeded]
    for (_, region, _), group in groupby(sorted(launches, key=_launcher), key=_launcher):
        events = tuple(group)
        ids = [name for event in events for name in texts(event.response, _INSTANCES)]
        types = sorted({event.asked("instanceType") for event in events} - {""})
        told = sentence(
            f"{len(ids)} instance{'s' * (len(ids) != 1)} of type {listed(types)} "
            f"{'were' if len(ids) != 1 else 'was'} launched in {region} by {who(events[0])} "
            f"{'at' if len(events) == 1 else 'from'} {clock(events[0].time)}"
            f"{'' if len(events) == 1 else f' to {clock(events[-1].time)}'}: {listed(ids)}.",
            events,
        )
        yield Conclusion(
            sentences=(told, *_unused_before(region, events[0], matter, cells)),
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
    return Sentence(
        f"{told}; no StartLogging of it after that is in the records given.",
        (recorded(stop), *(Absent(where=str(where), cells=logs, scope="given") for where in absent if logs)),
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
