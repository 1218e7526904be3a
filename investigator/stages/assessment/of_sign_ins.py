"""Findings about the intruder's sign-ins to the console: how often he failed before one worked, and without MFA."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from investigator.domain.claim import Exists, Predicate
from investigator.domain.event import Event
from investigator.domain.paths import first_text
from investigator.domain.search import Search, equals
from investigator.domain.words import Done, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, exemplars, ids_of, sentence
from investigator.stages.assessment.counting import Ledger, from_addresses, named_calls
from investigator.stages.assessment.sign_ins import GUESSED
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.wording import addresses, clock


def sign_in_findings(trace: Trace, ledger: Ledger) -> Iterator[Conclusion]:
    """For each user that he signed in as: the sign-in that worked first, and those before it that had failed."""
    for user, group in groupby(sorted(trace.sign_ins, key=_by), key=lambda event: event.user):
        events = tuple(group)
        came_in = next((event for event in events if event.succeeded), None)
        if came_in is None:
            continue
        failed = [event for event in events if not event.succeeded and _is_before(event, came_in)]
        worked = [event for event in events if event.succeeded]
        yield _conclusion(_came_in(user, came_in), worked, Severity.MEDIUM, Done.DONE)
        if failed:
            weight = Severity.HIGH if len(failed) >= GUESSED else Severity.LOW
            yield _conclusion(_failures(user, failed, ledger), failed, weight, Done.TRIED)


def _conclusion(told: Sentence, events: Sequence[Event], weight: Severity, outcome: Done) -> Conclusion:
    return Conclusion(
        sentences=(told,),
        when=events[0].time,
        tactic=Tactic.INITIAL_ACCESS,
        techniques=("T1078.004",) if outcome is Done.DONE else ("T1110",),
        severity=weight,
        outcome=outcome,
        entities=tuple(dict.fromkeys((events[0].principal, *(event.ip for event in events)))),
        evidence=ids_of(events),
        core=ids_of(events),
        headline=1,
    )


def _by(event: Event) -> tuple[str, str, str]:
    return (event.user, event.time.isoformat() if event.time else "~", event.id)


def _is_before(event: Event, other: Event) -> bool:
    return bool(event.time and other.time and event.time <= other.time)


def _came_in(user: str, event: Event) -> Sentence:
    bare = first_text(event.additional, "MFAUsed") == "No"
    without = (Exists(where=str(Search(terms=(equals("additionalEventData.MFAUsed", "No"),)))),) if bare else ()
    return sentence(
        f"{user} signed in to the console from {event.ip} at {clock(event.time)}{' without MFA' if bare else ''}.",
        [event],
        *without,
    )


def _failures(user: str, failed: Sequence[Event], ledger: Ledger) -> Sentence:
    of_user = equals("userIdentity.userName", user)
    tally = ledger.tally(failed, ledger.window, *named_calls(failed), of_user, *from_addresses(failed))
    number: tuple[Predicate, ...] = tally.number if tally else ()
    several = len(failed) > 1
    how_many = f"{len(failed)} sign-in{'s' * several}" if tally else f"Sign-in{'s' * several}"
    first = f"{'first ' * several}at {clock(failed[0].time)}"
    return sentence(
        f"{how_many} of {user} from {addresses(failed)} to the console failed, {first}.",
        exemplars(failed),
        *number,
    )
