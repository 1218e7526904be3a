"""From rules to hits: one for each rule, principal, account and outcome, with the id of every event."""

import gc
import re
from collections.abc import Collection, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from investigator.detections.bursts import BURSTS
from investigator.detections.detection import Detection
from investigator.detections.loader import Rules
from investigator.detections.matches import BY, Matches, matches_of, weight
from investigator.detections.own import without_own
from investigator.detections.rule import Rule
from investigator.detections.sequences import SEQUENCES, Lookout, Sequence
from investigator.domain.event import Event, Tally
from investigator.domain.expression import Sought
from investigator.domain.hit import Hit, by_time
from investigator.domain.ids import EvidenceId
from investigator.domain.search import Search
from investigator.domain.words import Done, Severity
from investigator.ports.store import Evidence

THINGS = {burst.name: burst.measures[0].least for burst in BURSTS}
"""How many things a burst takes at least."""


@dataclass(slots=True)
class _Match:
    """One hit while its events are being collected; only their ids and times are kept."""

    level: Severity
    first: datetime | None = None
    last: datetime | None = None
    found: list[tuple[EvidenceId, ...]] = field(default_factory=list[tuple[EvidenceId, ...]])
    done: bool = False

    @property
    def ids(self) -> tuple[EvidenceId, ...]:
        """Of all events, each once."""
        return self.found[0] if len(self.found) == 1 else tuple(dict.fromkeys(chain.from_iterable(self.found)))

    def add(self, ids: tuple[EvidenceId, ...], level: Severity, *, done: bool) -> None:
        self.level = max(self.level, level, key=lambda word: word.number)
        self.found.append(ids)
        self.done = self.done or done

    def span(self, *moments: datetime | None) -> None:
        """Take the times of the events in."""
        known = [moment for moment in (self.first, self.last, *moments) if moment is not None]
        if known:
            self.first, self.last = min(known), max(known)


@contextmanager
def _uncollected() -> Generator[None]:
    """Without a look for cycles in memory: there are none among millions of ids and numbers."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_uncollected()
def detect(runner: Evidence, rules: Rules) -> tuple[Hit, ...]:
    """Every hit of every rule, burst and sequence, by first time; a hit is not a finding.

    What looks at many events together is found beside the rules, by a second thread.
    """
    present = _Names([name for (name,) in runner.distinct(Search(), "name")])
    seeking = [(rule, sought) for rule in rules if (sought := _sought(rule, present))]
    matches = runner.matches([sought for _, sought in seeking], BY)
    with ThreadPoolExecutor(1) as beside:
        many = beside.submit(lambda: list(many_event_hits(runner)) if rules.sequences else [])
        found = [hit for (rule, _), tallies in zip(seeking, matches, strict=True) for hit in hits_of(rule, tallies)]
        hits = [*found, *_correlated(runner, rules), *many.result()]
    return in_order(without_own(hits, THINGS, runner) if rules.sequences else hits)


class _Names:
    """The event names that the store holds, as it spells them."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._plain: dict[str, list[str]] = {}
        for name in names:
            self._plain.setdefault(re.escape(name).lower(), []).append(name)

    def fitting(self, patterns: Collection[str]) -> tuple[str, ...]:
        """Those that one of some patterns fits, whatever the case."""
        open_ = [pattern for pattern in patterns if ".*" in pattern]
        found = {name for pattern in patterns for name in self._plain.get(pattern.lower(), ())}
        if open_:
            any_of_them = re.compile("|".join(open_), re.IGNORECASE | re.DOTALL)
            found.update(filter(any_of_them.fullmatch, self._names))
        return tuple(sorted(found))


def _sought(rule: Rule, present: _Names) -> Sought | None:
    """What a rule seeks: only names that the store holds, as it spells them; None when there are none."""
    names = present.fitting(rule.names) if rule.names else None
    return None if names == () else Sought(names, rule.clauses, rule.sketch, rule.predicate, rule.traces)


def many_event_hits(runner: Evidence) -> Iterator[Hit]:
    """The hits of rules that look at many events together."""
    for burst in BURSTS:
        yield from of_crowd(burst, runner.crowded(burst.crowd, BY))
    for one in SEQUENCES:
        if isinstance(one, Lookout):
            yield from of_crowd(one, one.found(runner, BY))
        else:
            yield from _of_sequence(one, one.find(runner))


def _correlated(runner: Evidence, rules: Rules) -> Iterator[Hit]:
    by = [expression.sql for expression in BY]
    for correlation in rules.correlations:
        yield from of_crowd(correlation, runner.tallies(correlation.rows, by))


def in_order(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Hits by first time, rule, account, principal and outcome; undated ones last."""
    return tuple(sorted(hits, key=by_time))


def hits_of(rule: Rule, found: Iterable[Tally]) -> Iterator[Hit]:
    """The matches of one rule as hits; attempts make hits of their own, and the heaviest event gives the level."""
    hits: dict[tuple[str, str, bool], _Match] = {}
    for match in map(matches_of, found):
        level = weight(rule, match)
        if level is not None:
            hit = hits.setdefault((match.principal, match.account, match.succeeded), _Match(level))
            _take(hit, match, level)
    for (principal, account, _), hit in hits.items():
        yield _hit(rule, hit, principal, account)


def of_crowd(many: Detection, found: Iterable[Tally]) -> Iterator[Hit]:
    """One hit for each principal and account; it counts as done when any of its calls succeeded."""
    hits: dict[tuple[str, str], _Match] = {}
    for match in map(matches_of, found):
        _take(hits.setdefault((match.principal, match.account), _Match(many.level)), match, many.level)
    for (principal, account), hit in hits.items():
        yield _hit(many, hit, principal, account)


def _take(hit: _Match, match: Matches, level: Severity) -> None:
    hit.add(match.tally.ids, level, done=match.succeeded)
    hit.span(match.tally.first, match.tally.last)


def _of_sequence(sequence: Sequence, events: Iterable[Event]) -> Iterator[Hit]:
    """One hit for each principal and account, as for a burst."""
    hits: dict[tuple[str, str], _Match] = {}
    for event in events:
        hit = hits.setdefault((event.principal, event.account), _Match(sequence.level))
        hit.add((event.id,), sequence.level, done=event.succeeded)
        hit.span(event.time)
    for (principal, account), hit in hits.items():
        yield _hit(sequence, hit, principal, account)


def _hit(of: Detection, match: _Match, principal: str, account: str) -> Hit:
    ids = match.ids
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
        count=len(ids),
        event_ids=ids,
        harmful=isinstance(of, Rule) and of.harmful and match.done,
        name=of.name,
        outcome=Done.DONE if match.done else Done.TRIED,
    )
