"""Findings about a person who left: what was taken and made for others before; facts, not motives (S7)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from statistics import median

from investigator.domain.claim import Absent
from investigator.domain.event import Event
from investigator.domain.search import Search, equals
from investigator.domain.times import Window
from investigator.domain.words import Confidence, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, exemplars, ids_of, sentence
from investigator.stages.assessment.counting import Ledger, named_calls, span_of
from investigator.stages.assessment.of_effects import READS
from investigator.stages.assessment.record_terms import principal_terms
from investigator.stages.assessment.taint import Cleared, Trace
from investigator.stages.assessment.told import left_at
from investigator.stages.assessment.wording import addresses, caller, clock, short, some
from investigator.stages.matter import Matter, in_order

MANY, TIMES_USUAL = 20, 3
"""A day with so many objects of one bucket, and so many times the day that is usual, is told."""
MOST_OBJECTS = 4
_GIVING = ("CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "CreateServiceSpecificCredential")


def leaving_findings(trace: Trace, matter: Matter, ledger: Ledger) -> Iterator[Conclusion]:
    """Of the person's own credentials, what their use before leaving shows."""
    left = left_at(matter)
    if left is None:
        return
    used = {event.principal for event in trace.events}
    for principal, group in groupby(sorted(_of_person(trace), key=_principal), key=_principal):
        events = in_order(event for entry in group for event in entry.events if event.succeeded and event.time)
        yield from _taken(events, ledger)
        yield from _given(events)
        if principal not in used and events:
            yield from _unused(events[0], left, matter, ledger)


def _unused(first: Event, left: datetime, matter: Matter, ledger: Ledger) -> Iterator[Conclusion]:
    """That the person called no more after the access ended, in the records given."""
    after = Window(start=left, end=matter.window.end)
    cells = ledger.of_time(after) if after.start < after.end else ()
    if cells:
        where = Search(terms=tuple(principal_terms(first))).within(after.start, after.end)
        absent = Absent(where=str(where), cells=tuple(cell.id for cell in cells), scope="given")
        who = short(first.principal)
        text = f"No call of {who} from {clock(left)} on, when the access ended, is in the records given."
        told = sentence(text, [first], absent)
        yield replace(
            _fact(replace(told, evidence=(*told.evidence, "answer:left_at")), [first], Tactic.INITIAL_ACCESS, (), ()),
            severity=Severity.INFORMATIONAL, supports=False, headline=2, core=(),
        )  # fmt: skip


def _of_person(trace: Trace) -> Iterator[Cleared]:
    """Their credentials; of one that is tainted, what is told of it is enough."""
    return (entry for entry in trace.cleared if entry.named)


def _principal(entry: Cleared) -> str:
    return entry.events[0].principal


def _bucket_and_day(event: Event) -> tuple[str, str]:
    return event.asked("bucketName"), f"{event.time:%Y-%m-%d}"


def _taken(events: Sequence[Event], ledger: Ledger) -> Iterator[Conclusion]:
    """Days on which far more objects of a bucket were read than on others."""
    reads = sorted((e for e in events if e.name in READS and e.asked("bucketName")), key=_bucket_and_day)
    for bucket, of_bucket in groupby(reads, key=lambda event: event.asked("bucketName")):
        days = [tuple(day) for _, day in groupby(of_bucket, key=_bucket_and_day)]
        usual = median(map(len, days)) if len(days) > 1 else 0
        for day in days:
            if len(day) >= MANY and len(day) >= TIMES_USUAL * usual:
                yield _fact(_download(bucket, day, ledger), day, Tactic.COLLECTION, ("T1530",), (bucket,))


def _download(bucket: str, reads: Sequence[Event], ledger: Ledger) -> Sentence:
    objects = list(dict.fromkeys(event.asked("key") for event in reads))
    tally = ledger.tally(reads, span_of(reads), *named_calls(reads), equals("requestParameters.bucketName", bucket))
    return sentence(
        f"{f'{len(objects)} objects' if tally else 'Objects'} of bucket {bucket} were read by {caller(reads)} from "
        f"{addresses(reads)} before the access ended, first at {clock(reads[0].time)}: {some(objects, MOST_OBJECTS)}.",
        exemplars(reads, (lambda event: event.asked("key"), MOST_OBJECTS)),
        *(tally.distinct("requestParameters.key", len(objects)) if tally else ()),
    )


def _given(events: Sequence[Event]) -> Iterator[Conclusion]:
    """Credentials that the person made for others."""
    for event in events:
        if event.name in _GIVING and event.asked("userName") not in ("", event.user):
            made = f" ({event.issued_key})" if event.issued_key else ""
            told = sentence(
                f"{caller([event])} called {event.action} for {event.asked('userName')}{made} at {clock(event.time)}, "
                "before the access ended.",
                [event],
            )
            yield _fact(told, [event], Tactic.PERSISTENCE, ("T1098.001",), (event.asked("userName"), event.issued_key))


def _fact(
    told: Sentence, events: Sequence[Event], tactic: Tactic, techniques: tuple[str, ...], about: tuple[str, ...]
) -> Conclusion:
    return Conclusion(
        sentences=(told,),
        when=events[0].time,
        tactic=tactic,
        techniques=techniques,
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        entities=tuple(filter(None, (events[0].principal, *about))),
        evidence=ids_of(events),
        core=ids_of(events),
        hostile=False,
        headline=3,
        before_leaving=True,
    )
