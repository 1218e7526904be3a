"""Blind spots: what the evidence at hand cannot show, each with what follows and how to close it (G4, G5)."""

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime

from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.index_report import CHANGED, VANISHED, FileReport
from investigator.domain.paths import texts
from investigator.domain.search import Search, any_of
from investigator.domain.words import Scenario
from investigator.stages.assessment.hidden_acts import hidden_acts
from investigator.stages.assessment.other_accounts import in_other_accounts, shared_outside
from investigator.stages.assessment.own_accounts import own_accounts
from investigator.stages.assessment.set_aside import set_aside
from investigator.stages.assessment.silenced import silenced
from investigator.stages.assessment.still_usable import still_usable
from investigator.stages.assessment.taint import Reason, Trace
from investigator.stages.assessment.usual import SHORTEST_HISTORY
from investigator.stages.assessment.wording import clock, listed, short
from investigator.stages.matter import Matter

_LOST = (VANISHED, CHANGED)
"""Reasons of files that were read before."""
_NOBODY = "unknown"
"""The principal of a record that names none."""
_DATA_EVENTS = {
    "lambda": "calls of Lambda functions",
    "dynamodb": "reads and writes of DynamoDB items",
    "ses": "mails sent through SES",
    "sns": "messages sent to SNS topics",
    "sqs": "messages sent to and taken from SQS queues",
}
"""What trails record as data events only, by service, beside S3 objects."""


def blind_spots(trace: Trace, matter: Matter, cells: tuple[Cell, ...], files: tuple[FileReport, ...]) -> Iterator[Gap]:
    """Every Gap of the judgement; those of single steps come from gathering."""
    logs = [cell for cell in cells if cell.source == LOG_FILES]
    everything = matter.store.group(Search())
    if everything.first is not None and everything.last is not None:
        yield from _history(matter, everything.first)
        yield from still_usable(trace.tainted, matter, everything.last)
    recorded = frozenset(cell.events for cell in cells if cell.records)
    yield from trace.gaps
    yield from _regions(logs)
    yield from _object_events(trace, matter, recorded)
    yield from _data_events(trace, recorded)
    yield from hidden_acts(trace.events)
    yield from _in_other_accounts(trace, matter, recorded)
    yield from silenced(trace.events, matter)
    yield from _replicated(trace)
    yield from _machines(trace)
    yield from _shared_addresses(trace, matter)
    yield from _missing_alert(matter)
    yield from set_aside(matter)
    yield from _files(files)


def _history(matter: Matter, first: datetime) -> Iterator[Gap]:
    if matter.window.start - first < SHORTEST_HISTORY:
        yield Gap.of(
            what=f"what was usual before {clock(max(first, matter.window.start))}",
            why=f"the records begin at {clock(first)}, which leaves less than 7 days of history before the start",
            effect="novelty against a baseline is off: an earlier first use cannot be excluded",
            close="add the CloudTrail files of the 30 days before",
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


def _object_events(trace: Trace, matter: Matter, recorded: frozenset[str]) -> Iterator[Gap]:
    wanted = {Scenario.S3_EXFILTRATION, Scenario.COMPROMISED_INSTANCE, Scenario.LEAKED_ACCESS_KEY}
    about = not wanted.isdisjoint(matter.scenarios) or matter.told("bucket") or "s3" in _services(trace)
    if about and "data:s3" not in recorded:
        yield Gap.of(
            what="reads and writes of S3 objects",
            why="no S3 data event is among the records: no trail logs them, or their files were not given",
            effect="object reads cannot be counted, and it cannot be told which objects were read",
            close="add the files of a trail that logs S3 data events, or search server access logs",
        )


def _data_events(trace: Trace, recorded: frozenset[str]) -> Iterator[Gap]:
    """Of the services that the intruder called; what he did not touch is no gap of the case."""
    services = _services(trace)
    unseen = [told for name, told in _DATA_EVENTS.items() if name in services and f"data:{name}" not in recorded]
    if unseen:
        yield Gap.of(
            what=listed(unseen, len(unseen)),
            why="none of these data events is among the records: no trail logs them, or their files were not given",
            effect="what was called, read or sent there cannot be told",
            close="add the files of a trail that logs these data events, or read the services' own logs and metrics",
        )


def _services(trace: Trace) -> frozenset[str]:
    return frozenset(event.source.removesuffix(".amazonaws.com") for event in trace.events if event.succeeded)


def _in_other_accounts(trace: Trace, matter: Matter, recorded: frozenset[str]) -> Iterator[Gap]:
    own = own_accounts(matter.store) if trace.events else frozenset[str]()
    yield from shared_outside(trace.events, own, recorded)
    yield from in_other_accounts(trace.events, own)


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
    """Addresses that others used too; an address that only the intruder's own users and roles share is his."""
    his = {event.principal for event in trace.events} | _made(trace.events) | {_NOBODY}
    others = {address: _others(address, his, matter) for address in sorted({e.ip for e in trace.events if e.ip})}
    shared = [address for address, principals in others.items() if principals]
    if shared:
        several = len(shared) > 1
        names = listed((name for address in shared for name in others[address]), 3)
        yield Gap.of(
            what=f"who sat behind the address{'es' if several else ''} {listed(shared, 3)}",
            why=f"{names} used {'them' if several else 'it'} too, so the address tells nobody apart",
            effect="the intruder's own network is not known",
            close="ask whose address it is; read flow logs or the proxy's logs of that time",
        )


def _others(address: str, his: Set[str], matter: Matter) -> list[str]:
    callers = {principal for (principal,) in matter.store.distinct(any_of("ip", [address]), "principal")}
    return [short(principal) for principal in sorted(callers - his)]


def _made(events: Iterable[Event]) -> set[str]:
    """The users and roles that the intruder made."""
    made = [event for event in events if event.name in ("CreateUser", "CreateRole") and event.succeeded]
    return {arn for event in made for path in ("user.arn", "role.arn") for arn in texts(event.response, path)}


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
