"""From rules to hits: one for each rule, principal, account and outcome, with the id of every event."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from investigator.detections.loader import Rules
from investigator.detections.pipeline import weight
from investigator.detections.rule import Rule
from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.ids import EvidenceId
from investigator.domain.words import Done, Severity
from investigator.ports.store import RuleRunner

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Match:
    """The events of one hit while they are being collected."""

    level: Severity
    times: list[datetime] = field(default_factory=list[datetime])
    ids: list[EvidenceId] = field(default_factory=list[EvidenceId])


def detect(runner: RuleRunner, rules: Rules) -> tuple[Hit, ...]:
    """Every hit of every rule, by first time; a hit is not a finding."""
    found = [hit for rule in rules for hit in hits_of(rule, runner.matching(rule.predicate))]
    return in_order(found)


def in_order(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Hits by first time, rule, account, principal and outcome; undated ones last."""
    return tuple(sorted(hits, key=lambda hit: (hit.first or _LAST, hit.name, hit.account, hit.principal, hit.outcome)))


def hits_of(rule: Rule, events: Iterable[Event]) -> Iterator[Hit]:
    """The events of one rule as hits; the heaviest event gives the level."""
    matches: dict[tuple[str, str, bool], _Match] = {}
    for event in events:
        level = weight(rule, event)
        if level is None:
            continue
        match = matches.setdefault((event.principal, event.account, event.succeeded), _Match(level))
        match.level = max(match.level, level, key=lambda word: word.number)
        match.ids.append(event.id)
        if event.time:
            match.times.append(event.time)
    for (principal, account, succeeded), match in matches.items():
        yield _hit(rule, match, (principal, account), succeeded)


def _hit(rule: Rule, match: _Match, who: Sequence[str], succeeded: bool) -> Hit:
    return Hit(
        rule_id=rule.id,
        title=rule.title,
        level=match.level,
        tactic=rule.tactic,
        techniques=rule.techniques,
        principal=who[0],
        account=who[1],
        first=min(match.times, default=None),
        last=max(match.times, default=None),
        count=len(match.ids),
        event_ids=tuple(match.ids),
        harmful=rule.harmful and succeeded,
        name=rule.name,
        outcome=Done.DONE if succeeded else Done.TRIED,
    )
