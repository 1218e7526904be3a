"""Findings about the intruder's sign-ins to the console: how often he failed before one worked, and without MFA."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from investigator.domain.claim import Exists, Predicate
from investigator.domain.event import Event
from investigator.domain.paths import first_text
from investigator.domain.search import Search, equals
from investigator.domain.words import Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, exemplars, ids_of, sentence
from investigator.stages.assessment.counting import Ledger, from_addresses, named_calls
from investigator.stages.assessment.sign_ins import GUESSED
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.wording import addresses, clock


def sign_in_findings(trace: Trace, ledger: Ledger) -> Iterator[Conclusion]:
    """One for each user that he signed in as."""
    for user, group in groupby(sorted(trace.sign_ins, key=_by), key=lambda event: event.user):
        events = tuple(group)
        came_in = next((event for event in events if event.succeeded), None)
        if came_in is None:
            continue
        failed = [event for event in events if not event.succeeded and _is_before(event, came_in)]
        yield Conclusion(
            sentences=tuple(_told(user, came_in, failed, ledger)),
            when=came_in.time,
            tactic=Tactic.INITIAL_ACCESS,
            techniques=("T1110", "T1078.004") if failed else ("T1078.004",),
            severity=Severity.CRITICAL if len(failed) >= GUESSED else Severity.MEDIUM,
            entities=(came_in.principal, *dict.fromkeys(event.ip for event in events)),
            evidence=ids_of(events),
            core=ids_of(events),
            headline=1,
        )


def _by(event: Event) -> tuple[str, str, str]:
    return (event.user, event.time.isoformat() if event.time else "~", event.id)


def _is_before(event: Event, other: Event) -> bool:
    return bool(event.time and other.time and event.time <= other.time)


def _told(user: str, came_in: Event, failed: Sequence[Event], ledger: Ledger) -> Iterator[Sentence]:
    bare = first_text(came_in.additional, "MFAUsed") == "No"
    without = (Exists(where=str(Search(terms=(equals("additionalEventData.MFAUsed", "No"),)))),) if bare else ()
    yield sentence(
        f"{user} signed in to the console from {came_in.ip} at {clock(came_in.time)}{' without MFA' if bare else ''}.",
        [came_in],
        *without,
    )
    if failed:
        yield _failures(user, failed, ledger)


def _failures(user: str, failed: Sequence[Event], ledger: Ledger) -> Sentence:
    of_user = equals("userIdentity.userName", user)
    tally = ledger.tally(failed, ledger.window, *named_calls(failed), of_user, *from_addresses(failed))
    number: tuple[Predicate, ...] = tally.number if tally else ()
    several = len(failed) > 1
    how_many = f"{len(failed)} earlier sign-in{'s' * several}" if tally else f"Earlier sign-in{'s' * several}"
    first = f"{'first ' * several}at {clock(failed[0].time)}"
    return sentence(
        f"{how_many} of {user} from {addresses(failed)} had failed, {first}.",
        exemplars(failed),
        *number,
    )
