"""Findings from hits: those that pass the gate of 9.7, one for each rule, principal, account and hour."""

from collections.abc import Iterator

from investigator.domain.claim import Predicate
from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.ids import EvidenceId
from investigator.domain.search import any_of
from investigator.domain.words import Confidence, Done, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, exemplars, ids_of, sentence
from investigator.stages.assessment.counting import Ledger, from_addresses, named_calls, span_of
from investigator.stages.assessment.own_accounts import SHARING, own_accounts, stays_at_home
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.wording import MOST_ADDRESSES, addresses, caller, clock, on, some, target, times
from investigator.stages.matter import Matter, in_order

_EFFECTS = frozenset(
    {
        Tactic.PERSISTENCE, Tactic.PRIVILEGE_ESCALATION, Tactic.DEFENSE_EVASION, Tactic.EXECUTION,
        Tactic.COLLECTION, Tactic.EXFILTRATION, Tactic.IMPACT, Tactic.CREDENTIAL_ACCESS,
    }
)  # fmt: skip
_FROM_WHERE = frozenset({"A12", "A13"})
"""Rules that tell from where a credential was used: what makes it suspicious, and no effect beyond it."""
MOST = 10_000
MOST_ACTIONS, MOST_TARGETS, MOST_ERRORS = 5, 4, 3
"""Names that one sentence gives; each stands in a record that it cites."""


def hit_findings(
    trace: Trace, matter: Matter, responding: frozenset[EvidenceId], ledger: Ledger
) -> Iterator[Conclusion]:
    """A hit becomes a finding through a tainted record, or through an effect that is harmful by itself.

    A share that an untainted caller makes with accounts whose logs were given too is told at a low level.
    """
    for hit in matter.hits:
        hostile = tuple(id_ for id_ in hit.event_ids if id_ in trace.ids)
        if hostile:
            yield from _by_hour(hit, _events(hostile, matter), ledger, hostile=True)
        elif hit.harmful:
            others = tuple(id_ for id_ in hit.event_ids if id_ not in responding)
            events = tuple(e for e in _events(others, matter) if e.time and e.time in matter.window and e.succeeded)
            own = own_accounts(matter.store) if events and SHARING in hit.techniques else frozenset[str]()
            at_home = tuple(event for event in events if stays_at_home(hit, event, own))
            elsewhere = tuple(event for event in events if event not in at_home)
            yield from _by_hour(hit, elsewhere, ledger, hostile=False)
            yield from _by_hour(hit.model_copy(update={"level": Severity.LOW}), at_home, ledger, hostile=False)


def _events(ids: tuple[EvidenceId, ...], matter: Matter) -> tuple[Event, ...]:
    return in_order(matter.store.events(any_of("id", ids[:MOST]), limit=MOST))


def _by_hour(hit: Hit, events: tuple[Event, ...], ledger: Ledger, *, hostile: bool) -> Iterator[Conclusion]:
    groups: dict[tuple[str, str, str, bool], list[Event]] = {}
    for event in events:
        hour = event.time.strftime("%Y-%m-%dT%H") if event.time else ""
        groups.setdefault((event.principal, event.account, hour, event.succeeded), []).append(event)
    for group in groups.values():
        yield _conclusion(hit, tuple(group), _told(hit, tuple(group), ledger), hostile=hostile)


def _conclusion(hit: Hit, events: tuple[Event, ...], told: Sentence, *, hostile: bool) -> Conclusion:
    first = events[0]
    done = first.succeeded
    weighty = hit.level.number >= Severity.MEDIUM.number
    return Conclusion(
        sentences=(told,),
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
        effect=done and weighty and hit.tactic in _EFFECTS and hit.rule_id not in _FROM_WHERE,
    )


def _told(hit: Hit, events: tuple[Event, ...], ledger: Ledger) -> Sentence:
    first = events[0]
    verb = "called" if first.succeeded else "tried"
    errors = some((event.error for event in events), MOST_ERRORS)
    ending = "" if first.succeeded else f" and failed{f' ({errors})' if errors else ''}"
    about = some(map(target, events), MOST_TARGETS)
    often, number = _often(events, ledger)
    text = (
        f"{hit.title} (rule {hit.rule_id}): {caller(events)} {verb} {some(map(_action, events), MOST_ACTIONS)}"
        f"{f' on {about}' if about else ''}{often}{ending}, {'at' if len(events) == 1 else 'first at'} "
        f"{clock(first.time)}, from {addresses(events)}."
    )
    kinds = ((_action, MOST_ACTIONS), (target, MOST_TARGETS), (_address, MOST_ADDRESSES), (_error, MOST_ERRORS))
    return sentence(text, exemplars(events, *kinds), *number)


def _often(events: tuple[Event, ...], ledger: Ledger) -> tuple[str, tuple[Predicate, ...]]:
    """How often in words, and what carries the number; calls that no expression tells apart are not counted."""
    if len(events) == 1:
        return "", ()
    if any(event.time is None for event in events):
        return " more than once", ()
    tally = ledger.tally(events, span_of(events), *named_calls(events), *from_addresses(events))
    return (f" {times(tally.n)}", tally.number) if tally else (" more than once", ())


def _action(event: Event) -> str:
    return event.action


def _address(event: Event) -> str:
    return event.ip


def _error(event: Event) -> str:
    return event.error
