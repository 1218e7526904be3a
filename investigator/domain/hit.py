"""Hit: events that one detection rule matched. A hit is not a finding."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import SkipValidation

from investigator.domain.ids import EvidenceId
from investigator.domain.times import Instant
from investigator.domain.value import Value
from investigator.domain.words import Done, Severity, Tactic

_LAST = datetime.max.replace(tzinfo=UTC)


class Hit(Value):
    """All matches of one rule by one principal in one account; every matching event's id is listed."""

    rule_id: str
    """The row of our rule catalogue, such as C02; else the Sigma name or id."""
    title: str
    level: Severity
    tactic: Tactic
    techniques: tuple[str, ...]
    principal: str
    account: str
    first: Instant | None
    last: Instant | None
    count: int
    event_ids: SkipValidation[tuple[EvidenceId, ...]]
    """As the evidence store gives them; there may be a million."""
    harmful: bool = False
    """The effect is harmful whoever did it: logging stopped, public access opened, share with an outside account."""
    name: str = ""
    """The name of the rule or sequence, as playbooks say it: `access-key-for-another-user`."""
    outcome: Done = Done.DONE
    """`tried` for a hit made of denied and failed calls."""

    def part(self, events: Mapping[EvidenceId, datetime | None], level: Severity) -> "Hit":
        """Some of the events, with their times, as a hit of this level."""
        times = [time for time in events.values() if time]
        span = (min(times, default=None), max(times, default=None))
        return self.model_copy(
            update={"event_ids": tuple(events), "count": len(events), "level": level, "first": span[0], "last": span[1]}
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A hit on a page, with the hits that hold nothing but some of its events."""

    hit: Hit
    also: tuple[Hit, ...] = ()


def lines(hits: Iterable[Hit]) -> list[Line]:
    """The hits in their order, without lines of their own for rules that tell of the same events again.

    A hit is never folded under one of a lower level, and under one of another tactic only when it is about just the
    same events.
    """
    folded: list[list[Hit]] = []
    heads: list[tuple[Hit, frozenset[EvidenceId]]] = []
    of_event: dict[EvidenceId, list[int]] = defaultdict(list)
    for hit in hits:
        events = frozenset(hit.event_ids)
        places = of_event[hit.event_ids[0]] if hit.event_ids else []
        head = next((place for place in places if _tells(*heads[place], hit, events)), None)
        if head is not None:
            folded[head].append(hit)
            continue
        for id_ in hit.event_ids:
            of_event[id_].append(len(heads))
        heads.append((hit, events))
        folded.append([])
    return [Line(hit, tuple(also)) for (hit, _), also in zip(heads, folded, strict=True)]


def _tells(head: Hit, all_events: frozenset[EvidenceId], hit: Hit, events: frozenset[EvidenceId]) -> bool:
    """Whether a line of the head tells what the hit does."""
    alike = events <= all_events if head.tactic is hit.tactic else events == all_events
    return alike and head.level.number >= hit.level.number


def by_time(hit: Hit) -> tuple[datetime, str, str, str, str]:
    """The order of hits: by first time, rule, account, principal and outcome; undated ones last."""
    return (hit.first or _LAST, hit.name, hit.account, hit.principal, hit.outcome)
