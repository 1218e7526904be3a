"""Blind spots: what the evidence at hand cannot show, each with what follows and how to close it (G4, G5)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.gap import Gap
from investigator.domain.index_report import CHANGED, VANISHED, FileReport
from investigator.domain.search import Search, any_of
from investigator.domain.words import Scenario
from investigator.stages.assessment.of_effects import STOPPING, started_again
from investigator.stages.assessment.taint import Reason, Trace
from investigator.stages.assessment.usual import SHORTEST_HISTORY
from investigator.stages.assessment.wording import clock, listed, short
from investigator.stages.matter import Matter

_LOST = (VANISHED, CHANGED)
"""Reasons of files that were read before."""


def blind_spots(trace: Trace, matter: Matter, cells: tuple[Cell, ...], files: tuple[FileReport, ...]) -> Iterator[Gap]:
    """Every Gap of the judgement; those of single steps come from gathering."""
    logs = [cell for cell in cells if cell.source == LOG_FILES]
    everything = matter.store.group(Search())
    if everything.first is not None and everything.last is not None:
        yield from _history(matter, everything.first)
        yield from _afterwards(trace, everything.last)
    yield from trace.gaps
    yield from _regions(logs)
    yield from _data_events(matter, cells)
    yield from _unlogged(trace, matter)
    yield from _replicated(trace)
    yield from _machines(trace)
    yield from _shared_addresses(trace, matter)
    yield from _missing_alert(matter)
    yield from _files(files)


def _history(matter: Matter, first: datetime) -> Iterator[Gap]:
    if matter.window.start - first < SHORTEST_HISTORY:
        yield Gap.of(
            what=f"what was usual before {clock(max(first, matter.window.start))}",
            why=f"the records begin at {clock(first)}, which leaves less than 7 days of history before the start",
            effect="novelty against a baseline is off: an earlier first use cannot be excluded",
            close="add the CloudTrail files of the 30 days before",
        )


def _afterwards(trace: Trace, end: datetime) -> Iterator[Gap]:
    for taint in trace.tainted:
        good_until = taint.credential.end
        if good_until is not None and good_until > end:
            yield Gap.of(
                what=f"use of {taint.credential.id} after {clock(end)}",
                why=f"the records end there, and the credential was good until {clock(good_until)}",
                effect="later use cannot be excluded",
                close=f"add the CloudTrail files up to {clock(good_until)}",
            )


def _regions(logs: list[Cell]) -> Iterator[Gap]:
    regions = sorted({cell.region for cell in logs if cell.region})
    if regions:
        yield Gap.of(
            what="all Regions without log files",
            why=f"the files hold records of {listed(regions, 6)} only",
            effect="calls in any other Region are not seen; none found is said of these Regions alone",
            close="add the files of the other Regions, or run with --aws",
        )


def _data_events(matter: Matter, cells: tuple[Cell, ...]) -> Iterator[Gap]:
    if any(cell.events == "data:s3" and cell.records for cell in cells):
        return
    wanted = {Scenario.S3_EXFILTRATION, Scenario.COMPROMISED_INSTANCE, Scenario.LEAKED_ACCESS_KEY}
    if wanted.isdisjoint(matter.scenarios) and not matter.told("bucket"):
        return
    yield Gap.of(
        what="reads and writes of S3 objects",
        why="no S3 data event is among the records: no trail logs them, or their files were not given",
        effect="object reads cannot be counted, and it cannot be told which objects were read",
        close="add the files of a trail that logs S3 data events, or search server access logs",
    )


def _unlogged(trace: Trace, matter: Matter) -> Iterator[Gap]:
    stops = [event for event in trace.events if event.name in STOPPING and event.succeeded]
    for stop in stops:
        trail = short(stop.asked("name"))
        again = started_again(stop, matter)
        until = f"until {clock(again.time)}" if again else "and no StartLogging was seen"
        yield Gap.of(
            what=f"what happened while the trail {trail} was not logging, from {clock(stop.time)} {until}",
            why="logging of the trail was stopped; records of that time can be missing from its files",
            effect="acts of that time may be unseen",
            close="look up the event history (LookupEvents keeps 90 days whatever trails do), or another trail",
        )


def _replicated(trace: Trace) -> Iterator[Gap]:
    for event in trace.events:
        if event.name == "PutBucketReplication" and event.succeeded:
            yield Gap.of(
                what=f"which objects of {event.asked('bucketName')} were replicated to the outside",
                why=f"replication by S3 after {clock(event.time)} leaves no record that names the caller's objects",
                effect="what was copied cannot be listed",
                close="read the bucket's inventory, its replication metrics, or the destination's logs",
            )


def _machines(trace: Trace) -> Iterator[Gap]:
    for taint in trace.tainted:
        if taint.reason is Reason.OFF_MACHINE:
            yield Gap.of(
                what=f"how the credentials of {taint.events[0].session} were taken from the instance",
                why="requests to the instance metadata service are in no CloudTrail record",
                effect="the way in is not shown",
                close="look into the instance's web server and system logs, its disk and its metadata options",
            )


def _shared_addresses(trace: Trace, matter: Matter) -> Iterator[Gap]:
    for address in sorted({event.ip for event in trace.events if event.ip}):
        others = _others(address, trace, matter)
        if others:
            yield Gap.of(
                what=f"who sat behind the address {address}",
                why=f"{listed(others, 3)} used it too, so the address tells nobody apart",
                effect="the intruder's own network is not known",
                close="ask whose address it is; read flow logs or the proxy's logs of that time",
            )


def _others(address: str, trace: Trace, matter: Matter) -> list[str]:
    accused = {event.principal for event in trace.events}
    callers = {principal for (principal,) in matter.store.distinct(any_of("ip", [address]), "principal")}
    return [short(principal) for principal in sorted(callers - accused)]


def _missing_alert(matter: Matter) -> Iterator[Gap]:
    named = next((name for word, name in _DETECTORS.items() if word in matter.intake.description.lower()), None)
    if named and not matter.alerts:
        yield Gap.of(
            what=f"the {named} that the description mentions",
            why="no finding of a detector is among the files and answers",
            effect="what the detector saw cannot be checked",
            close="give the finding with --alert, or run with --aws",
        )


_DETECTORS = {
    "guardduty": "GuardDuty alert",
    "security hub": "Security Hub alert",
    "inspector": "Inspector alert",
    "macie": "Macie alert",
    "alert": "alert",
}


def _files(files: tuple[FileReport, ...]) -> Iterator[Gap]:
    yield from _lost([file for file in files if file.reason in _LOST])
    for file in files:
        if file.reason in _LOST:
            continue
        if file.status == "skip" and file.reason not in (None, "duplicate", "unchanged"):
            yield Gap.of(
                what=f"the content of {file.path} ({file.reason})",
                why="it was recognised as something else than CloudTrail and was not read",
                effect="what it covers, such as network traffic for a flow log, is outside this report",
                close="read it with the tool for its kind",
            )
        elif file.status in ("reject", "partial"):
            yield Gap.of(
                what=f"records of {file.path}",
                why=f"the file is {'damaged' if file.status == 'partial' else 'unreadable'}: "
                f"{file.reason or ', '.join(file.flags)}; {file.records} records were read, {file.quarantined} not",
                effect="records of that file may be missing",
                close="fetch the file again from its bucket",
            )


def _lost(files: Sequence[FileReport]) -> Iterator[Gap]:
    """One gap for all, as a folder that is tidied up may lose thousands of files."""
    names = [f"{file.path} ({file.reason.replace('_', ' ')})" for file in files if file.reason]
    if names:
        yield Gap.of(
            what=f"what {listed(names, 3)} held when it was read into the evidence store before",
            why="the files do not hold it any more, and evidence is what the files hold now",
            effect="records that once were at hand are no part of this case",
            close="ask who removed or changed the files; fetch them again, and compare with the bucket's versions",
        )
