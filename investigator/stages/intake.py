"""Intake: words or an alert become facts, entities and scenarios; rules decide, nothing is fetched."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from investigator.domain.alert import Alert
from investigator.domain.alerts.reading import alert_text, alerts_in
from investigator.domain.case import OpenCase
from investigator.domain.entities_in_text import entities_in, refanged
from investigator.domain.entity import EntityRef
from investigator.domain.facts import SLOTS
from investigator.domain.question import Answer
from investigator.domain.safe_text import redact
from investigator.domain.stage_results import Intake
from investigator.domain.words import EntityKind, Scenario
from investigator.stages.words.facts_in_text import facts_in
from investigator.stages.words.scenarios import classed

MOST_TITLE = 100
MOST_DESCRIPTION = 8_000
"""The longest description of a security-ir case (specification 9.2)."""
_REDACTED = re.compile(r"\[redacted: ([^,\]]+), \d+\]")
_SLOT_OF = {
    EntityKind.ACCOUNT: "account",
    EntityKind.ACCESS_KEY: "key",
    EntityKind.PRINCIPAL: "principal",
    EntityKind.SESSION: "principal",
    EntityKind.INSTANCE: "instance",
    EntityKind.BUCKET: "bucket",
    EntityKind.IP: "ip",
    EntityKind.SECRET: "secret",
}


def intake(request: OpenCase, as_of: datetime) -> Intake:
    """What the request says; times are read relative to `as_of`. Raises ValueError for an alert of no known form."""
    alerts = alerts_in(request.alert) if request.alert is not None else ()
    worry = redact(request.worry).strip()
    words = worry or redact(alert_text(request.alert))
    entities = tuple(dict.fromkeys((*entities_in(worry), *(ref for alert in alerts for ref in alert.entities))))
    facts = {answer.slot: answer for answer in (*_alerted(alerts), *facts_in(worry, entities_in(worry), as_of))}
    return Intake(
        title=_title(words),
        description=_cut(words),
        scenarios=_scenarios(request, words, entities, alerts),
        entities=entities,
        answers=tuple(facts.values()),
        alerts=alerts,
        notes=tuple(_notes(words)),
    )


def _scenarios(
    request: OpenCase, words: str, entities: Sequence[EntityRef], alerts: Sequence[Alert]
) -> tuple[Scenario, ...]:
    found = classed(refanged(words), entities, alerts)
    if request.playbook in set(Scenario):
        return tuple(dict.fromkeys((Scenario(request.playbook), *found)))
    return found


def _alerted(alerts: Sequence[Alert]) -> Iterator[Answer]:
    values: dict[str, list[str]] = {}
    for alert in alerts:
        values.setdefault("account", []).append(alert.account)
        for entity in alert.entities:
            if slot := _SLOT_OF.get(entity.kind):
                values.setdefault(slot, []).append(entity.value)
    for slot, found in values.items():
        if kept := tuple(dict.fromkeys(value for value in found if _usable(slot, value))):
            yield Answer(slot=slot, value=", ".join(kept), source="alert")


def _usable(slot: str, value: str) -> bool:
    try:
        return bool(SLOTS[slot].check(value))
    except ValueError:
        return False


def _notes(words: str) -> Iterator[str]:
    for kind in dict.fromkeys(match[1] for match in _REDACTED.finditer(words)):
        yield f"A {kind} stood in the text. It was redacted here; treat it as exposed and replace it."


def _title(words: str) -> str:
    first = next((line.strip() for line in words.splitlines() if line.strip()), "Untitled case")
    return first if len(first) <= MOST_TITLE else first[: MOST_TITLE - 1].rstrip() + "…"


def _cut(words: str) -> str:
    """The words, cut at the end of a sentence when they are longer than a case holds."""
    if len(words) <= MOST_DESCRIPTION:
        return words
    kept = words[: MOST_DESCRIPTION - 1]
    sentence = kept.rfind(". ")
    return (kept[: sentence + 1] if sentence > MOST_DESCRIPTION // 2 else kept).rstrip() + "…"
