"""What people told us, as the assessor weighs it: their networks, a session they disown, a rotation, growth, data."""

import ipaddress
import re
from collections.abc import Iterator
from datetime import datetime

from investigator.domain.entities_in_text import address_entity
from investigator.domain.times import parse_instant
from investigator.domain.words import Scenario, Severity
from investigator.stages.assessment.usual import network_of
from investigator.stages.matter import Matter
from investigator.stages.words.times_in_text import times_in

_BY = re.compile(r"\bby\s+([\w+=.@:/-]*\w)", re.IGNORECASE)
_EXPECTED = re.compile(r"^yes\b|\b(?:expected|planned|announced)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|not|never|unexpected|unplanned)\b|n't\b", re.IGNORECASE)
_NOTHING = re.compile(r"^\W*(?:no|none|not|nothing|never|unknown|nope|n/a)\b|^\W*$", re.IGNORECASE)
_HARMLESS = re.compile(r"^(?:no|none|public|neither)\b", re.IGNORECASE)


def known_networks(matter: Matter) -> tuple[str, ...]:
    """The networks that somebody called theirs, or usual for the credential; a single address stands for its /24."""
    usual = (word for text in matter.told("usual") for word in text.split())
    written = (*matter.told("known_ips"), *(entity.value for word in usual if (entity := address_entity(word))))
    return tuple(dict.fromkeys(map(network_of, written)))


def is_in(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an IP address lies in one of the networks."""
    ip = ipaddress.ip_address(address)
    return any(ip in ipaddress.ip_network(network, strict=False) for network in networks)


def is_disowned(matter: Matter) -> bool:
    """Whether the person does not recognise the sign-in or its MFA device: the session was stolen."""
    return matter.told("mfa") == ("no",)


def left_at(matter: Matter) -> datetime | None:
    """When the access of a person who left ended; None in other cases, or when nobody said it."""
    told = matter.told("left_at") if Scenario.TERMINATED_EMPLOYEE in matter.scenarios else ()
    return parse_instant(told[0]) if told else None


def rotated_at(matter: Matter) -> datetime | None:
    """When the key was said to be switched off; None when nobody gave a time."""
    told = (time.moment for text in matter.told("rotated") for time in times_in(text, matter.as_of))
    return min(told, default=None)


def is_exposed(matter: Matter) -> bool:
    """Whether somebody said where the credential stood for others to see."""
    return bool(matter.told("exposure"))


def planned(matter: Matter) -> bool:
    """Whether the user, asked for it, named a change or a test; what stands in a description or a log never counts."""
    answer = matter.answers.get("change")
    return answer is not None and answer.source == "user" and not _NOTHING.match(answer.value)


def growth_was_expected(matter: Matter) -> bool:
    """Whether somebody said that the cost was to grow."""
    told = " ".join(matter.told("cost_normal"))
    return bool(_EXPECTED.search(told)) and not _DENIED.search(told)


def weight_of_data(matter: Matter) -> Severity:
    """How bad it is that objects were read: high unless somebody says more, or that it matters less."""
    told = matter.told("data_class")
    if not told:
        return Severity.HIGH
    return Severity.MEDIUM if all(map(_HARMLESS.match, told)) else Severity.CRITICAL


def named_responders(matter: Matter) -> Iterator[str]:
    """The names of those who were said to have done something: a name alone, the first word, or whoever did it `by`."""
    for text in matter.told("done"):
        yield from dict.fromkeys((text, text.split()[0], *_BY.findall(text)))
    yield from matter.responders
