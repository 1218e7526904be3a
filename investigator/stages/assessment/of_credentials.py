"""Findings about credentials: how each came into the intruder's hands and what it was used for."""

from collections.abc import Iterator
from datetime import datetime

from investigator.domain.claim import Issued, Linked, SameCredential
from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.ids import EvidenceId
from investigator.domain.search import any_of
from investigator.domain.words import Confidence, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, ids_of, recorded, sentence
from investigator.stages.assessment.taint import Cleared, Reason, Tainted, Trace
from investigator.stages.assessment.told import rotated_at
from investigator.stages.assessment.wording import addresses, clock, listed, short, times, who
from investigator.stages.chains.issuing import Rule
from investigator.stages.matter import Matter, in_order

_WHY = {
    Reason.NEW_NETWORK: "from {}, which it did not use in the 30 days before,",
    Reason.NO_HISTORY: "from {}, which no earlier record shows to be its own,",
    Reason.AFTER_LEAVING: "from {} after the access should have ended,",
    Reason.DISOWNED: "from {} after a sign-in that the person does not recognise,",
    Reason.OFF_MACHINE: "from {}, which is not its machine's,",
    Reason.NOVELTY: "from {}, which is new for it,",
    Reason.ISSUED: "from {}",
}
_CONFIDENCE = {True: Confidence.HIGH, False: Confidence.MEDIUM}


def credential_findings(trace: Trace, matter: Matter) -> Iterator[Conclusion]:
    """One finding for each credential that the intruder used, and one for each that he obtained."""
    for taint in trace.tainted:
        if taint.reason is not Reason.ISSUED:
            yield _misuse(taint, matter)
        else:
            yield from _obtained(taint, matter)
        yield from _after_rotation(taint, rotated_at(matter))


def _misuse(taint: Tainted, matter: Matter) -> Conclusion:
    first, last = taint.events[0], taint.events[-1]
    key = taint.credential.id
    text = (
        f"{key} of {short(first.principal)} was used {_WHY[taint.reason].format(addresses(taint.events))} "
        f"from {clock(first.time)} to {clock(last.time)}."
    )
    shown = (first,) if first.id == last.id else (first, last)
    same = (SameCredential(records=tuple(e.id for e in shown), key=key),) if _all_signed(shown, key) else ()
    return Conclusion(
        sentences=(sentence(text, shown, *same), *_witnessed(taint, matter)),
        when=first.time,
        tactic=Tactic.INITIAL_ACCESS,
        techniques=("T1552.005", "T1078.004") if taint.reason is Reason.OFF_MACHINE else ("T1078.004",),
        severity=Severity.HIGH,
        confidence=_CONFIDENCE[taint.sure],
        entities=(key, first.principal),
        evidence=ids_of(taint.events),
        headline=1,
    )


def _after_rotation(taint: Tainted, rotated: datetime | None) -> Iterator[Conclusion]:
    """Calls made when the key was said to be off: it was not, or its sessions outlived it."""
    late = tuple(event for event in taint.events if rotated and event.time and event.time >= rotated)
    if not late or rotated is None:
        return
    yield Conclusion(
        sentences=(
            sentence(
                f"{taint.credential.id} was used {times(len(late))} from {clock(rotated)} on, when the key was said "
                f"to be switched off: {listed(event.action for event in late)}.",
                (late[0],) if len(late) == 1 else (late[0], late[-1]),
            ),
        ),
        when=late[0].time,
        tactic=Tactic.PERSISTENCE,
        techniques=("T1078.004",),
        severity=Severity.CRITICAL,
        entities=(taint.credential.id, late[0].principal),
        evidence=ids_of(late),
        headline=2,
    )


def _witnessed(taint: Tainted, matter: Matter) -> Iterator[Sentence]:
    """What others' records prove: they are cited by the sentence, and by no finding as the intruder's."""
    records = [id_ for id_ in taint.witness if id_.startswith(("ct:", "sha256:"))]
    for event in matter.store.events(any_of("id", records)) if records else ():
        yield sentence(f"{who(event)}, a person, called from {event.ip} too: it is not the machine's own.", [event])


def _all_signed(events: tuple[Event, ...], key: str) -> bool:
    return all(event.key == key for event in events)


def _obtained(taint: Tainted, matter: Matter) -> Iterator[Conclusion]:
    credential = taint.credential
    issuer = _issuer(credential, matter)
    if issuer is None or credential.parent is None:
        return
    new_key = credential.rule == Rule.NEW_KEY
    above = matter.credential(credential.parent)
    before = (above.by,) if above is not None and above.by is not None and not issuer.key else ()
    yield Conclusion(
        sentences=tuple(_obtained_sentences(taint, issuer, before)),
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
    )


def _obtained_sentences(taint: Tainted, issuer: Event, before: tuple[EvidenceId, ...]) -> Iterator[Sentence]:
    """`before` is the record that issued the parent, where the issuing record does not name its key itself."""
    credential = taint.credential
    parent = credential.parent or ""
    through = tuple(dict.fromkeys((*before, *_through(credential, issuer, taint))))
    linked = Linked(parent=parent, child=credential.id, rule=credential.rule or Rule.RESPONSE, through=through)
    handed_out = (Issued(by=issuer.id, key=credential.id),) if issuer.issued_key == credential.id else ()
    yield Sentence(
        f"{parent} obtained {credential.id} of {short(credential.issued_to)} "
        f"through {issuer.action} at {clock(issuer.time)}.",
        (recorded(issuer), *handed_out, linked),
        through,
    )
    if taint.events:
        first, last = taint.events[0], taint.events[-1]
        yield sentence(
            f"{credential.id} was then used {times(len(taint.events))} from {addresses(taint.events)}, "
            f"from {clock(first.time)} to {clock(last.time)}: {listed(event.action for event in taint.events)}.",
            (first,) if first.id == last.id else (first, last),
        )


def _through(credential: Credential, issuer: Event, taint: Tainted) -> tuple[str, ...]:
    """The records that a linking rule needs: the issuing one, and for rules by time the first of the session."""
    first = taint.events[:1] if credential.certainty == "medium" else ()
    return tuple(dict.fromkeys((issuer.id, *(event.id for event in first))))


def _issuer(credential: Credential, matter: Matter) -> Event | None:
    if credential.by is None:
        return None

    return next(iter(matter.store.events(any_of("id", [credential.by]), limit=1)), None)


def cleared_findings(cleared: tuple[Cleared, ...], others: frozenset[str]) -> Iterator[Conclusion]:
    """What speaks for everyday use: networks and calls that the principal has long had.

    `others` are the principals of the intruder and of responders, of whom more is said elsewhere.
    """
    by_principal: dict[str, list[Cleared]] = {}
    for entry in cleared:
        by_principal.setdefault(entry.events[0].principal, []).append(entry)
    for principal, entries in sorted(by_principal.items()):
        if principal in others or not all(entry.everyday for entry in entries):
            continue
        usual = entries[0].usual
        events = in_order(event for entry in entries for event in entry.events)
        known = sum(usual.does(event) for event in events)
        yield Conclusion(
            sentences=(
                sentence(
                    f"{short(principal)} used only networks that it used in the {usual.days} days of history "
                    f"before ({addresses(events)}); {known} of its {len(events)} calls were of kinds it made then too.",
                    _ends(events),
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
        )


def _ends(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return events if len(events) == 1 else (events[0], events[-1])
