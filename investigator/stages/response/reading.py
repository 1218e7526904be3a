"""Values for actions, read from the records of the calls whose effect they undo."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Literal

from pydantic import JsonValue

from investigator.domain.event import Event
from investigator.domain.paths import first_text, select, texts

Values = Mapping[str, str]
Read = Callable[[Event], Iterator[Values]]
"""The values of each action that one call needs; the first one names what the action is on."""


def at(**paths: str) -> Read:
    """Values at paths of `request` or `response`; where one holds several texts, one action for each."""

    def read(event: Event) -> Iterator[Values]:
        record: JsonValue = {"request": event.request, "response": event.response}
        for row in product(*(dict.fromkeys(texts(record, path)) for path in paths.values())):
            if all(row):
                yield dict(zip(paths, row, strict=True))

    return read


def opened(family: Literal["4", "6"], *, whole: bool = False) -> Read:
    """The rules that a call added to a security group, for one family of addresses: those of a port, or of all."""
    outer, inner = ("ipRanges", "cidrIp") if family == "4" else ("ipv6Ranges", "cidrIpv6")

    def read(event: Event) -> Iterator[Values]:
        for group, rule in product(texts(event.request, "groupId"), _rules(event)):
            if (first_text(rule, "ipProtocol") == "-1") is not whole:
                continue
            for network in (*texts(rule, f"{outer}.items.{inner}"), *texts(rule, inner)):
                yield {"group": group, **({} if whole else _ports(rule, family)), "network": network}

    return read


def _rules(event: Event) -> Iterator[JsonValue]:
    """The rules of a request; an older form has the only one in the request itself."""
    for item in (*select(event.request, "ipPermissions.items"), event.request):
        yield from _each(item)


def _ports(rule: JsonValue, family: str) -> Values:
    """Protocol and ports as the AWS CLI takes them: in one option for IPv4, in a structure for IPv6."""
    protocol, start, end = (first_text(rule, path) for path in ("ipProtocol", "fromPort", "toPort"))
    if family == "6":
        return {"protocol": protocol, "from": start, "to": end}
    return {"protocol": protocol, "port": start if start == end else f"{start}-{end}"}


def rule_ids(event: Event, network: str) -> frozenset[str]:
    """The ids that AWS gave the rules for a network; they may be revoked by them, as the console does."""
    given = (item for found in select(event.response, "securityGroupRuleSet.items") for item in _each(found))
    return frozenset(
        first_text(rule, "securityGroupRuleId")
        for rule in given
        if network in (first_text(rule, "cidrIpv4"), first_text(rule, "cidrIpv6"))
    )


def _each(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]


def says(path: str, *values: str) -> Callable[[Event], bool]:
    """Whether the request holds one of these texts there, in any case of letters."""
    wanted = {value.lower() for value in values}
    return lambda event: any(text.lower() in wanted for text in texts(event.request, path))


def has(path: str) -> Callable[[Event], bool]:
    """Whether the request says anything there."""
    return lambda event: bool(texts(event.request, path))


def certificate(event: Event) -> Iterator[Values]:
    """A certificate of a private authority: its ARN begins with that of the authority."""
    for arn in texts(event.response, "certificateArn"):
        yield {"certificate": arn, "authority": arn.partition("/certificate/")[0]}
