"""Findings that clear: networks and calls that a principal has long had; and calls that are new, but from there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from investigator.domain.claim import Absent, Count, Predicate
from investigator.domain.event import Event
from investigator.domain.search import Search, equals
from investigator.domain.times import Window
from investigator.domain.words import Confidence, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, exemplars, ids_of, sentence
from investigator.stages.assessment.counting import Ledger, from_addresses
from investigator.stages.assessment.record_terms import principal_terms
from investigator.stages.assessment.taint import Cleared
from investigator.stages.assessment.usual import BASELINE, network_of
from investigator.stages.assessment.wording import (
    MOST_ADDRESSES,
    addresses,
    call,
    caller,
    clock,
    on,
    short,
    some,
    times,
)
from investigator.stages.matter import in_order

MOST_UNJUDGED = 10
"""Principals without a history whose changes are told."""
MOST_CALLS = 5
"""Calls that one sentence gives."""


def cleared_findings(cleared: tuple[Cleared, ...], others: frozenset[str], ledger: Ledger) -> Iterator[Conclusion]:
    """What speaks for everyday use: each principal whose every credential was used from where it always is.

    `others` are the principals of the intruder and of responders, of whom more is said elsewhere.
    """
    by_principal: dict[str, list[Cleared]] = {}
    for entry in cleared:
        by_principal.setdefault(entry.events[0].principal, []).append(entry)
    unjudged = 0
    for principal, entries in sorted(by_principal.items()):
        new = in_order(event for entry in entries for event in entry.new if event.succeeded)
        if principal in others:
            continue
        if all(entry.at_home for entry in entries):
            yield _new_at_home(principal, new, ledger) if new else _usual(principal, entries, ledger)
        elif new and unjudged < MOST_UNJUDGED and not any(entry.usual.known for entry in entries):
            unjudged += 1
            yield _unjudged(principal, new)


def _usual(principal: str, entries: Sequence[Cleared], ledger: Ledger) -> Conclusion:
    """It cites every record; of one that nobody named, those that its sentence shows are enough."""
    found = _everyday(principal, in_order(event for entry in entries for event in entry.events), ledger)
    return found if any(entry.named for entry in entries) else replace(found, evidence=found.sentences[0].evidence)


def _everyday(principal: str, events: tuple[Event, ...], ledger: Ledger) -> Conclusion:
    often, number = _often(events, ledger)
    before, earlier = _before(events, ledger)
    return Conclusion(
        sentences=(
            sentence(
                f"{short(principal)} called {often}from {addresses(events)}{before}.",
                exemplars(events, (_address, MOST_ADDRESSES)),
                *number, *earlier,
            ),
        ),
        when=events[0].time,
        tactic=Tactic.INITIAL_ACCESS,
        severity=Severity.INFORMATIONAL,
        confidence=Confidence.MEDIUM,
        entities=(principal,),
        evidence=ids_of(events),
        hostile=False,
        supports=False,
        headline=5,
    )  # fmt: skip


def _unjudged(principal: str, events: tuple[Event, ...]) -> Conclusion:
    """What a principal changed of which no history shows what is usual: it speaks neither way."""
    return _changed(principal, events, sentence(f"{_done(events)}; what is usual for it is not known.", _shown(events)))


def _changed(principal: str, events: tuple[Event, ...], told: Sentence) -> Conclusion:
    """What a principal changed that nothing calls everyday."""
    return Conclusion(
        sentences=(told,),
        when=events[0].time,
        tactic=Tactic.INITIAL_ACCESS,
        severity=Severity.LOW,
        confidence=Confidence.LOW,
        entities=tuple(dict.fromkeys((principal, *(name for event in events for name in on(event)))))[:20],
        evidence=ids_of(events),
        hostile=False,
        headline=5,
    )


def _done(events: Sequence[Event]) -> str:
    first = f"{'first ' * (len(events) > 1)}at {clock(events[0].time)}"
    return f"{caller(events)} called {some(map(call, events), MOST_CALLS)}, {first}, from {addresses(events)}"


def _shown(events: Sequence[Event]) -> tuple[Event, ...]:
    return exemplars(events, (call, MOST_CALLS), (_address, MOST_ADDRESSES))


def _new_at_home(principal: str, events: tuple[Event, ...], ledger: Ledger) -> Conclusion:
    """Changes of kinds that are new for a principal, from where it always is: that speaks both ways."""
    before, earlier = _before(events, ledger)
    start = ledger.window.start
    names = equals("eventName", *sorted({event.name for event in events}))
    where = Search(terms=(*principal_terms(events[0]), names, equals("outcome", "success")))
    cells = ledger.of_time(Window(start=start - BASELINE, end=start))
    absent = Absent(
        where=str(where.within(start - BASELINE, start)), cells=tuple(cell.id for cell in cells), scope="given"
    )
    new = "; no successful call of these kinds by it is in the records given of those days" if cells and before else ""
    told = sentence(f"{_done(events)}{before}{new}.", _shown(events), *earlier, *((absent,) if new else ()))
    return replace(_changed(principal, events, told), confidence=Confidence.MEDIUM, supports=False)


def _often(events: Sequence[Event], ledger: Ledger) -> tuple[str, tuple[Predicate, ...]]:
    dated = len(events) > 1 and all(event.time for event in events)
    tally = ledger.tally(events, ledger.window, *from_addresses(events)) if dated else None
    return (f"{times(tally.n)} ", tally.number) if tally else ("", ())


def _before(events: Sequence[Event], ledger: Ledger) -> tuple[str, tuple[Predicate, ...]]:
    """How often it had called from the same networks in the 30 days before the case."""
    start = ledger.window.start
    known = _addresses_before(events, start, ledger)
    cells = ledger.of_time(Window(start=start - BASELINE, end=start))
    if not known or not cells:
        return "", ()
    where = Search(terms=(*principal_terms(events[0]), equals("sourceIPAddress", *known)))
    bounded = where.within(start - BASELINE, start)
    n = ledger.store.count(bounded, "events", cells)
    text = f"; it had called {times(n)} from these networks in the 30 days before {clock(start)}"
    return text, (Count(where=str(bounded), n=n, cells=tuple(cell.id for cell in cells)),)


def _addresses_before(events: Sequence[Event], start: datetime, ledger: Ledger) -> tuple[str, ...]:
    """Earlier addresses of the principal in the networks that it uses now."""
    networks = {network_of(event.ip) for event in events if event.ip}
    where = Search(terms=tuple(principal_terms(events[0]))).within(start - BASELINE, start)
    earlier = (address for (address,) in ledger.store.distinct(where, "ip"))
    return tuple(address for address in earlier if network_of(address) in networks)


def _address(event: Event) -> str:
    return event.ip
