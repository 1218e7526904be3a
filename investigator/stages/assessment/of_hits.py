"""Findings from hits: those that pass the gate of 9.7, one for each rule, principal, account and hour."""

from collections.abc import Iterator

from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.ids import EvidenceId
from investigator.domain.search import any_of
from investigator.domain.words import Confidence, Done, Severity, Tactic
from investigator.stages.assessment.conclusion import SHOWN, Conclusion, Sentence, ids_of, sentence
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.wording import addresses, clock, listed, on, target, times, who
from investigator.stages.matter import Matter, in_order

_EFFECTS = frozenset(
    {
        Tactic.PERSISTENCE, Tactic.PRIVILEGE_ESCALATION, Tactic.DEFENSE_EVASION, Tactic.EXECUTION,
        Tactic.COLLECTION, Tactic.EXFILTRATION, Tactic.IMPACT, Tactic.CREDENTIAL_ACCESS,
    }
)  # fmt: skip
MOST = 10_000


def hit_findings(trace: Trace, matter: Matter, responding: frozenset[EvidenceId]) -> Iterator[Conclusion]:
    """A hit becomes a finding through a tainted record, or through an effect that is harmful by itself."""
    for hit in matter.hits:
        hostile = tuple(id_ for id_ in hit.event_ids if id_ in trace.ids)
        if hostile:
            yield from _by_hour(_weighed(hit, matter), _events(hostile, matter), hostile=True)
        elif hit.harmful:
            others = tuple(id_ for id_ in hit.event_ids if id_ not in responding)
            events = tuple(e for e in _events(others, matter) if e.time and e.time in matter.window)
            yield from _by_hour(_weighed(hit, matter), tuple(e for e in events if e.succeeded), hostile=False)


def _weighed(hit: Hit, matter: Matter) -> Hit:
    """The hit, one level lower when the operator lists its principal as automation (never to nothing)."""
    listed_here = {hit.principal, hit.principal.rpartition("/")[2]} & set(matter.automation_roles)
    return hit.model_copy(update={"level": hit.level.lowered()}) if listed_here else hit


def _events(ids: tuple[EvidenceId, ...], matter: Matter) -> tuple[Event, ...]:
    return in_order(matter.store.events(any_of("id", ids[:MOST]), limit=MOST))


def _by_hour(hit: Hit, events: tuple[Event, ...], *, hostile: bool) -> Iterator[Conclusion]:
    groups: dict[tuple[str, str, str, bool], list[Event]] = {}
    for event in events:
        hour = event.time.strftime("%Y-%m-%dT%H") if event.time else ""
        groups.setdefault((event.principal, event.account, hour, event.succeeded), []).append(event)
    for group in groups.values():
        yield _conclusion(hit, tuple(group), hostile=hostile)


def _conclusion(hit: Hit, events: tuple[Event, ...], *, hostile: bool) -> Conclusion:
    first = events[0]
    done = first.succeeded
    weighty = hit.level.number >= Severity.MEDIUM.number
    return Conclusion(
        sentences=(_told(hit, events),),
        when=first.time,
        tactic=hit.tactic,
        severity=hit.level,
        confidence=Confidence.HIGH if hostile else Confidence.LOW,
        techniques=hit.techniques,
        rules=(hit.rule_id,),
        entities=tuple(dict.fromkeys((first.principal, *(name for event in events for name in on(event)))))[:20],
        evidence=ids_of(events),
        core=ids_of(events),
        looks_further=False,
        outcome=Done.DONE if done else Done.TRIED,
        hostile=hostile,
        headline=4 if hostile and done and weighty else 0,
        effect=done and weighty and hit.tactic in _EFFECTS,
    )


def _told(hit: Hit, events: tuple[Event, ...]) -> Sentence:
    first = events[0]
    verb = "called" if first.succeeded else "tried"
    ending = "" if first.succeeded else f" and failed ({listed(sorted({event.error for event in events}), 3)})"
    actions = listed(event.action for event in events)
    about = listed((name for event in events[:SHOWN] if (name := target(event))), 4)
    text = (
        f"{hit.title}: {who(first)} {verb} {actions}{f' on {about}' if about else ''} {times(len(events))}"
        f"{ending}, at {clock(first.time)}, from {addresses(events)}."
    )
    return sentence(text, events)
