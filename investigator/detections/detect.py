"""From rules to hits: one for each rule, principal, account and outcome, with the id of every event."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from investigator.detections.burst import Burst, bursting
from investigator.detections.bursts import BURSTS
from investigator.detections.fields import literal
from investigator.detections.loader import Rules
from investigator.detections.pipeline import weight
from investigator.detections.rule import Rule
from investigator.detections.sequences import SEQUENCES, Sequence
from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.ids import EvidenceId
from investigator.domain.words import Done, Severity
from investigator.ports.store import RuleRunner

_ONE_OF_EACH_NAME = "id IN (SELECT min(id) FROM events GROUP BY name)"
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Match:
    """One hit while its events are being collected; only their ids and times are kept."""

    level: Severity
    first: datetime | None = None
    last: datetime | None = None
    ids: dict[EvidenceId, None] = field(default_factory=dict[EvidenceId, None])
    done: bool = False

    def add(self, event: Event, level: Severity) -> None:
        self.level = max(self.level, level, key=lambda word: word.number)
        self.ids[event.id] = None
        self.done = self.done or event.succeeded
        if event.time is not None:
            self.first = min(self.first or event.time, event.time)
            self.last = max(self.last or event.time, event.time)


def detect(runner: RuleRunner, rules: Rules) -> tuple[Hit, ...]:
    """Every hit of every rule, burst and sequence, by first time; a hit is not a finding."""
    present = sorted({event.name for event in runner.matching(_ONE_OF_EACH_NAME)})
    found = [hit for rule in rules for hit in hits_of(rule, _matching(rule, runner, present))]
    return in_order([*found, *many_event_hits(runner)] if rules.sequences else found)


def _matching(rule: Rule, runner: RuleRunner, present: list[str]) -> Iterator[Event]:
    """The matches of one rule; the store is asked only for names that it holds, as it spells them."""
    if not rule.names:
        return runner.matching(rule.predicate)
    pattern = re.compile("|".join(sorted(rule.names)), re.IGNORECASE | re.DOTALL)
    spelled = [literal(name) for name in present if pattern.fullmatch(name)]
    return runner.matching(f"name IN ({', '.join(spelled)}) AND ({rule.predicate})") if spelled else iter(())


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
    """The events of one rule as hits; attempts make hits of their own, and the heaviest event gives the level."""
    matches: dict[tuple[str, str, bool], _Match] = {}
    for event in events:
        level = weight(rule, event)
        if level is not None:
            matches.setdefault((event.principal, event.account, event.succeeded), _Match(level)).add(event, level)
    for (principal, account, _), match in matches.items():
        yield _hit(rule, match, principal, account)


def _told(of: Burst | Sequence, events: Iterable[Event]) -> Iterator[Hit]:
    """One hit for each principal and account; it counts as done when any of its calls succeeded."""
    matches: dict[tuple[str, str], _Match] = {}
    for event in events:
        matches.setdefault((event.principal, event.account), _Match(of.level)).add(event, of.level)
    for (principal, account), match in matches.items():
        yield _hit(of, match, principal, account)


def _hit(of: Rule | Burst | Sequence, match: _Match, principal: str, account: str) -> Hit:
    return Hit(
        rule_id=of.id,
        title=of.title,
        level=match.level,
        tactic=of.tactic,
        techniques=of.techniques,
        principal=principal,
        account=account,
        first=match.first,
        last=match.last,
        count=len(match.ids),
        event_ids=tuple(match.ids),
        harmful=isinstance(of, Rule) and of.harmful and match.done,
        name=of.name,
        outcome=Done.DONE if match.done else Done.TRIED,
    )
