"""Findings about credentials: how each came into the intruder's hands and what it was used for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from investigator.domain.claim import Exists, Issued, Linked, Predicate, SameCredential
from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.ids import EvidenceId
from investigator.domain.search import Search, any_of, equals
from investigator.domain.words import Confidence, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, exemplars, ids_of, recorded, sentence
from investigator.stages.assessment.counting import Counted, Ledger
from investigator.stages.assessment.novelty import strange_use
from investigator.stages.assessment.taint import Reason, Tainted, Trace
from investigator.stages.assessment.told import rotated_at
from investigator.stages.assessment.wording import MOST_ADDRESSES, addresses, clock, short, some, times, who
from investigator.stages.chains.issuing import Rule
from investigator.stages.matter import Matter

MOST_ACTIONS = 5
"""Kinds of calls that one sentence names."""
_ISSUED_TO = ("assumedRoleUser.arn", "accessKey.userName", "federatedUser.arn")
"""Where a response says whom it handed a credential to."""
_CONFIDENCE = {True: Confidence.HIGH, False: Confidence.MEDIUM}


def credential_findings(trace: Trace, matter: Matter, ledger: Ledger) -> Iterator[Conclusion]:
    """One finding for each credential that the intruder used, and one for each that he obtained."""
    for taint in trace.tainted:
        if taint.reason is not Reason.ISSUED:
            yield _misuse(taint, matter, ledger)
        else:
            yield from _obtained(taint, matter, ledger)
        yield from _after_rotation(taint, rotated_at(matter), ledger)


def _misuse(taint: Tainted, matter: Matter, ledger: Ledger) -> Conclusion:
    first, key = taint.events[0], taint.credential.id
    strange = strange_use(taint, matter, ledger.cells)
    when, extent = _extent(taint.events, ledger)
    shown = exemplars(taint.events, (_address, MOST_ADDRESSES))
    same = (SameCredential(records=tuple(e.id for e in shown), key=key),) if _all_signed(shown, key) else ()
    told = sentence(
        f"{key} of {short(first.principal)} was used {strange.place}, {when}{strange.why}.",
        shown,
        *same, *extent, *strange.predicates,
    )  # fmt: skip
    return Conclusion(
        sentences=(replace(told, evidence=(*told.evidence, *strange.told)), *_witnessed(taint, matter)),
        when=first.time,
        tactic=Tactic.INITIAL_ACCESS,
        techniques=("T1552.005", "T1078.004") if taint.reason is Reason.OFF_MACHINE else ("T1078.004",),
        severity=Severity.HIGH,
        confidence=_CONFIDENCE[taint.sure],
        entities=(key, first.principal),
        evidence=ids_of(taint.events, *strange.told),
        headline=1,
        credential=key,
        gaps=strange.gaps,
    )


def _extent(events: tuple[Event, ...], ledger: Ledger) -> tuple[str, tuple[Predicate, ...]]:
    """From when to when in words; where no expression finds these records alone, the two times are said of two."""
    first, last = events[0], events[-1]
    if first.time == last.time:
        return f"at {clock(first.time)}", ()
    tally = _tally(events, ledger)
    if tally is None:
        return f"at {clock(first.time)} and at {clock(last.time)}", ()
    return f"from {clock(tally.first)} to {clock(tally.last)}", tally.extent


def _tally(events: tuple[Event, ...], ledger: Ledger) -> Counted | None:
    return ledger.tally(events, ledger.window) if all(event.time for event in events) else None


def _after_rotation(taint: Tainted, rotated: datetime | None, ledger: Ledger) -> Iterator[Conclusion]:
    """Calls made when the key was said to be off: it was not, or its sessions outlived it."""
    late = tuple(event for event in taint.events if rotated and event.time and event.time >= rotated)
    if not late or rotated is None:
        return
    often, number = _often(late, ledger)
    told = sentence(
        f"{taint.credential.id} was used {often}from {clock(rotated)} on, when the key was said "
        f"to be switched off: {some(map(_action, late), MOST_ACTIONS)}.",
        exemplars(late, (_action, MOST_ACTIONS)),
        *number,
    )
    yield Conclusion(
        sentences=(replace(told, evidence=(*told.evidence, "answer:rotated")),),
        when=late[0].time,
        tactic=Tactic.PERSISTENCE,
        techniques=("T1078.004",),
        severity=Severity.CRITICAL,
        entities=(taint.credential.id, late[0].principal),
        evidence=ids_of(late),
        headline=2,
    )


def _often(events: tuple[Event, ...], ledger: Ledger) -> tuple[str, tuple[Predicate, ...]]:
    """How often in words, and what carries the number."""
    tally = _tally(events, ledger) if len(events) > 1 else None
    return (f"{times(tally.n)} ", tally.number) if tally else ("", ())


def _witnessed(taint: Tainted, matter: Matter) -> Iterator[Sentence]:
    """What others' records prove: they are cited by the sentence, and by no finding as the intruder's."""
    proving = taint.witness if taint.reason is Reason.OFF_MACHINE else ()
    records = [id_ for id_ in proving if id_.startswith(("ct:", "sha256:"))]
    for event in matter.store.events(any_of("id", records)) if records else ():
        yield sentence(f"{who(event)}, a person, called from {event.ip} too at {clock(event.time)}.", [event])


def _all_signed(events: tuple[Event, ...], key: str) -> bool:
    return all(event.key == key for event in events)


def _obtained(taint: Tainted, matter: Matter, ledger: Ledger) -> Iterator[Conclusion]:
    credential = taint.credential
    issuer = _issuer(credential, matter)
    if issuer is None or credential.parent is None:
        return
    new_key = credential.rule == Rule.NEW_KEY
    above = matter.credential(credential.parent)
    before = (above.by,) if above is not None and above.by is not None and not issuer.key else ()
    yield Conclusion(
        sentences=(_issue(taint, issuer, before), *_then_used(taint, issuer, ledger)),
        when=issuer.time,
        tactic=Tactic.PERSISTENCE if new_key else Tactic.LATERAL_MOVEMENT,
        techniques=("T1098.001",) if new_key else ("T1548.005", "T1550.001"),
        severity=Severity.HIGH,
        confidence=Confidence.HIGH if credential.certainty == "high" else Confidence.MEDIUM,
        entities=tuple(dict.fromkeys((credential.id, credential.issued_to, credential.parent))),
        evidence=tuple(dict.fromkeys((issuer.id, *ids_of(taint.events)))),
        core=(issuer.id,),
        headline=2 if new_key else 3,
        effect=True,
        credential=credential.id,
    )


def _issue(taint: Tainted, issuer: Event, before: tuple[EvidenceId, ...]) -> Sentence:
    """`before` is the record that issued the parent, where the issuing record does not name its key itself."""
    credential = taint.credential
    parent = credential.parent or ""
    through = tuple(dict.fromkeys((*before, *_through(credential, issuer, taint))))
    linked = Linked(parent=parent, child=credential.id, rule=credential.rule or Rule.RESPONSE, through=through)
    handed_out = (Issued(by=issuer.id, key=credential.id),) if issuer.issued_key == credential.id else ()
    owner, owned = _owner(credential, issuer, taint.events)
    return Sentence(
        f"{parent} obtained {credential.id}{owner} through {issuer.action} at {clock(issuer.time)}.",
        (recorded(issuer), *handed_out, linked, *owned),
        tuple(dict.fromkeys((*through, *(event.id for event in taint.events[:1] if owned)))),
    )


def _owner(credential: Credential, issuer: Event, used: tuple[Event, ...]) -> tuple[str, tuple[Predicate, ...]]:
    """Whose the credential is, where its issue or its first use says so."""
    named = f" of {short(credential.issued_to)}"
    for path in _ISSUED_TO:
        told = issuer.answered(path)
        if told and credential.issued_to in (told, f"{credential.issued_to.rpartition('/')[0]}/{told}"):
            return named, (Exists(where=str(Search(terms=(equals(f"responseElements.{path}", told),)))),)
    if used and credential.issued_to in (used[0].arn, used[0].principal):
        return named, (recorded(used[0]),)
    return "", ()


def _then_used(taint: Tainted, issuer: Event, ledger: Ledger) -> Iterator[Sentence]:
    events, key = taint.events, taint.credential.id
    if not events:
        return
    often, number = _often(events, ledger)
    when, extent = _extent(events, ledger)
    shown = exemplars(events, (_address, MOST_ADDRESSES), (_action, MOST_ACTIONS))
    session, proof = ((), ()) if _all_signed(shown, key) else _session(issuer, events)
    yield sentence(
        f"{key} was then used {often}from {addresses(events)}, {when}: {some(map(_action, events), MOST_ACTIONS)}.",
        (*session, *shown),
        *number, *extent, *proof,
    )  # fmt: skip


def _session(issuer: Event, events: tuple[Event, ...]) -> tuple[tuple[Event, ...], tuple[Predicate, ...]]:
    """The record that opened the session, where records of it do not name its key: they name the session alone."""
    named = Search(terms=(equals("responseElements.assumedRoleUser.arn", events[0].arn),))
    says = issuer.answered("assumedRoleUser.arn") == events[0].arn
    return (issuer,), (Exists(where=str(named)),) if says else ()


def _action(event: Event) -> str:
    return event.action


def _address(event: Event) -> str:
    return event.ip


def _through(credential: Credential, issuer: Event, taint: Tainted) -> tuple[str, ...]:
    """The records that a linking rule needs: the issuing one, and for rules by time the first of the session."""
    first = taint.events[:1] if credential.certainty == "medium" else ()
    return tuple(dict.fromkeys((issuer.id, *(event.id for event in first))))


def _issuer(credential: Credential, matter: Matter) -> Event | None:
    if credential.by is None:
        return None

    return next(iter(matter.store.events(any_of("id", [credential.by]), limit=1)), None)
