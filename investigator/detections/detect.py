"""From rules to hits: one for each rule, principal, account and outcome, with the id of every event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from investigator.detections.burst import Burst, bursting
from investigator.detections.bursts import BURSTS
from investigator.detections.loader import Rules
from investigator.detections.pipeline import weight
from investigator.detections.rule import Rule
from investigator.detections.sequences import SEQUENCES, Sequence
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
    """Every hit of every rule, burst and sequence, by first time; a hit is not a finding."""
    found = [hit for rule in rules for hit in hits_of(rule, runner.matching(rule.predicate))]
    return in_order([*found, *many_event_hits(runner)] if rules.sequences else found)


def many_event_hits(runner: RuleRunner) -> Iterator[Hit]:
    """The hits of rules that look at many events together."""
    for burst in BURSTS:
        yield from _told(burst, bursting(burst, runner.matching(burst.predicate)))
    for sequence in SEQUENCES:
        yield from _told(sequence, sequence.find(runner))


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
        yield _hit(rule, match, (principal, account), succeeded=succeeded)


def _told(of: Burst | Sequence, events: Iterable[Event]) -> Iterator[Hit]:
    """One hit for each principal and account; it counts as done when any of its calls succeeded."""
    matches: dict[tuple[str, str], dict[EvidenceId, Event]] = {}
    for event in events:
        matches.setdefault((event.principal, event.account), {})[event.id] = event
    for who, found in matches.items():
        match = _Match(of.level, [event.time for event in found.values() if event.time], list(found))
        yield _hit(of, match, who, succeeded=any(event.succeeded for event in found.values()))


def _hit(of: Rule | Burst | Sequence, match: _Match, who: tuple[str, str], *, succeeded: bool) -> Hit:
    return Hit(
        rule_id=of.id,
        title=of.title,
        level=match.level,
        tactic=of.tactic,
        techniques=of.techniques,
        principal=who[0],
        account=who[1],
        first=min(match.times, default=None),
        last=max(match.times, default=None),
        count=len(match.ids),
        event_ids=tuple(match.ids),
        harmful=isinstance(of, Rule) and of.harmful and succeeded,
        name=of.name,
        outcome=Done.DONE if succeeded else Done.TRIED,
    )
