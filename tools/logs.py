"""Questions to the log files in the evidence store: who did what, with which credential, from where, on what."""

import ipaddress
import re
from collections.abc import Iterator
from datetime import timedelta

from investigator.domain.gap import Gap
from investigator.domain.observation import Observation
from investigator.domain.search import Operator, Search, Term, any_of, equals, search, where
from investigator.domain.times import Window
from investigator.domain.words import Outcome
from investigator.ports.store import Store
from investigator.ports.tool import tool

from ._inputs import AddressUse, KeyUse, NamedCalls, OneKey, PrincipalUse, ResourceUse, SessionUse, Within

BEFORE = timedelta(days=30)
"""How much history before the window tells what is usual."""
SIGN_INS = (
    "ConsoleLogin",
    "SwitchRole",
    "GetSigninToken",
    "CredentialVerification",
    "UserAuthentication",
    "Authenticate",
)
_READS = Term(
    field="name", op=Operator.MATCHES, values=("^(Describe|List|Get|Head|Lookup|Search|BatchGet)",), negated=True
)
_DATED = re.compile(r"(.+?)(?:\d{8}(?:v\d+)?|\d{4}_\d{2}_\d{2})")


@tool("Which API calls were made with this access key?")
def calls_by_key(inputs: KeyUse, store: Store) -> Iterator[Observation]:
    yield _group(where(key=inputs.key), inputs.window, store)


@tool("Which API calls did this user or role make?")
def calls_by_principal(inputs: PrincipalUse, store: Store) -> Iterator[Observation]:
    yield _group(search(_by(inputs.principal)), inputs.window, store)


@tool("Which API calls were made in role sessions of this name?")
def calls_by_session(inputs: SessionUse, store: Store) -> Iterator[Observation]:
    yield _group(where(session=inputs.session), inputs.window, store)


@tool("Which API calls came from this address or network?")
def calls_by_address(inputs: AddressUse, store: Store) -> Iterator[Observation]:
    term = _from(inputs.ip)
    if term is None:
        yield _no_such_network(inputs.ip)
    else:
        yield _group(search(term), inputs.window, store)


@tool("Which API calls name this resource?")
def calls_on_resource(inputs: ResourceUse, store: Store) -> Iterator[Observation]:
    word = Term(field="", op=Operator.WORD, values=(inputs.resource,))
    yield _group(search(word), inputs.window, store)


@tool("Who made this API call, and how often?")
def calls_by_name(inputs: NamedCalls, store: Store) -> Iterator[Observation]:
    dated = _DATED.fullmatch(inputs.event_name)
    yield _group(where(name=dated[1] if dated else inputs.event_name), inputs.window, store)


@tool("What did this user or role make, change or share?")
def changes_by_principal(inputs: PrincipalUse, store: Store) -> Iterator[Observation]:
    """Two groups: records that say they are no reads, and records that say nothing and are not named like reads."""
    done = search(_by(inputs.principal), equals("outcome", Outcome.SUCCESS))
    yield _group(done.also(equals("read_only", "false")), inputs.window, store)
    yield _group(done.also(equals("read_only", "null"), _READS), inputs.window, store)


@tool("Who signed in to the console, switched roles, or turned keys into a console session?")
def sign_ins(inputs: Within, store: Store) -> Iterator[Observation]:
    yield _group(any_of("name", SIGN_INS), inputs.window, store)


@tool("Which API calls of this access key were denied?")
def denied_calls(inputs: KeyUse, store: Store) -> Iterator[Observation]:
    yield _group(where(key=inputs.key, outcome=Outcome.DENIED), inputs.window, store)


@tool("When was this access key first and last used?")
def first_and_last_use(inputs: OneKey, store: Store) -> Iterator[Observation]:
    yield store.group(where(key=inputs.key))


@tool("How did this user or role work in the 30 days before?")
def baseline(inputs: PrincipalUse, store: Store) -> Iterator[Observation]:
    yield _group(
        search(_by(inputs.principal)), Window(start=inputs.window.start - BEFORE, end=inputs.window.start), store
    )


def _group(wanted: Search, window: Window, store: Store) -> Observation:
    return store.group(wanted.within(window.start, window.end))


def _by(principal: str) -> Term:
    """A principal by its ARN, a role session by its own, or a user or role by its bare name."""
    if ":assumed-role/" in principal:
        return equals("arn", principal)
    if principal.startswith("arn:") or ("." in principal and principal.endswith(".amazonaws.com")):
        return equals("principal", principal)
    if principal == "root":
        return Term(field="principal", op=Operator.MATCHES, values=(":root$",))
    pattern = f":(user|role)/(.*/)?{re.escape(principal)}$"
    return Term(field="principal", op=Operator.MATCHES, values=(pattern,))


def _from(address: str) -> Term | None:
    """One address exactly; a network by the textual form of its addresses; None where text cannot tell it."""
    if "/" not in address:
        return equals("ip", address)
    network = ipaddress.ip_network(address, strict=False)
    if network.num_addresses == 1:
        return equals("ip", str(network.network_address))
    if isinstance(network, ipaddress.IPv6Network):
        return None
    return Term(field="ip", op=Operator.MATCHES, values=(_pattern(network),))


def _pattern(network: ipaddress.IPv4Network) -> str:
    """A regular expression for the addresses of an IPv4 network."""
    fixed, rest = divmod(network.prefixlen, 8)
    octets = str(network.network_address).split(".")
    parts = octets[:fixed]
    if rest:
        first = int(octets[fixed])
        parts.append("(" + "|".join(str(octet) for octet in range(first, first + 2 ** (8 - rest))) + ")")
    parts += [r"\d+"] * (4 - len(parts))
    return "^" + r"\.".join(parts) + "$"


def _no_such_network(address: str) -> Gap:
    return Gap.of(
        what=f"API calls from {address}",
        why="an IPv6 network cannot be told by the text of its addresses",
        effect="calls from it are not listed here",
        close="ask for its single addresses",
    )
