"""The matter before the assessor: everything that earlier stages learnt, with the evidence to look into."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from investigator.domain.alert import Alert
from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.measure import Measure
from investigator.domain.question import Answer
from investigator.domain.stage_results import Gathered, Intake, Linked
from investigator.domain.state import State
from investigator.domain.times import Window
from investigator.domain.words import Scenario
from investigator.ports.store import Snapshot
from investigator.stages.case_facts import CaseFacts


@dataclass(frozen=True, slots=True)
class Matter:
    """One case at the time of judgement; nothing in it changes."""

    store: Snapshot
    window: Window
    as_of: datetime
    answers: Mapping[str, Answer]
    intake: Intake
    gathered: Gathered = field(default_factory=Gathered)
    linked: Linked = field(default_factory=Linked)
    hits: tuple[Hit, ...] = ()
    own_requests: frozenset[str] = frozenset()
    """Request ids of our own calls; their records are our own activity."""
    responders: tuple[str, ...] = ()
    """Names or ARNs of responders that the operator configured."""
    resting: tuple[Hit, ...] = ()
    """Hits of which nothing is made, because the operator configured so."""

    def told(self, slot: str) -> tuple[str, ...]:
        """The values of a slot that somebody or something told us; defaults are not told."""
        return CaseFacts(tuple(self.answers.values())).told(slot)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        return self.intake.scenarios

    @property
    def alerts(self) -> tuple[Alert, ...]:
        gathered = (seen for seen in self.gathered.observations if isinstance(seen, Alert))
        every = sorted((*self.intake.alerts, *gathered), key=lambda alert: len(alert.id))
        return tuple({alert.id.rpartition("/")[2].removeprefix("alert:"): alert for alert in reversed(every)}.values())

    @property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(seen for seen in self.gathered.observations if isinstance(seen, Measure))

    def states(self, kind: str) -> Iterator[State]:
        """The states of one kind, in the order they were gathered."""
        return (seen for seen in self.gathered.observations if isinstance(seen, State) and seen.kind == kind)

    def credential(self, key: str) -> Credential | None:
        return next((credential for credential in self.linked.credentials if credential.id == key), None)


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Each event once, by (time, account, Region, id); undated ones last."""
    return tuple(sorted({event.id: event for event in events}.values(), key=moment))


def moment(event: Event) -> tuple[bool, str, str, str, str]:
    """The order of events: equal seconds by account, Region and id."""
    stamp = event.time.isoformat() if event.time else ""
    return (event.time is None, stamp, event.account, event.region, event.id)
