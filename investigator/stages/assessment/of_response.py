"""Findings about the response: what defenders did, so that it is neither accused nor proposed again."""

from collections.abc import Iterator

from investigator.domain.alert import Alert
from investigator.domain.alerts.parts import moment_of
from investigator.domain.claim import StateIs
from investigator.domain.paths import texts
from investigator.domain.words import Confidence, Severity, Tactic
from investigator.stages.assessment.conclusion import Conclusion, Sentence, exemplars, ids_of, sentence
from investigator.stages.assessment.responders import Responder
from investigator.stages.assessment.taint import Trace
from investigator.stages.assessment.wording import call, clock, short, some, times
from investigator.stages.matter import Matter

MOST_CALLS, MOST_ENTITIES = 8, 4
"""Names that one sentence gives; each stands in a record or answer that it cites."""


def response_findings(responders: tuple[Responder, ...]) -> Iterator[Conclusion]:
    """One finding for each responder."""
    for responder in responders:
        events = responder.events
        yield Conclusion(
            sentences=(
                sentence(
                    f"{short(responder.principal)} responded from {clock(events[0].time)}: "
                    f"{some(map(call, events), MOST_CALLS)}.",
                    exemplars(events, (call, MOST_CALLS)),
                ),
            ),
            when=events[0].time,
            tactic=Tactic.RESPONSE,
            severity=Severity.INFORMATIONAL,
            entities=(responder.principal,),
            evidence=ids_of(events),
            hostile=False,
            headline=6,
        )


def alert_findings(matter: Matter, trace: Trace) -> Iterator[Conclusion]:
    """One finding for each alert that speaks of the case: what the detector said, checked against its answer."""
    hostile = _hostile_values(trace)
    for alert in matter.alerts:
        about = tuple(entity.value for entity in alert.entities)
        if not alert.type_at or (hostile and hostile.isdisjoint(about) and alert not in matter.intake.alerts):
            continue
        yield Conclusion(
            sentences=(_said(alert),),
            when=alert.first or alert.last,
            tactic=alert.tactic,
            techniques=alert.techniques,
            severity=alert.severity,
            confidence=Confidence.MEDIUM,
            entities=about,
            evidence=(alert.answer or alert.id,),
            hostile=not hostile.isdisjoint(about),
            headline=4 if not hostile.isdisjoint(about) else 0,
        )


def _hostile_values(trace: Trace) -> frozenset[str]:
    values = {taint.credential.id for taint in trace.tainted}
    for event in trace.events:
        values |= {event.principal, event.arn, event.user, event.ip, event.session}
        if event.name == "RunInstances":
            values |= set(texts(event.response, "instancesSet.items.instanceId"))
    return frozenset(values - {""})


def _said(alert: Alert) -> Sentence:
    """What the detector said, as far as it stands in its own words in what it sent."""
    answer = alert.answer or alert.id
    said = {text for _, text in alert.said_at}
    about = [entity.value for entity in alert.entities if entity.value in said]
    entities = f" on {some(about, MOST_ENTITIES)}" if about else ""
    moment = alert.first or alert.last
    dated = any(moment_of({"at": text}, "at") == moment for text in said)
    at = f" at {clock(moment)}" if moment and dated else ""
    again = f", {times(alert.count)}" if alert.count > 1 and str(alert.count) in said else ""
    return Sentence(
        f"{alert.detector} reported {alert.type}{entities}{at}{again}.",
        tuple(StateIs(answer=answer, path=path, value=text) for path, text in (*alert.type_at, *alert.said_at)),
        (answer,),
    )
