"""Findings about secrets and parameters that the intruder read."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from investigator.domain.event import Event
from investigator.domain.words import Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, exemplars, ids_of, sentence
from investigator.stages.assessment.counting import Ledger, named_calls
from investigator.stages.assessment.secrets_named import READS, holds, is_named_secret, names_of
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.wording import MOST_ADDRESSES, addresses, caller, clock, some
from investigator.stages.matter import Matter

MOST_SECRETS = 4
"""Names that one sentence gives; each stands in a record that it cites."""


def secret_findings(trace: Trace, matter: Matter, ledger: Ledger) -> Iterator[Conclusion]:
    """One for each credential and kind of call; one on what the case is about weighs most."""
    reads = [event for event in trace.events if event.name in READS and event.succeeded and names_of(event)]
    told = matter.told("secret")
    for _, group in groupby(sorted(reads, key=_by), key=_by):
        events = tuple(group)
        named = [name for name in told if any(holds(asked, [name]) for event in events for asked in names_of(event))]
        yield Conclusion(
            sentences=(_read(events, ledger),),
            when=events[0].time,
            tactic=Tactic.CREDENTIAL_ACCESS,
            techniques=("T1555.006",),
            severity=Severity.HIGH if any(is_named_secret(event, told) for event in events) else Severity.MEDIUM,
            entities=tuple(dict.fromkeys((events[0].key, *named, *map(_first, events))))[:50],
            evidence=ids_of(events),
            core=ids_of(events),
            headline=2,
            effect=True,
        )


def _by(event: Event) -> tuple[str, str, str, str]:
    return (event.key or event.arn, event.action, event.time.isoformat() if event.time else "~", event.id)


def _read(events: Sequence[Event], ledger: Ledger) -> Sentence:
    several = len(set(map(_first, events))) != 1
    kind = "Secret" if events[0].source.startswith("secretsmanager") else "Parameter"
    tally = ledger.tally(events, ledger.window, *named_calls(events))
    first, last = clock(events[0].time), clock(events[-1].time)
    when = f"at {first}" if first == last else f"from {first} to {last}" if tally else f"at {first} and at {last}"
    return sentence(
        f"{kind}{'s' * several} {some(map(_first, events), MOST_SECRETS)} {'were' if several else 'was'} read by "
        f"{caller(events)} from {addresses(events)} with {events[0].action}, {when}.",
        exemplars(events, (_first, MOST_SECRETS), (_address, MOST_ADDRESSES)),
        *(tally.extent if tally and tally.n > 1 else ()),
    )


def _first(event: Event) -> str:
    return names_of(event)[0]


def _address(event: Event) -> str:
    return event.ip
