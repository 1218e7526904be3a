"""The timeline: what findings cite and what intruder and responders did, repeated calls folded into one line."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from investigator.domain.alert import Alert
from investigator.domain.event import Event
from investigator.domain.finding import Finding
from investigator.domain.ids import MAX_IDS, EvidenceId
from investigator.domain.search import Search, any_of
from investigator.domain.timeline import HourCount, Origin, Place, TimelineActor, TimelineEntry
from investigator.domain.words import Outcome, Tactic
from investigator.ports.store import Store
from investigator.stages.assessment.conclusion import ids_of
from investigator.stages.assessment.wording import on
from investigator.stages.matter import Matter, in_order

FOLDED_WITHIN = timedelta(hours=1)
_PHASES: Mapping[Tactic, str] = {
    Tactic.INITIAL_ACCESS: "first suspicious",
    Tactic.DISCOVERY: "discovery",
    Tactic.PRIVILEGE_ESCALATION: "escalation",
    Tactic.LATERAL_MOVEMENT: "escalation",
    Tactic.PERSISTENCE: "persistence",
    Tactic.RESPONSE: "response",
}


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a record stands in the timeline: the finding that cites it, else the accused entity that made it."""

    findings: Mapping[EvidenceId, Finding]
    actors: Mapping[EvidenceId, str]
    clearing: frozenset[str]
    """Findings that speak of everyday use; their records belong to no tactic."""

    def of(self, event: Event) -> tuple[str, Tactic | None]:
        finding = self.findings.get(event.id)
        if finding is not None:
            return finding.id, None if finding.id in self.clearing else finding.tactic
        return self.actors.get(event.id, event.principal), None


def reasons(findings: Sequence[Finding], actors: Mapping[EvidenceId, str], clearing: frozenset[str]) -> Reasons:
    """The most telling finding for each record: the one that cites the fewest."""
    citing: dict[EvidenceId, Finding] = {}
    for finding in sorted(findings, key=lambda f: len(f.evidence)):
        for id_ in finding.evidence:
            citing.setdefault(id_, finding)
    return Reasons(citing, actors, clearing)


def timeline(events: Iterable[Event], alerts: Iterable[Alert], why: Reasons) -> tuple[TimelineEntry, ...]:
    """Entries in time order, numbered e1 …"""
    lines = [*_folded(in_order(events), why), *(_alert_line(alert, why) for alert in alerts)]
    ordered = sorted(lines, key=lambda entry: (entry.time is None, str(entry.time), entry.evidence))
    return tuple(entry.model_copy(update={"id": f"e{n}"}) for n, entry in enumerate(ordered, 1))


AT_ONCE = 5_000
"""Cited records that are read together."""


class Citing(Protocol):
    """A finding, or a conclusion that may become one."""

    @property
    def evidence(self) -> tuple[EvidenceId, ...]: ...


def cited_events(findings: Sequence[Citing], store: Store) -> tuple[Event, ...]:
    """The records that findings cite."""
    ids = sorted({id_ for finding in findings for id_ in finding.evidence if id_.startswith(("ct:", "sha256:"))})
    return in_order(
        event for n in range(0, len(ids), AT_ONCE) for event in store.events(any_of("id", ids[n : n + AT_ONCE]))
    )


def rest_by_hour(matter: Matter, shown: Sequence[Event]) -> tuple[HourCount, ...]:
    """The records of the window that the timeline does not hold, counted by hour."""
    held = Counter(event.time.replace(minute=0, second=0, microsecond=0) for event in shown if event.time)
    every = matter.store.hours(Search().within(matter.window.start, matter.window.end))
    rest = (HourCount(hour=count.hour, records=count.records - held[count.hour]) for count in every)
    return tuple(count for count in rest if count.records > 0)


def _folded(events: Sequence[Event], why: Reasons) -> list[TimelineEntry]:
    groups: list[list[Event]] = []
    open_groups: dict[tuple[str, ...], list[Event]] = {}
    for event in events:
        key = (event.principal, event.key, event.action, event.outcome, event.ip, event.region, why.of(event)[0])
        group = open_groups.get(key)
        if group is None or not _close(group[-1], event):
            group = open_groups[key] = []
            groups.append(group)
        group.append(event)
    return [_line(group, why) for group in groups]


def _close(last: Event, event: Event) -> bool:
    return last.time is not None and event.time is not None and event.time - last.time <= FOLDED_WITHIN


def _line(group: Sequence[Event], why: Reasons) -> TimelineEntry:
    first, last = group[0], group[-1]
    reason, tactic = why.of(first)
    return TimelineEntry(
        id="",
        time=first.time,
        source="cloudtrail",
        action=first.action,
        outcome=first.outcome,
        actor=TimelineActor(kind=first.actor, arn=first.arn or first.principal),
        credential=first.key,
        origin=Origin(ip=first.ip, agent=first.agent),
        on=tuple(dict.fromkeys(name for event in group for name in on(event)))[:8],
        place=Place(account=first.account, region=first.region),
        tactic=tactic,
        phase=_PHASES.get(tactic, "impact") if tactic else "",
        evidence=ids_of(group),
        more=max(0, len(group) - MAX_IDS),
        why=reason,
        count=len(group),
        last=last.time if len(group) > 1 else None,
    )


def _alert_line(alert: Alert, why: Reasons) -> TimelineEntry:
    cited = alert.answer or alert.id
    finding = why.findings.get(cited)
    return TimelineEntry(
        id="",
        time=alert.first or alert.last,
        source=alert.detector,
        action=alert.type,
        outcome=Outcome.SUCCESS,
        actor=TimelineActor(kind="detector", arn=alert.detector),
        origin=Origin(ip="", agent=""),
        on=tuple(entity.value for entity in alert.entities)[:8],
        place=Place(account=alert.account, region=alert.region),
        tactic=finding.tactic if finding else None,
        phase="",
        evidence=(cited,),
        why=finding.id if finding else alert.id,
        count=alert.count,
        last=alert.last,
    )
