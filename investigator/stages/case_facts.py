"""What a case knows, as values for the inputs of tools: the answers, and what follows from them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from investigator.domain.alert import Alert
from investigator.domain.entities_in_text import address_entity
from investigator.domain.entity import EntityRef
from investigator.domain.facts import SLOTS
from investigator.domain.question import Answer
from investigator.domain.slots import UNKNOWN, values_of
from investigator.domain.times import Window, parse_instant, to_text
from investigator.domain.words import EntityKind
from investigator.stages.words.times_in_text import times_in

Values = Mapping[str, tuple[str, ...]]
"""Fact name to the values that are known, in order."""

BEFORE_ALERT = timedelta(hours=24)
BEFORE_LEAVING = timedelta(days=30)
BEFORE_NOW = timedelta(days=14)
_RESOURCES = ("bucket", "instance", "secret")
_SLOT_OF = {
    EntityKind.ACCESS_KEY: "key",
    EntityKind.PRINCIPAL: "principal",
    EntityKind.SESSION: "principal",
    EntityKind.INSTANCE: "instance",
    EntityKind.BUCKET: "bucket",
    EntityKind.IP: "ip",
    EntityKind.NETWORK: "ip",
    EntityKind.SECRET: "secret",
}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What clarifying settled, and the alerts that opened the case."""

    answers: tuple[Answer, ...]
    alerts: tuple[Alert, ...] = ()

    def told(self, slot: str) -> tuple[str, ...]:
        """The valid values of a slot; none for a default, an unknown or an answer that could not be used."""
        return tuple(
            value
            for answer in self.answers
            if answer.slot == slot and answer.source != "default"
            for value in valid_values(slot, answer.value)
        )

    @property
    def known(self) -> Values:
        """Every fact that the answers give, and what follows from them."""
        told = {slot: self.told(slot) for slot in dict.fromkeys(answer.slot for answer in self.answers)}
        return with_derived({slot: values for slot, values in told.items() if values})

    def window(self, as_of: datetime) -> Window:
        """From the start, told or by default, to `as_of` and its second."""
        told = [parse_instant(value) for value in self.told("start")]
        starts = [start for start in told if start <= as_of]
        start = min(starts) if starts else default_start(self.answers, self.alerts, as_of)
        return Window(start=start, end=as_of + timedelta(seconds=1))


def default_start(answers: Sequence[Answer], alerts: Sequence[Alert], as_of: datetime) -> datetime:
    """The exposure, else 30 days before access ended, else 24 hours before the first alert, else 14 days ago (9.4)."""
    facts = CaseFacts(tuple(answers))
    exposed = [time.moment for text in facts.told("exposure") for time in times_in(text, as_of)]
    left = [parse_instant(text) - BEFORE_LEAVING for text in facts.told("left_at")]
    alerted = [alert.first - BEFORE_ALERT for alert in alerts if alert.first]
    for starts in (exposed, left, alerted):
        if past := [start for start in starts if start <= as_of]:
            return min(past)
    return as_of - BEFORE_NOW


def valid_values(slot: str, text: str) -> Iterator[str]:
    """The values of an answer that its slot accepts, normalised; what is only text stays out."""
    for value in () if text == UNKNOWN else values_of(text):
        try:
            yield SLOTS[slot].check(value)
        except (KeyError, ValueError):
            continue


def facts_of(entity: EntityRef) -> Values:
    """The facts that an entity brings when it becomes a lead."""
    slot = _SLOT_OF.get(entity.kind)
    if slot is None:
        return {"resource": (entity.value,)}
    derived = with_derived({slot: (entity.value,)})
    return {name: values for name, values in derived.items() if entity.kind is not EntityKind.SESSION or name != slot}


def with_derived(told: Values) -> Values:
    """The values with users, roles, sessions and resources that follow from principals, persons and things."""
    facts = {slot: list(values) for slot, values in told.items()}
    for name in (*told.get("principal", ()), *told.get("person", ())):
        for fact, value in _of_principal(name):
            facts.setdefault(fact, []).append(value)
    facts.setdefault("session", []).extend(told.get("instance", ()))
    facts.setdefault("resource", []).extend(value for slot in _RESOURCES for value in told.get(slot, ()))
    facts["principal"] = [*told.get("principal", ()), *told.get("person", ())]
    facts["ip"] = [entity.value for value in told.get("ip", ()) if (entity := address_entity(value))]
    return {name: tuple(dict.fromkeys(values)) for name, values in facts.items() if values}


def _of_principal(name: str) -> Iterator[tuple[str, str]]:
    resource = name.split(":", 5)[-1] if name.startswith("arn:") else name
    kind, _, rest = resource.partition("/")
    if name.startswith("arn:"):
        yield from _OF_ARN.get(kind, _nothing)(rest)
    elif name.lower().endswith("role"):
        yield "role", name
    else:
        yield "user", name
        yield "session", name


def _nothing(_: str) -> tuple[tuple[str, str], ...]:
    return ()


def _user(path: str) -> tuple[tuple[str, str], ...]:
    return (("user", path.rpartition("/")[2]),)


def _role(path: str) -> tuple[tuple[str, str], ...]:
    return (("role", path.rpartition("/")[2]),)


def _session(path: str) -> tuple[tuple[str, str], ...]:
    role, _, session = path.partition("/")
    return (("role", role), ("session", session))


_OF_ARN: Mapping[str, Callable[[str], tuple[tuple[str, str], ...]]] = {
    "user": _user,
    "role": _role,
    "assumed-role": _session,
}


def window_text(window: Window) -> str:
    """A window as a step's input holds it: `start/end`."""
    return f"{to_text(window.start)}/{to_text(window.end)}"


def parse_window(text: str) -> Window:
    """The inverse of `window_text`; raises ValueError."""
    start, _, end = text.partition("/")
    return Window(start=parse_instant(start), end=parse_instant(end))
